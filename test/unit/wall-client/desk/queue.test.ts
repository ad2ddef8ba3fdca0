import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { CONDITIONS, HANDLINGS, SEVERITIES } from '#contract/names.ts';
import { formatRoute, parseRoute } from '../../../../wall-client/views/desk/desk-route.ts';
import {
  isFiltered,
  NO_FILTER,
  neighbour,
  type QueueFilter,
  queueOf,
  shelvedCount,
} from '../../../../wall-client/views/desk/queue-order.ts';

const SHELF = { why: 'lễ hội', by: 'an', until: '2026-11-23T10:00:00Z' };

function alert(more: Partial<Alert>): Alert {
  const base = { id: 'a', severity: 'major', condition: 'firing', handling: 'new', unit: 'so-nnmt', suppressed: null };
  return { ...base, ...more } as Alert;
}

describe('what the queue lists', () => {
  test.each<[string, Partial<Alert>, Partial<QueueFilter>, boolean]>([
    ['fired and open', {}, {}, true],
    ['pending has not fired', { condition: 'pending' }, {}, false],
    ['pending is listed when asked for', { condition: 'pending' }, { condition: 'pending' }, true],
    ['shelved is put aside', { suppressed: SHELF }, {}, false],
    ['shelved is listed when asked for', { suppressed: SHELF }, { shelved: true }, true],
    ['ended unseen breaks through its shelf', { suppressed: SHELF, condition: 'resolved' }, {}, true],
    ['another severity', {}, { severity: 'minor' }, false],
    ['another unit', {}, { unit: 'so-xd' }, false],
    ['another handling', {}, { handling: 'done' }, false],
    ['all parts must hold', { severity: 'minor' }, { severity: 'minor', unit: 'so-xd' }, false],
  ])('%s', (_, more, filter, listed) => {
    expect(queueOf([alert(more)], { ...NO_FILTER, ...filter })).toHaveLength(listed ? 1 : 0);
  });

  test('nothing hidden goes uncounted: listed and shelved together are all that have fired', () => {
    const anyAlert = fc.record({
      severity: fc.constantFrom(...SEVERITIES),
      condition: fc.constantFrom(...CONDITIONS),
      handling: fc.constantFrom(...HANDLINGS),
      suppressed: fc.constantFrom(null, SHELF),
    });
    fc.assert(
      fc.property(fc.array(anyAlert), (parts) => {
        const alerts = parts.map((part, at) => alert({ ...part, id: String(at) }));
        const fired = alerts.filter(({ condition }) => condition !== 'pending').length;
        expect(queueOf(alerts, NO_FILTER).length + shelvedCount(alerts, NO_FILTER)).toBe(fired);
      }),
    );
  });

  test('showing shelved ones is not a filter that could hide something', () => {
    expect(isFiltered({ ...NO_FILTER, shelved: true })).toBe(false);
    expect(isFiltered({ ...NO_FILTER, unit: 'so-xd' })).toBe(true);
  });
});

describe('walking through the queue', () => {
  const list = ['a', 'b', 'c'].map((id) => alert({ id }));
  test.each<[string | null, number, string | null, string]>([
    ['a', 1, 'b', 'down'],
    ['b', -1, 'a', 'up'],
    ['c', 1, 'c', 'the end holds'],
    ['a', -1, 'a', 'the beginning holds'],
    ['a', Number.POSITIVE_INFINITY, 'c', 'End'],
    ['c', Number.NEGATIVE_INFINITY, 'a', 'Home'],
    [null, 1, 'a', 'nothing chosen yet: the worst one'],
    ['gone', 1, 'a', 'the chosen one left the list: the worst one'],
  ])('from %s by %d', (from, by, to) => {
    expect(neighbour(list, from, by)).toBe(to);
  });

  test('an empty queue has nowhere to go', () => expect(neighbour([], 'a', 1)).toBeNull());
});

describe('the address', () => {
  const ID = '0199aa00-0000-7000-8000-000000000001';
  test.each<[string, object, string]>([
    [`#/alerts/${ID}`, { tab: 'alerts', alert: ID }, 'a deep link'],
    ['#/sources', { tab: 'sources', alert: null }, 'a part'],
    ['', { tab: 'alerts', alert: null }, 'nothing: the queue'],
    ['#/nonsense', { tab: 'alerts', alert: null }, 'not understood: the queue'],
    ['#/alerts/%3Cscript%3E', { tab: 'alerts', alert: null }, 'not an id'],
    [`#/sources/${ID}`, { tab: 'sources', alert: null }, 'only the queue has a chosen alert'],
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(parseRoute(formatRoute(parseRoute(hash)))).toEqual(route);
  });
});
