import { isAscii, isUtf8 } from 'node:buffer';
import type { Sink } from './decoder.ts';

/** Deeper nesting than any known feed uses; what is kept as JSON is written again by recursive code. */
export const MAX_DEPTH = 32;

/**
 * Parses JSON in UTF-8 (RFC 8259 §8.1). Text outside ASCII becomes NFC as a whole before parsing: the characters with
 * meaning in JSON are ASCII and have no composed forms, so only strings change.
 * @returns undefined after rejecting the payload.
 */
export function parseJson(payload: Buffer, sink: Sink): unknown {
  let text: string;
  if (isAscii(payload)) text = payload.toString('latin1');
  else if (isUtf8(payload)) text = payload.toString('utf8').normalize('NFC');
  else {
    sink.reject(null, 'malformed', 'the payload is not UTF-8: send JSON encoded as UTF-8 (RFC 8259 §8.1)');
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    sink.reject(null, 'malformed', `the payload is not JSON: ${where.slice(0, 160)}`);
    return undefined;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property only: `constructor` and other inherited names are not data. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

/** Whether a parsed value nests at most {@link MAX_DEPTH} levels. */
export function isShallow(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (left === 0) return false;
  for (const inner of Object.values(value)) if (!isShallow(inner, left - 1)) return false;
  return true;
}

/**
 * Composed, and without what no database keeps as text: NUL and halves of surrogate pairs, which JSON can say by
 * escapes. They become U+FFFD.
 */
export function cleanText(text: string): string {
  return text.normalize('NFC').replace(/[\0\p{Cs}]/gu, '\uFFFD');
}

/** {@link cleanText} on every key and text of a shallow value. */
export function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(cleanDeep);
  // Defines properties and never assigns them, so a key named `__proto__` stays a key.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanDeep(inner)]));
}

/** RFC 6901. @returns undefined where the pointer leads nowhere. */
export function atPointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) return undefined;
  let value: unknown = document;
  for (const token of pointer.slice(1).split('/')) {
    value = member(value, token.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (value === undefined) return undefined;
  }
  return value;
}
