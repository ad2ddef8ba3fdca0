import { describe, expect, test } from 'vitest';
import type { Operator, Rule } from '#contract/rule.ts';
import { SampleBuilder } from '#contract/sample-batch.ts';
import { Engine } from '../../../server/evaluate/engine.ts';
import { compileRules } from '../../../server/evaluate/rule-set.ts';
import { HISTORICAL, play, playOn, rule, type Step, seconds, subject } from './timeline.ts';

interface Case {
  readonly why: string;
  readonly rule: Partial<Rule>;
  readonly steps: readonly Step[];
  readonly expect: readonly string[];
}

const run = (cases: readonly Case[]) => {
  test.each(cases)('$why', ({ rule: more, steps, expect: expected }) => {
    expect(play([more], steps)).toEqual(expected);
  });
};

const hold = { for: '10s', keep_firing_for: '20s' };

describe('for', () => {
  run([
    {
      why: 'without `for` it fires at once',
      rule: {},
      steps: [
        [0, 4],
        [1, 5],
      ],
      expect: ['fired 1@1 =5'],
    },
    {
      why: 'with `for` it is pending first, and fires at start + for exactly, not when the next sample comes',
      rule: hold,
      steps: [
        [0, 5],
        [9, 5],
        [13, 6],
      ],
      expect: ['pending 0@0 =5', 'fired 0@10 =5'],
    },
    {
      why: 'a false sample before the end: gone',
      rule: hold,
      steps: [
        [0, 5],
        [9.999, 4],
        [13, 4],
      ],
      expect: ['pending 0@0 =5', 'cancelled 0@9.999 =4'],
    },
    {
      why: 'a false sample at the very end counts before the timer',
      rule: hold,
      steps: [
        [0, 5],
        [10, 4],
      ],
      expect: ['pending 0@0 =5', 'cancelled 0@10 =4'],
    },
    {
      why: 'without a later sample the log clock ends it, one second late, at the exact instant',
      rule: hold,
      steps: [[0, 5], { clock: 10.999 }, { clock: 11 }],
      expect: ['pending 0@0 =5', 'fired 0@10 =5'],
    },
    {
      why: 'false and true again starts anew',
      rule: hold,
      steps: [
        [0, 5],
        [5, 4],
        [6, 5],
        [17, 5],
      ],
      expect: ['pending 0@0 =5', 'cancelled 0@5 =4', 'pending 6@6 =5', 'fired 6@16 =5'],
    },
  ]);
});

describe('keep_firing_for and clear', () => {
  run([
    {
      why: 'without it, false ends it',
      rule: {},
      steps: [
        [0, 5],
        [3, 4],
      ],
      expect: ['fired 0@0 =5', 'resolved 0@3 =4'],
    },
    {
      why: 'it recovers, and ends at false + keep_firing_for',
      rule: { keep_firing_for: '20s' },
      steps: [
        [0, 5],
        [3, 4],
        [30, 4],
      ],
      expect: ['fired 0@0 =5', 'recovering 0@3 =4', 'resolved 0@23 =4'],
    },
    {
      why: 'true again before that: the same alert fires on, and the span starts anew with the next false',
      rule: { keep_firing_for: '20s' },
      steps: [
        [0, 5],
        [3, 4],
        [22.999, 5],
        [24, 4],
        [50, 4],
      ],
      expect: ['fired 0@0 =5', 'recovering 0@3 =4', 'refired 0@22.999 =5', 'recovering 0@24 =4', 'resolved 0@44 =4'],
    },
    {
      why: 'true again at the very end counts before the timer',
      rule: { keep_firing_for: '20s' },
      steps: [
        [0, 5],
        [3, 4],
        [23, 5],
      ],
      expect: ['fired 0@0 =5', 'recovering 0@3 =4', 'refired 0@23 =5'],
    },
    {
      why: 'true just after the end is a new alert',
      rule: { keep_firing_for: '20s' },
      steps: [
        [0, 5],
        [3, 4],
        [23.001, 5],
      ],
      expect: ['fired 0@0 =5', 'recovering 0@3 =4', 'resolved 0@23 =4', 'fired 23.001@23.001 =5'],
    },
    {
      why: 'while firing, `clear` decides; pending still needs the threshold itself',
      rule: { condition: { type: 'threshold', op: '>=', value: 5, clear: 4 } },
      steps: [
        [0, 4.5],
        [1, 5],
        [2, 4.5],
        [3, 4],
        [4, 3.999],
        [5, 4.5],
      ],
      expect: ['fired 1@1 =5', 'resolved 1@4 =3.999'],
    },
    {
      why: 'recovering is over the hill: only the threshold itself brings it back',
      rule: { condition: { type: 'threshold', op: '>=', value: 5, clear: 4 }, keep_firing_for: '20s' },
      steps: [
        [0, 5],
        [1, 3],
        [2, 4.5],
        [3, 5],
      ],
      expect: ['fired 0@0 =5', 'recovering 0@1 =3', 'refired 0@3 =5'],
    },
  ]);
});

describe('comparisons', () => {
  const at = (op: Operator, x: number) =>
    play([{ condition: { type: 'threshold', op, value: 0.3 } }], [[0, x]]).length === 1;
  test.each<[Operator, number, boolean, string]>([
    ['>', 0.3, false, 'greater is not equal'],
    ['>', 0.30000000000000004, true, 'the very next double is greater'],
    ['>=', 0.3, true, 'equal counts'],
    ['>=', 0.29999999999999993, false, 'the double before does not'],
    ['<', 0.3, false, 'less is not equal'],
    ['<', 0.29999999999999993, true, 'the double before is less'],
    ['<=', 0.3, true, 'equal counts'],
    ['==', 0.3, true, 'equal'],
    ['==', 0.30000000000000004, false, 'not equal'],
    ['!=', 0.3, false, 'equal'],
    ['!=', -1, true, 'another'],
  ])('%s with %d is %s: %s', (op, x, expected) => {
    expect(at(op, x)).toBe(expected);
  });

  test('zero has neighbours on both sides', () => {
    expect(
      play(
        [{ condition: { type: 'threshold', op: '>', value: 0 } }],
        [
          [0, 0],
          [1, Number.MIN_VALUE],
        ],
      ),
    ).toHaveLength(1);
    expect(
      play(
        [{ condition: { type: 'threshold', op: '<', value: 0 } }],
        [
          [0, 0],
          [1, -Number.MIN_VALUE],
        ],
      ),
    ).toHaveLength(1);
  });
});

describe('range', () => {
  run([
    {
      why: 'inside counts both ends',
      rule: { condition: { type: 'range', inside: [1, 2] } },
      steps: [
        [0, 0.9],
        [1, 1],
        [2, 2],
        [3, 2.1],
      ],
      expect: ['fired 1@1 =1', 'resolved 1@3 =2.1'],
    },
    {
      why: 'outside leaves both ends out, and with `clear` ends only well inside',
      rule: { condition: { type: 'range', outside: [1, 9], clear: 1 } },
      steps: [
        [0, 1],
        [1, 0.9],
        [2, 1.5],
        [3, 2],
        [4, 9.5],
        [5, 8.5],
        [6, 8],
      ],
      expect: ['fired 1@1 =0.9', 'resolved 1@3 =2', 'fired 4@4 =9.5', 'resolved 4@6 =8'],
    },
  ]);
});

describe('order and corrections', () => {
  run([
    {
      why: 'a sample older than the newest is never judged',
      rule: {},
      steps: [
        [10, 4],
        [9, 8],
        [11, 4],
      ],
      expect: [],
    },
    {
      why: 'a corrected value at the newest instant is judged anew',
      rule: {},
      steps: [
        [0, 5],
        [0, 4],
        [0, 6],
      ],
      expect: ['fired 0@0 =5', 'resolved 0@0 =4', 'fired 0@0 =6'],
    },
    {
      why: 'the same again changes nothing',
      rule: hold,
      steps: [
        [0, 5],
        [0, 5],
        [10.5, 5],
      ],
      expect: ['pending 0@0 =5', 'fired 0@10 =5'],
    },
    {
      why: 'a sample that comes after the timer it would have stopped counts from the timer on: what was told stays told',
      rule: hold,
      steps: [[0, 5], { clock: 12 }, [8, 4, 13], [30, 4]],
      expect: ['pending 0@0 =5', 'fired 0@10 =5', 'recovering 0@10 =4'],
    },
  ]);

  test('historical samples are never judged', () => {
    const engine = new Engine(compileRules([rule()]));
    engine.declare(subject());
    expect(playOn(engine, [[0, 9]], HISTORICAL)).toEqual([]);
    expect(engine.counts.late).toBe(1);
  });

  test('samples of a series never declared, and what is no number, are counted', () => {
    const engine = new Engine(compileRules([rule()]));
    engine.declare(subject(3));
    expect(playOn(engine, [[0, 9]])).toEqual([]);
    engine.declare(subject());
    expect(playOn(engine, [[0, Number.NaN]])).toEqual([]);
    expect(engine.counts.unknown).toBe(2);
  });
});

describe('missing data', () => {
  const missing = { missing: { after: '60s', severity: 'minor' as const } };
  run([
    {
      why: 'it raises an alert of its own at last + after, which ends with the next sample',
      rule: missing,
      steps: [[0, 1], { clock: 60.999 }, { clock: 61 }, [90, 1]],
      expect: ['no-data fired 60@60 =1', 'no-data resolved 60@90 =1'],
    },
    {
      why: 'a sample at the very instant counts before the timer',
      rule: missing,
      steps: [
        [0, 1],
        [60, 1],
        [61, 1],
      ],
      expect: [],
    },
    {
      why: 'without a severity only the quality of a live alert tells',
      rule: { missing: { after: '60s' } },
      steps: [
        [0, 5],
        [100, 5],
        [110, 4],
      ],
      expect: ['fired 0@0 =5', 'missing 0@60 =5', 'present 0@100 =5', 'resolved 0@110 =4'],
    },
    {
      why: '`for` stands still meanwhile: 60 of 90 seconds passed, so 30 are left after the gap',
      rule: { missing: { after: '60s' }, for: '90s' },
      steps: [
        [0, 5],
        [100, 5],
        [140, 5],
      ],
      expect: ['pending 0@0 =5', 'missing 0@60 =5', 'present 0@100 =5', 'fired 0@130 =5'],
    },
    {
      why: '`keep_firing_for` stands still too: missing data never resolves',
      rule: { missing: { after: '60s' }, keep_firing_for: '90s' },
      steps: [[0, 5], [10, 4], { clock: 1000 }, [1000, 4, 1000], [1020, 4]],
      expect: ['fired 0@0 =5', 'recovering 0@10 =4', 'missing 0@70 =4', 'present 0@1000 =4'],
    },
    {
      why: '`for` that ends as data becomes missing: the value held until then, so it fires',
      rule: { missing: { after: '60s' }, for: '60s' },
      steps: [[0, 5], { clock: 62 }],
      expect: ['pending 0@0 =5', 'fired 0@60 =5', 'missing 0@60 =5'],
    },
    {
      why: 'by default it takes five minutes',
      rule: { missing: { severity: 'minor' } },
      steps: [[0, 1], [10, 1], { clock: 310.999 }, { clock: 311 }],
      expect: ['no-data fired 310@310 =1'],
    },
    {
      why: 'or twice the usual interval where that is more',
      rule: { missing: { severity: 'minor' } },
      steps: [[0, 1], [600, 1], [1200, 1], [1800, 1], { clock: 3000.999 }, { clock: 3001 }],
      expect: ['no-data fired 300@300 =1', 'no-data resolved 300@600 =1', 'no-data fired 3000@3000 =1'],
    },
    {
      why: 'a device that is always late by more than `after` fires, but does not flap between missing and present',
      rule: missing,
      steps: [[0, 1], { clock: 61 }, [30, 5, 100], [60, 5, 130], [90, 4, 160], [130, 4, 170]],
      expect: [
        'no-data fired 60@60 =1',
        'fired 60@60 =5',
        'missing 60@60 =5',
        'resolved 60@90 =4',
        'no-data resolved 60@130 =4',
      ],
    },
  ]);
});

describe('after an absence of the hub', () => {
  const missing = { missing: { after: '60s', severity: 'minor' as const } };
  test('what the broker kept comes before series count as missing', () => {
    const steps: Step[] = [
      [0, 1],
      { clock: 600 },
      [30, 1, 600.1],
      [80, 1, 600.2],
      [130, 1, 600.3],
      [590, 1, 601],
      { clock: 640 },
    ];
    expect(play([missing], steps)).toEqual(['no-data fired 190@190 =1', 'no-data resolved 190@590 =1']);
  });

  test('after a while the log clock counts again', () => {
    expect(play([missing], [[0, 1], { clock: 600 }, { clock: 629 }])).toEqual([]);
    expect(play([missing], [[0, 1], { clock: 600 }, { clock: 630 }])).toEqual(['no-data fired 60@60 =1']);
  });
});

describe('timers', () => {
  test('nextTimer is when the log clock is needed, and null when nothing runs', () => {
    const engine = new Engine(compileRules([rule({ for: '10s' })]));
    engine.declare(subject());
    expect(engine.nextTimer()).toBeNull();
    playOn(engine, [[0, 5]]);
    expect(engine.nextTimer()).toBe(seconds(11));
    playOn(engine, [[5, 4]]);
    expect(engine.nextTimer(), 'early, but never late').toBe(seconds(11));
    playOn(engine, [{ clock: 11 }]);
    expect(engine.nextTimer()).toBe(seconds(306));
  });

  test('a device that starts to send more often is missed sooner, also behind the timers of others', () => {
    const engine = new Engine(compileRules([rule({ missing: { severity: 'minor' } })]));
    engine.declare(subject(0));
    engine.declare(subject(1));
    const other = (time: number) => {
      const builder = new SampleBuilder();
      builder.push(1, seconds(time), 1, 0);
      return engine.process(seconds(time), builder.take());
    };
    playOn(engine, [
      [0, 1],
      [200, 1],
    ]);
    other(395);
    playOn(engine, [[400, 1], ...Array.from({ length: 60 }, (_, k): Step => [401 + k, 1])]);
    other(490);
    expect(playOn(engine, [{ clock: 761 }])).toEqual(['no-data fired 760@760 =1']);
    expect(engine.nextTimer()).toBe(seconds(791));
  });
});
