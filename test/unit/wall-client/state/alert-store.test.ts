import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { SEVERITIES } from '#contract/names.ts';
import type { AlertBatch } from '../../../../wall-client/connection/hub-connection.ts';
import { AlertStore, byUrgency, endedUnseen, isActive, isOver } from '../../../../wall-client/state/alert-store.ts';
import { newAlert } from '../../../integration/broadcast/live-hub.ts';

const alert = (id: string, changes: Partial<Alert> = {}): Alert => ({ ...newAlert(id), ...changes });
const batch = (changes: Partial<AlertBatch>): AlertBatch => ({
  ...{ snapshot: false, seq: 1, alerts: [], gone: [], omitted: 0 },
  ...changes,
});

describe('what stays on the screen', () => {
  test.each<[Alert['condition'], Alert['handling'], boolean, boolean, boolean, string]>([
    ['pending', 'new', false, false, false, 'may yet fire; not counted'],
    ['firing', 'new', false, false, true, 'the case of all cases'],
    ['firing', 'done', false, false, true, 'reported done, yet it still burns'],
    ['firing', 'closed', true, false, false, 'a person closed it'],
    ['recovering', 'acknowledged', false, false, true, 'not over before it is over'],
    ['resolved', 'new', false, true, false, 'nobody saw it: it stays, outlined'],
    ['resolved', 'acknowledged', true, false, false, 'seen, and over'],
    ['resolved', 'in-progress', true, false, false, 'seen, and over'],
    ['resolved', 'closed', true, false, false, 'over twice'],
  ])('%s and %s: over %s, ended unseen %s, active %s (%s)', (condition, handling, over, unseen, active) => {
    const subject = alert('a', { condition, handling });
    expect([isOver(subject), endedUnseen(subject), isActive(subject)]).toEqual([over, unseen, active]);
    const store = new AlertStore();
    store.apply(batch({ alerts: [subject] }));
    expect(store.all).toHaveLength(over ? 0 : 1);
    expect(store.counts.major).toBe(active ? 1 : 0);
  });
});

test('the order is total and does not depend on the way alerts came in', () => {
  const generated = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      severity: fc.constantFrom(...SEVERITIES),
      startsAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T07:00:00+07:00', '2026-01-02T00:00:00Z'),
    }),
    { selector: ({ id }) => id, maxLength: 12 },
  );
  fc.assert(
    fc.property(generated, (list) => {
      const alerts = list.map(({ id, ...changes }) => alert(id, changes));
      const [one, other] = [new AlertStore(), new AlertStore()];
      one.apply(batch({ alerts }));
      for (const single of [...alerts].reverse()) other.apply(batch({ alerts: [single] }));
      expect(other.all).toEqual(one.all);
      for (let at = 1; at < one.all.length; at++) expect(byUrgency(one.all[at - 1]!, one.all[at]!)).toBeLessThan(0);
    }),
  );
});

test('an older state never overwrites a newer one, whichever way it came', () => {
  const store = new AlertStore();
  store.put(alert('a', { seq: 5, handling: 'acknowledged' }));
  store.apply(batch({ alerts: [alert('a', { seq: 4 })] }));
  expect(store.get('a')?.handling).toBe('acknowledged');
  const revision = store.revision;
  store.put(alert('a', { seq: 3 }));
  expect(store.revision).toBe(revision);
});

test('a snapshot replaces everything, and what is gone goes', () => {
  const store = new AlertStore();
  store.apply(batch({ seq: 9, snapshot: true, omitted: 3, alerts: [alert('a'), alert('b')] }));
  store.apply(batch({ seq: 10, gone: ['a'] }));
  expect([store.seq, store.omitted, store.all.map(({ id }) => id)]).toEqual([10, 3, ['b']]);
  // A hub that begins anew counts from the beginning.
  store.apply(batch({ seq: 2, snapshot: true, alerts: [alert('c')] }));
  expect([store.seq, store.omitted, store.all.map(({ id }) => id)]).toEqual([2, 0, ['c']]);
});

test('lists are made once a change, and shelved alerts are listed but not counted', () => {
  const store = new AlertStore();
  const suppressed = { why: 'works', by: 'a', until: '2026-11-24T00:00:00Z' };
  store.apply(batch({ alerts: [alert('a', { severity: 'critical' }), alert('b', { suppressed })] }));
  expect(store.all).toBe(store.all);
  expect(store.counts).toEqual({ critical: 1, major: 0, minor: 0, warning: 0, info: 0 });
  expect(store.matching({ severity: 'major' }).map(({ id }) => id)).toEqual(['b']);
});

test('listeners hear of each change until they stop, even when one stops another', () => {
  const store = new AlertStore();
  const heard: string[] = [];
  const stops = ['first', 'second'].map((name) =>
    store.subscribe(() => {
      heard.push(name);
      for (const stop of stops) stop();
    }),
  );
  store.apply(batch({}));
  store.apply(batch({}));
  expect(heard).toEqual(['first', 'second']);
});
