import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeriesHistory } from '../../../../wall-client/state/series-history.ts';

const HOUR = 3_600_000;
const sample = (time: number, value: number | null) => ({
  ...{ time: new Date(time).toISOString(), value },
  quality: 'live' as const,
});

test('what was fetched and what came live meanwhile are one line, the live value winning', () => {
  const history = new SeriesHistory(HOUR);
  history.push(3000, 30);
  history.push(4000, 40);
  history.fill([sample(1000, 1), sample(2000, null), sample(3000, 3)]);
  expect(history.points).toEqual([
    { time: 1000, value: 1 },
    { time: 3000, value: 30 },
    { time: 4000, value: 40 },
  ]);
});

test.each([
  ['the same instant is a correction', 2000, [20, 99]],
  ['an older one is the database’s affair', 1500, [20, 30]],
  ['a newer one follows', 4000, [20, 30, 99]],
])('a live value: %s', (_, time, values) => {
  const history = new SeriesHistory(HOUR);
  history.push(1000, 20);
  history.push(2000, 30);
  history.push(time, 99);
  expect(history.points.map(({ value }) => value)).toEqual(values);
});

test('whatever comes, points ascend, lie within the span and are never too many', () => {
  const step = fc.tuple(fc.nat(5000), fc.integer(), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const history = new SeriesHistory(1000, 10);
      for (const [time, value, fetched] of steps) {
        if (fetched) history.fill([sample(time, value)]);
        else history.push(time, value);
        const times = history.points.map((point) => point.time);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect(times.length).toBeLessThanOrEqual(10);
        expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(1000);
      }
    }),
  );
});

test('the array is replaced, so that a drawing may compare it', () => {
  const history = new SeriesHistory(HOUR);
  history.push(1, 1);
  const before = history.points;
  history.push(2, 2);
  expect(history.points).not.toBe(before);
  expect(before).toHaveLength(1);
});
