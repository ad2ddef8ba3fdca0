import type { Alert, AlertChange } from '#contract/alert.ts';
import type { AlertFilter } from '#contract/live.ts';
import { Refused, refuseField } from '../auth/refusal.ts';
import type { AlertArchive, AlertBook } from './ports.ts';

export interface AlertPage {
  readonly items: Alert[];
  readonly nextCursor: string | null;
  /** Why older alerts are missing; absent when the list is whole. */
  readonly incomplete?: string;
}

export interface AlertQuery {
  readonly filter: AlertFilter;
  /** null: of all units. */
  readonly units: readonly string[] | null;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** What stands before the cursor of the part a page ended in. */
const BOOK = 'm.';
const ARCHIVE = 'd.';

/**
 * Lists alerts from memory first, where they are newest and known for certain, then older ones from the database.
 * While the database is down memory's part is the answer, and says that it is not all.
 */
export async function listAlerts(book: AlertBook, archive: AlertArchive, query: AlertQuery): Promise<AlertPage> {
  const { filter, units, limit, cursor } = query;
  if (cursor !== undefined && !cursor.startsWith(BOOK) && !cursor.startsWith(ARCHIVE)) {
    throw refuseField('/cursor', 'is not the nextCursor of this list');
  }
  const items: Alert[] = [];
  let archiveCursor: string | undefined;
  if (cursor?.startsWith(ARCHIVE)) archiveCursor = cursor.slice(ARCHIVE.length) || undefined;
  else {
    const page = fromBook(() => book.list(filter, units, limit, cursor?.slice(BOOK.length) ?? null));
    if (page.nextCursor !== null) return { items: page.items, nextCursor: BOOK + page.nextCursor };
    items.push(...page.items);
  }
  const older = olderThan(filter, book.completeFrom());
  if (older === null) return { items, nextCursor: null };
  if (items.length >= limit) return { items, nextCursor: ARCHIVE };
  try {
    const page = await archive.list({ filter: older, units, limit: limit - items.length, cursor: archiveCursor });
    // Open alerts are in memory however old they are, and the database may be behind.
    items.push(...page.items.filter((alert) => !book.get(alert.id)));
    return { items, nextCursor: page.nextCursor === null ? null : ARCHIVE + page.nextCursor };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { items, nextCursor: null, incomplete: 'the database does not answer: older alerts are missing' };
  }
}

function fromBook<T>(list: () => T): T {
  try {
    return list();
  } catch (error) {
    // The book's word for a filter or cursor that cannot be read.
    if (error instanceof RangeError) throw new Refused('invalid-request', error.message);
    throw error;
  }
}

/** The filter confined to what memory may lack; null when nothing of it can be older. */
function olderThan(filter: AlertFilter, completeFrom: number): AlertFilter | null {
  const before = completeFrom - 1;
  if (before < 0 || (filter.from !== undefined && Date.parse(filter.from) > before)) return null;
  const to = filter.to === undefined ? before : Math.min(before, Date.parse(filter.to));
  return { ...filter, to: new Date(to).toISOString() };
}

/** @returns the alert, from memory or else from the database. */
export async function findAlert(book: AlertBook, archive: AlertArchive, id: string): Promise<Alert | null> {
  return book.get(id) ?? (await archive.get(id));
}

/** @returns all changes of an alert, oldest first; what the database does not have yet, memory has. */
export async function alertHistory(book: AlertBook, archive: AlertArchive, id: string): Promise<AlertChange[]> {
  const recent = book.changes(id);
  let stored: readonly AlertChange[] = [];
  try {
    stored = await archive.history(id);
  } catch (error) {
    if (!isUnavailable(error) || recent.length === 0) throw error;
  }
  const bySeq = new Map([...stored, ...recent].map((change) => [change.seq, change]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

export function isUnavailable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('store-');
}
