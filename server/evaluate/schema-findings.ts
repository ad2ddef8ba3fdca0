import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { RuleFinding } from '#contract/rule.ts';
import { nearest } from './nearest.ts';
import type { Path, YamlText } from './yaml-text.ts';

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** What a person should do about an error of the schema, in their words rather than the schema's. */
interface Advice {
  readonly reason: string;
  readonly suggestion: string | null;
  /** The key that is too much, where it is one. */
  readonly key?: string;
}

/** @returns whether the value at `path` of the text has the schema's shape; findings are added to `findings`. */
export function conforms<T extends TSchema>(
  text: YamlText,
  path: Path,
  schema: T,
  value: unknown,
  findings: RuleFinding[],
  rule: string | null = null,
): value is Static<T> {
  if (Value.Check(schema, value)) return true;
  const seen = new Set<string>();
  for (const error of Value.Errors(schema, value) as Iterable<SchemaError>) {
    if (error.keyword === 'boolean') continue;
    // A union says for each of its members why it does not fit; one finding a place is enough.
    if (seen.has(error.instancePath) && error.keyword !== 'additionalProperties') continue;
    seen.add(error.instancePath);
    const at = [...path, ...pointer(error.instancePath)];
    for (const { reason, suggestion, key } of advise(error, schema, value)) {
      findings.push(
        text.finding(key === undefined ? text.place(at) : text.keyPlace(at, key), reason, suggestion, rule),
      );
    }
  }
  return false;
}

function advise(error: SchemaError, schema: TSchema, value: unknown): Advice[] {
  const name = error.instancePath.split('/').at(-1);
  const what = name ? `"${name}"` : 'this';
  const given = pointer(error.instancePath).reduce<unknown>(step, value);
  const local = pointer(error.schemaPath.replace(/^#/, '')).reduce<unknown>(step, schema) as
    | Readonly<Record<string, unknown>>
    | undefined;
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys((local?.properties as object | undefined) ?? {});
      return (error.params.additionalProperties as string[]).map((key) => ({
        reason: `"${key}" is not known here`,
        suggestion: meant(key, known),
        key,
      }));
    }
    case 'required':
      return (error.params.requiredProperties as string[]).map((key) => ({
        reason: `${name ? `${what} needs` : 'needs'} "${key}"`,
        suggestion: `add ${key}: …`,
      }));
    case 'enum':
    case 'const': {
      const allowed = (local?.enum as string[] | undefined) ?? [String(local?.const)];
      return [{ reason: `${what} cannot be ${show(given)}`, suggestion: meant(String(given), allowed) }];
    }
    case 'pattern':
      return [patternAdvice(what, given, String(error.params.pattern))];
    case 'type':
      return [{ reason: `${what} must be ${error.params.type}, not ${show(given)}`, suggestion: null }];
    default:
      return [{ reason: `${what} ${error.message}`, suggestion: null }];
  }
}

function patternAdvice(what: string, given: unknown, pattern: string): Advice {
  if (pattern.includes('ms|s|m|h|d')) {
    return { reason: `${what} is not a span: ${show(given)}`, suggestion: 'write a span such as 90s, 5m, 1h30m or 2d' };
  }
  return {
    reason: `${what} cannot be ${show(given)}`,
    suggestion: 'use lower-case letters, digits and hyphens, 64 at most',
  };
}

function meant(word: string, allowed: readonly string[]): string | null {
  const near = nearest(word, allowed);
  if (near !== null) return `did you mean "${near}"?`;
  return allowed.length > 0 ? `one of ${allowed.join(', ')}` : null;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** JSON Pointer (RFC 6901) as a path; array indices as numbers. */
function pointer(text: string): (string | number)[] {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

const step = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
