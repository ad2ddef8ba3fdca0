import type { Selector } from '#contract/rule.ts';
import type { Subject } from '#contract/verdict.ts';

type Test = (subject: Subject) => boolean;

/** Dimensions by which a rule can be found without trying it, the most telling first. */
const DIMENSIONS = ['thing', 'quantity', 'source', 'unit'] as const;

/** @returns a test of whether a subject is selected: all given parts must hold. */
export function compileSelector(select: Selector): Test {
  const tests: Test[] = [];
  for (const dimension of DIMENSIONS) {
    const patterns = select[dimension];
    if (patterns === undefined) continue;
    const matches = anyOf(list(patterns).map(glob));
    tests.push((subject) => matches(subject[dimension]));
  }
  if (select.name !== undefined) {
    // Thing and quantity together, as SenML's `bn` and `n`; devices part them with `:` or `/`.
    const matches = anyOf(list(select.name).map(glob));
    tests.push(({ thing, quantity }) => matches(`${thing}:${quantity}`) || matches(`${thing}/${quantity}`));
  }
  for (const [key, pattern] of Object.entries(select.labels ?? {})) {
    const matches = glob(pattern);
    tests.push((subject) => Object.hasOwn(subject.labels, key) && matches(subject.labels[key]!));
  }
  if (select.area !== undefined) tests.push(insideArea(select.area));
  return (subject) => tests.every((test) => test(subject));
}

/** Finds the rules of a subject by their literal parts, so that 200,000 series never meet 10,000 rules each. */
export class SelectorIndex<R> {
  readonly #literal = new Map(DIMENSIONS.map((dimension) => [dimension, new Map<string, number[]>()]));
  readonly #rest: number[] = [];
  readonly #entries: { rule: R; test: Test }[] = [];

  add(rule: R, select: Selector): void {
    const at = this.#entries.push({ rule, test: compileSelector(select) }) - 1;
    const dimension = DIMENSIONS.find((candidate) => isLiteral(select[candidate]));
    if (dimension === undefined) {
      this.#rest.push(at);
      return;
    }
    const byValue = this.#literal.get(dimension)!;
    for (const value of new Set(list(select[dimension]!))) {
      const entries = byValue.get(value);
      if (entries) entries.push(at);
      else byValue.set(value, [at]);
    }
  }

  /** @returns the rules that select the subject, in the order in which they were added. */
  select(subject: Subject): R[] {
    const candidates = [...this.#rest];
    for (const [dimension, byValue] of this.#literal) candidates.push(...(byValue.get(subject[dimension]) ?? []));
    return candidates
      .sort((a, b) => a - b)
      .map((at) => this.#entries[at]!)
      .filter(({ test }) => test(subject))
      .map(({ rule }) => rule);
  }
}

const list = (patterns: string | string[]) => (typeof patterns === 'string' ? [patterns] : patterns);

const isLiteral = (patterns: string | string[] | undefined) =>
  patterns !== undefined && list(patterns).every((pattern) => !pattern.includes('*'));

const anyOf = (tests: ((text: string) => boolean)[]) => (text: string) => tests.some((test) => test(text));

/** `*` matches any run of characters; matched part by part, so that no pattern can take exponential time. */
function glob(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return (text) => text === pattern;
  const head = parts[0]!;
  const tail = parts.at(-1)!;
  const middle = parts.slice(1, -1);
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let from = head.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, from);
      if (found < 0) return false;
      from = found + piece.length;
    }
    return from <= text.length - tail.length;
  };
}

/** West may exceed east: the area then crosses the antimeridian (RFC 7946 §5.2). */
function insideArea(area: readonly number[]): Test {
  const [west = 0, south = 0, east = 0, north = 0] = area;
  return ({ position }) => {
    if (position === null) return false;
    const [longitude, latitude] = position;
    const inLongitude = west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
    return inLongitude && latitude >= south && latitude <= north;
  };
}
