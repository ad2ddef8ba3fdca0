/** Series names: what a device wrote, and the thing and quantity in it. */

export interface SeriesWords {
  readonly name: string;
  readonly thing: string;
  readonly quantity: string;
}

const MAX_NAME = 512;
const MAX_PART = 256;

/** RFC 8428 §4.5.1. */
const SENML_NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/;
/** Other formats may name in any language; controls and line breaks never. */
const VISIBLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+$/u;

/**
 * `base` without its last `:` or `/` is the thing and `name` the quantity. With only one of them, the last `:` or `/`
 * inside it parts the two; without any, the source is the thing.
 */
export function wordsOf(base: string, name: string, source: string): SeriesWords {
  const full = (base + name).normalize('NFC');
  if (base !== '' && name !== '') {
    const last = base.charAt(base.length - 1);
    const thing = last === ':' || last === '/' ? base.slice(0, -1) : base;
    return { name: full, thing: thing.normalize('NFC'), quantity: name.normalize('NFC') };
  }
  const cut = Math.max(full.lastIndexOf('/'), full.lastIndexOf(':'));
  if (cut === -1) return { name: full, thing: source, quantity: full };
  return { name: full, thing: full.slice(0, cut), quantity: full.slice(cut + 1) };
}

/** @returns what is wrong with the words and how to mend it, or null. */
export function wordsFault(words: SeriesWords, senml: boolean): string | null {
  const { name, thing, quantity } = words;
  if (name === '') return 'the record has no name: n, or bn and n, is needed';
  if (thing === '' || quantity === '') return 'the name has an empty part: thing, then : or /, then quantity';
  if (name.length > MAX_NAME) return `the name has ${name.length} characters, at most ${MAX_NAME}`;
  if (thing.length > MAX_PART || quantity.length > MAX_PART) {
    return `thing and quantity have at most ${MAX_PART} characters each`;
  }
  if (senml && !SENML_NAME.test(name)) {
    return 'a SenML name has letters A to Z, digits and - : . / _ only, and starts with a letter or digit';
  }
  if (!VISIBLE.test(name)) return 'the name has control characters';
  return null;
}

/** @returns what is wrong with the identity of a thing that came without a series, or null. */
export function thingFault(id: string): string | null {
  if (id !== '' && id.length <= MAX_PART && VISIBLE.test(id)) return null;
  return `the thing's id must be 1 to ${MAX_PART} characters without controls`;
}
