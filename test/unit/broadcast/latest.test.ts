import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { FRAME_STALE } from '#contract/frame.ts';
import { SampleBuilder, SampleFlag } from '#contract/sample-batch.ts';
import { Latest } from '../../../server/broadcast/latest.ts';
import { newAlert, seriesId } from '../../integration/broadcast/live-hub.ts';

type Row = readonly [series: number, time: number, value: number, flags?: number];

function take(latest: Latest, ...rows: Row[]): void {
  const builder = new SampleBuilder();
  for (const [series, time, value, flags = 0] of rows) builder.push(series, time, value, flags);
  latest.take(builder.take());
}

function declared(count: number, staleAfter = 60_000): Latest {
  const latest = new Latest();
  for (let number = 0; number < count; number++) latest.declare(number, seriesId(number), staleAfter);
  return latest;
}

const row = (latest: Latest, number: number, now: number) => {
  const { value, age, state } = latest.columns([number], now);
  return { value: value[0], age: age[0], state: state[0] };
};

test('the newest sample by its own time stays, in whatever order they come', () => {
  const samples = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 50 }), fc.double({ noNaN: true })));
  fc.assert(
    fc.property(samples, (rows) => {
      const latest = declared(5);
      take(latest, ...rows);
      // Oracle: sort by time; of equal times the one that came last is the correction.
      const expected = new Map<number, Row>();
      for (const sample of [...rows].sort((a, b) => a[1] - b[1])) expected.set(sample[0], sample);
      for (const [number, [, time, value]] of expected) {
        expect(row(latest, number, 100)).toEqual({ value, age: time - 100, state: 0 });
      }
      expect([...latest.takeChanged()].sort()).toEqual([...expected.keys()].sort());
      expect([...latest.takeChanged()]).toEqual([]);
    }),
  );
});

test.each<[string, Row]>([
  ['historical', [0, 900, 9, SampleFlag.historical]],
  ['older than the newest', [0, 99, 9]],
  ['of a series nobody declared', [5000, 900, 9]],
])('a sample that is %s changes nothing', (_, sample) => {
  const latest = declared(1);
  take(latest, [0, 100, 1]);
  latest.takeChanged();
  take(latest, sample);
  expect(row(latest, 0, 100)).toEqual({ value: 1, age: 0, state: 0 });
  expect(latest.takeChanged()).toHaveLength(0);
});

test('a value grows stale by the clock alone, once, and is fresh again with the next sample', () => {
  const latest = declared(2, 60_000);
  take(latest, [0, 1000, 1]);
  latest.takeChanged();
  latest.age(61_000);
  expect(latest.takeChanged()).toHaveLength(0);
  latest.age(61_001);
  expect([...latest.takeChanged()]).toEqual([0]);
  expect(row(latest, 0, 61_001).state).toBe(FRAME_STALE);
  latest.age(62_000);
  expect(latest.takeChanged()).toHaveLength(0);
  take(latest, [0, 62_000, 2]);
  expect(row(latest, 0, 62_000).state).toBe(0);
  // Number 1 never reported: it has no value that could be stale.
  expect(latest.has(1)).toBe(false);
});

test.each<[string, Partial<Alert>[], number]>([
  ['a firing alert', [{ severity: 'minor' }], 3],
  ['the worst of two', [{ severity: 'minor' }, { id: 'b', severity: 'critical' }], 5],
  ['pending: it has not fired', [{ condition: 'pending' }], 0],
  ['recovering: it is not over', [{ condition: 'recovering' }], 4],
  ['resolved', [{}, { condition: 'resolved' }], 0],
  ['closed by a person', [{}, { handling: 'closed' }], 0],
  ['shelved: quiet, yet true', [{ suppressed: { why: 'works', by: 'a', until: '2026-11-24T00:00:00Z' } }], 4],
  ['lowered', [{ severity: 'critical' }, { severity: 'info' }], 1],
  ['of another series', [{ series: seriesId(7) }], 0],
])('alerts colour their series: %s', (_, states, level) => {
  const latest = declared(1);
  for (const state of states) latest.alert({ ...newAlert('a'), series: seriesId(0), ...state }, false);
  expect(row(latest, 0, 0).state).toBe(level);
});

test('a cancelled alert leaves no colour, and one known before its series colours it later', () => {
  const latest = new Latest();
  latest.alert({ ...newAlert('a'), series: seriesId(3) }, false);
  latest.declare(3, seriesId(3), 1000);
  expect(row(latest, 3, 0).state).toBe(4);
  latest.alert({ ...newAlert('a'), series: seriesId(3) }, true);
  expect(row(latest, 3, 0).state).toBe(0);
});

test('an age beyond its column is held at its end', () => {
  const latest = declared(1);
  take(latest, [0, 1, 1]);
  expect(row(latest, 0, 2 ** 40).age).toBe(-(2 ** 31));
});
