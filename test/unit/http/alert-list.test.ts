import { describe, expect, test } from 'vitest';
import type { Alert, AlertChange } from '#contract/alert.ts';
import type { AlertFilter } from '#contract/live.ts';
import { alertHistory, listAlerts } from '../../../server/http/alert-list.ts';
import type { AlertArchive, AlertBook } from '../../../server/http/ports.ts';
import { makeAlert } from '../../integration/http/fixtures.ts';

const at = (minute: number) => new Date(Date.parse('2026-11-23T00:00:00Z') + minute * 60_000).toISOString();
const started = (id: string, minute: number) => makeAlert(id, 'u1', { startsAt: at(minute) });

/** Everything there ever was; the database has all but the newest, memory the open and those from minute 50 on. */
const ALL = Array.from({ length: 100 }, (_, i) => started(`a${String(i).padStart(2, '0')}`, i)).reverse();
const IN_MEMORY = ALL.filter((alert) => Date.parse(alert.startsAt) >= Date.parse(at(50)) || alert.id === 'a07');
const STORED = ALL.filter((alert) => alert.id < 'a90');

function pageBy(alerts: readonly Alert[], filter: AlertFilter, limit: number, cursor: string | null | undefined) {
  const matching = alerts.filter(
    ({ startsAt }) =>
      (filter.from === undefined || Date.parse(startsAt) >= Date.parse(filter.from)) &&
      (filter.to === undefined || Date.parse(startsAt) <= Date.parse(filter.to)),
  );
  const from = cursor ? Number(cursor) : 0;
  const next = from + limit;
  return { items: matching.slice(from, next), nextCursor: next < matching.length ? String(next) : null };
}

function setUp(down = false) {
  const asked: string[] = [];
  const unavailable = () => Object.assign(new Error('down'), { code: 'store-down' });
  const book: AlertBook = {
    get: (id) => IN_MEMORY.find((alert) => alert.id === id),
    list: (filter, _units, limit, cursor) => {
      if (cursor === 'nonsense') throw new RangeError('this cursor cannot be read');
      return pageBy(IN_MEMORY, filter, limit, cursor);
    },
    completeFrom: () => Date.parse(at(50)),
    changes: () => [change(3), change(4)],
  };
  const archive: AlertArchive = {
    list: async ({ filter, limit, cursor }) => {
      asked.push(filter.to ?? '');
      if (down) throw unavailable();
      return pageBy(STORED, filter, limit, cursor);
    },
    get: async () => null,
    history: async () => {
      if (down) throw unavailable();
      return [change(1), change(2), change(3)];
    },
  };
  return { book, archive, asked };
}

const change = (seq: number): AlertChange => ({
  seq,
  at: seq,
  kind: 'comment',
  actor: null,
  note: null,
  alert: ALL[0]!,
});

async function walk(limit: number, filter: AlertFilter = {}, down = false) {
  const { book, archive } = setUp(down);
  const ids: string[] = [];
  let cursor: string | undefined;
  let incomplete: string | undefined;
  for (let pages = 0; pages < 200; pages++) {
    const page = await listAlerts(book, archive, { filter, units: null, limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    incomplete = page.incomplete;
    if (page.nextCursor === null) return { ids, incomplete };
    cursor = page.nextCursor;
  }
  throw new Error('the list does not end');
}

describe('memory and database together', () => {
  test.each([1, 3, 7, 10, 50, 51, 100, 1000])('are one list without gap or repetition, by %i', async (limit) => {
    const { ids, incomplete } = await walk(limit);
    expect([...ids].sort()).toEqual(ALL.map(({ id }) => id).sort());
    expect(incomplete).toBeUndefined();
  });

  test('the database is not asked for what memory has', async () => {
    const { book, archive, asked } = setUp();
    await listAlerts(book, archive, { filter: { from: at(60) }, units: null, limit: 100, cursor: undefined });
    expect(asked).toEqual([]);
    await listAlerts(book, archive, { filter: { to: at(20) }, units: null, limit: 100, cursor: undefined });
    expect(asked).toEqual([at(20)]);
  });

  test('without the database, memory answers and says that it is not all', async () => {
    const { ids, incomplete } = await walk(20, {}, true);
    expect(ids).toEqual(IN_MEMORY.map(({ id }) => id));
    expect(incomplete).toContain('database');
  });

  test('a cursor of somewhere else is refused', async () => {
    const { book, archive } = setUp();
    for (const cursor of ['12', 'x', 'm.nonsense']) {
      const query = { filter: {}, units: null, limit: 10, cursor };
      await expect(listAlerts(book, archive, query)).rejects.toMatchObject({ code: 'invalid-request' });
    }
  });
});

describe('history', () => {
  test('joins both, each change once', async () => {
    const { book, archive } = setUp();
    expect((await alertHistory(book, archive, 'a99')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  test('is what memory has while the database is down, and nothing is not an answer', async () => {
    const { book, archive } = setUp(true);
    expect((await alertHistory(book, archive, 'a99')).map(({ seq }) => seq)).toEqual([3, 4]);
    await expect(alertHistory({ ...book, changes: () => [] }, archive, 'a99')).rejects.toThrow('down');
  });
});
