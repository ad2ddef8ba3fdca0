import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../server/evaluate/duration.ts';
import { Engine } from '../../../server/evaluate/engine.ts';
import { History } from '../../../server/evaluate/history.ts';
import { compileRules } from '../../../server/evaluate/rule-set.ts';
import { Timers } from '../../../server/evaluate/timers.ts';
import { playOn, rule, type Step, subject } from './timeline.ts';

describe('a history', () => {
  test('grows to its limit, then drops the oldest', () => {
    const history = new History(40);
    for (let k = 0; k < 100; k++) expect(history.push(k, -k, 'drop')).toBe(k >= 40);
    expect([history.length, history.time(0), history.time(39), history.value(39)]).toEqual([40, 60, 99, -99]);
  });

  test('or thins out: the span stays, the grain doubles', () => {
    const history = new History(8);
    for (let k = 0; k < 9; k++) history.push(k, k, 'thin');
    expect(Array.from({ length: history.length }, (_, k) => history.time(k))).toEqual([0, 2, 4, 6, 8]);
  });

  test('a rate over a long span survives fast samples, and the loss is counted', () => {
    const rising = rule({ condition: { type: 'rate', over: '100s', op: '>=', value: 100 } });
    const engine = new Engine(compileRules([rising]), { historyPoints: 16 });
    engine.declare(subject());
    const told = playOn(
      engine,
      Array.from({ length: 111 }, (_, k): Step => [k, k]),
    );
    expect(told).toEqual([expect.stringMatching(/^fired (10\d)@\1 =1\d\d$/)]);
    expect(engine.counts.historyCut).toBeGreaterThan(0);
  });
});

test('timers come out by due time, then by series', () => {
  const entry = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), (entries) => {
      const timers = new Timers();
      for (const [due, series] of entries) timers.push(due, series);
      const popped = entries.map(() => {
        const top = [timers.peekDue(), timers.peekSeries()];
        timers.pop();
        return top;
      });
      expect(popped).toEqual(entries.toSorted(([a, s], [b, t]) => a - b || s - t));
      expect(timers.peekDue()).toBe(Infinity);
    }),
  );
});

describe('spans', () => {
  test.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['1.5s', 1_500],
    ['250ms', 250],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  test.each(['', '5', 'm', '5 m', '-5m', '5m!', '5y'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });
});
