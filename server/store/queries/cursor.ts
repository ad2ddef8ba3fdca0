import type { Page } from '#contract/primitives.ts';
import { BadQuery } from '../errors.ts';

type Key = readonly (string | number)[];

/** Opaque to callers: the sort key of the last item, and the list it belongs to. */
export function encodeCursor(list: string, key: Key): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** The sort key after which to go on; null without a cursor. Throws {@link BadQuery} for another list's or a forged one. */
export function decodeCursor(list: string, cursor: string | undefined, length: number): Key | null {
  if (cursor === undefined) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed[0] === list && parsed.length === length + 1) {
      const key = parsed.slice(1);
      if (key.every((part) => typeof part === 'string' || Number.isFinite(part))) return key;
    }
  } catch {
    // Not JSON: the same complaint as for any other string that this list did not give out.
  }
  throw new BadQuery(`this cursor is not one of the list "${list}"`);
}

/** Turns `limit + 1` rows into a page: the one too many only tells that there is more. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  item: (row: R) => T,
  cursor: (last: R) => string,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? cursor(last) : null,
  };
}

const MOST = 1_000;

/** Bounds what one page may cost, whatever the caller asked for. */
export function boundedLimit(limit: number, most = MOST): number {
  return Math.max(1, Math.min(Math.floor(limit), most));
}
