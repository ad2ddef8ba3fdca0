import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FieldError } from '../auth/refusal.ts';

type Validator = ReturnType<typeof Compile>;

/** @returns what is wrong with a value, nothing when it matches. */
export type Check = (value: unknown) => FieldError[];

const MAX_ERRORS = 20;

/**
 * Compiles a schema once. Of a union whose members tell themselves apart by `type`, only the member that was meant is
 * explained: nine ways in which a `comment` is not an `acknowledge` help nobody.
 */
export function compileCheck(schema: TSchema): Check {
  const whole = Compile(schema);
  const members = membersByType(schema);
  return (value) => {
    if (whole.Check(value) === true) return [];
    const type = (value as { type?: unknown } | null | undefined)?.type;
    const meant = typeof type === 'string' ? members?.get(type) : undefined;
    if (members && !meant) return [{ at: '/type', reason: `must be one of ${[...members.keys()].join(', ')}` }];
    return explain(meant ?? whole, value);
  };
}

function membersByType(schema: TSchema): Map<string, Validator> | null {
  const { anyOf } = schema as { anyOf?: { properties?: { type?: { const?: unknown } } }[] };
  if (!anyOf) return null;
  const members = new Map<string, Validator>();
  for (const member of anyOf) {
    const tag = member.properties?.type?.const;
    if (typeof tag !== 'string') return null;
    members.set(tag, Compile(member as TSchema));
  }
  return members;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function explain(validator: Validator, value: unknown): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const error of validator.Errors(value) as SchemaError[]) {
    for (const field of fieldErrors(error)) {
      if (found.size < MAX_ERRORS) found.set(`${field.at} ${field.reason}`, field);
    }
  }
  return found.size > 0 ? [...found.values()] : [{ at: '', reason: 'does not match the schema' }];
}

function fieldErrors({ keyword, instancePath: at, message, params }: SchemaError): FieldError[] {
  const names = params as { requiredProperties?: string[]; additionalProperties?: string[]; allowedValues?: unknown[] };
  switch (keyword) {
    case 'required':
      return (names.requiredProperties ?? []).map((name) => ({
        at: `${at}/${pointerToken(name)}`,
        reason: 'is missing',
      }));
    case 'additionalProperties':
      return (names.additionalProperties ?? []).map((name) => ({
        at: `${at}/${pointerToken(name)}`,
        reason: 'is not known',
      }));
    // Says again, without a name, what `additionalProperties` says.
    case 'boolean':
      return [];
    case 'enum':
      return [{ at, reason: names.allowedValues ? `must be one of ${names.allowedValues.join(', ')}` : message }];
    default:
      return [{ at, reason: message }];
  }
}

/** A name as one reference token of a JSON Pointer (RFC 6901 §3). */
function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
