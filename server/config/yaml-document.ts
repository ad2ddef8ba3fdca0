import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { LineCounter, parseDocument } from 'yaml';

/** A mistake in a configuration file, found at a place. */
export interface ConfigFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

export class InvalidConfig extends Error {
  readonly findings: readonly ConfigFinding[];

  constructor(findings: readonly ConfigFinding[]) {
    super(findings.map(({ file, line, column, reason }) => `${file}:${line}:${column}: ${reason}`).join('\n'));
    this.name = 'InvalidConfig';
    this.findings = findings;
  }
}

/** A checked value that still knows where each part of it stood in its file. */
export interface YamlDocument<T> {
  readonly value: T;
  finding(path: readonly (string | number)[], reason: string): ConfigFinding;
}

/**
 * Parses one YAML file and holds it to its schema.
 * @throws InvalidConfig with every mistake, each with line and column
 */
export function parseYaml<S extends TSchema>(schema: S, text: string, file: string): YamlDocument<Static<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, reason: string): ConfigFinding => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, reason };
  };
  if (document.errors.length > 0) {
    throw new InvalidConfig(document.errors.map((error) => at(error.pos[0], error.message)));
  }
  const finding = (path: readonly (string | number)[], reason: string): ConfigFinding => {
    // The nearest enclosing node that exists: a missing key is reported where it should have stood.
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (hasRange(node)) return at(node.range[0], reason);
    }
    return at(0, reason);
  };
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (!Value.Check(schema, value)) {
    throw new InvalidConfig(
      Value.Errors(schema, value).map((error) => {
        const path = pointerSegments(error.instancePath);
        return finding(path, `${path.length === 0 ? 'the file' : path.join('.')} ${error.message}`);
      }),
    );
  }
  return { value: value as Static<S>, finding };
}

/** RFC 6901 pointer to path segments; array positions become numbers. */
function pointerSegments(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
