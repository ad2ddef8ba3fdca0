import { describe, expect, test } from 'vitest';
import type { Rule } from '#contract/rule.ts';
import { Engine } from '../../../server/evaluate/engine.ts';
import { compileRules } from '../../../server/evaluate/rule-set.ts';
import { playOn, rule, type Step, seconds, subject, tell } from './timeline.ts';

function engineWith(more: Partial<Rule>, steps: readonly Step[]): Engine {
  const engine = new Engine(compileRules([rule(more)]));
  engine.declare(subject());
  playOn(engine, steps);
  return engine;
}

/** Both ways in which other rules come into force: while running, and at a start from a snapshot. */
const ways = [
  [
    'replaced',
    (engine: Engine, rules: Rule[]) => ({ engine, told: engine.replaceRules(compileRules(rules), seconds(50)) }),
  ],
  [
    'restored',
    (engine: Engine, rules: Rule[]) => ({ engine: Engine.restore(engine.snapshot(), compileRules(rules)), told: [] }),
  ],
] as const;

describe.each(ways)('rules %s', (way, swap) => {
  const change = (before: Partial<Rule>, steps: readonly Step[], after: Partial<Rule>[], then: readonly Step[]) => {
    const { engine, told } = swap(
      engineWith(before, steps),
      after.map((more) => rule(more)),
    );
    return [...told.map(tell), ...playOn(engine, then)];
  };

  test('an unchanged rule keeps its episode', () => {
    expect(change({ for: '60s' }, [[0, 5]], [{ for: '60s' }], [[61, 5]])).toEqual(['fired 0@60 =5']);
  });

  test('a new title is no change of the judgement', () => {
    const title = { vi: 'Mới', en: 'New' };
    expect(change({ for: '60s' }, [[0, 5]], [{ for: '60s', title }], [[61, 5]])).toEqual(['fired 0@60 =5']);
  });

  test('a longer span runs on by the difference', () => {
    expect(
      change(
        { for: '60s' },
        [[0, 5]],
        [{ for: '90s' }],
        [
          [80, 5],
          [91, 5],
        ],
      ),
    ).toEqual(['fired 0@90 =5']);
  });

  test('a shorter span that is over ends with the next look, not before what was told', () => {
    expect(change({ for: '60s' }, [[0, 5]], [{ for: '10s' }], [[55, 5]])).toEqual(['fired 0@10 =5']);
  });

  test('and not before the latest instant that was told', () => {
    const missing = { missing: { after: '30s' } };
    const steps: Step[] = [[0, 5], { clock: 31 }, [45, 5]];
    expect(change({ for: '60s', ...missing }, steps, [{ for: '1s', ...missing }], [[55, 5]])).toEqual([
      'fired 0@30 =5',
    ]);
  });

  test('another threshold judges from the next sample on; the alert stays the same one', () => {
    const threshold = { condition: { type: 'threshold' as const, op: '>=' as const, value: 8 } };
    expect(change({}, [[0, 5]], [threshold], [{ clock: 55 }, [60, 8], [61, 7]])).toEqual(['resolved 0@61 =7']);
    expect(change({}, [[0, 5]], [threshold], [[60, 7]])).toEqual(['resolved 0@60 =7']);
  });

  test('a rule that is gone ends its alerts', () => {
    const ended = way === 'replaced' ? 'rule-removed 0@50' : 'rule-removed 0@55';
    expect(change({}, [[0, 5]], [{ alert: 'another', select: { quantity: 'x' } }], [{ clock: 55 }])).toEqual([ended]);
  });

  test('a rule that no longer asks about missing data ends that alert, and only that one', () => {
    const missing = { missing: { after: '20s', severity: 'minor' as const } };
    const steps: Step[] = [[0, 5], { clock: 21 }];
    const at = way === 'replaced' ? 50 : 60;
    expect(
      change(
        missing,
        steps,
        [{ missing: { after: '20s' } }],
        [
          [60, 5],
          [61, 4],
        ],
      ),
    ).toEqual([`no-data rule-removed 20@${at}`, 'present 0@60 =5', 'resolved 0@61 =4']);
  });

  test('a new rule judges from the next sample on', () => {
    const added = [{}, { alert: 'any', condition: { type: 'threshold' as const, op: '>' as const, value: 1 } }];
    expect(change({}, [[0, 3]], added, [{ clock: 55 }, [60, 3]])).toEqual(['fired 60@60 =3']);
  });

  test('a threshold that becomes a rate waits for its own history', () => {
    const rate = { condition: { type: 'rate' as const, over: '10s', op: '<' as const, value: 0 } };
    expect(
      change(
        { for: '5s' },
        [
          [0, 5],
          [6, 5],
        ],
        [rate],
        [
          [60, 5],
          [70, 5],
        ],
      ),
    ).toEqual(['resolved 0@70 =0']);
  });
});

describe('other labels of a series', () => {
  const rules = compileRules([
    rule({ alert: 'any' }),
    rule({ alert: 'lam', select: { labels: { river: 'Lam' } } }),
    rule({ alert: 'hieu', select: { labels: { river: 'Hieu' } } }),
  ]);

  test('end the alerts of rules that no longer select it, and keep the others', () => {
    const engine = new Engine(rules);
    engine.declare(subject());
    expect(playOn(engine, [[0, 5]])).toHaveLength(2);
    engine.declare(subject(0, { labels: { river: 'Hieu' } }));
    expect(playOn(engine, [[9, 5]])).toEqual(['rule-removed 0@9', 'fired 9@9 =5']);
    expect(playOn(engine, [[10, 4]])).toEqual(['resolved 0@10 =4', 'resolved 9@10 =4']);
  });

  test('can change for ever without the engine growing', () => {
    const engine = new Engine(rules);
    for (let k = 0; k < 5_000; k++) engine.declare(subject(0, { labels: k % 2 ? { river: 'Lam' } : {} }));
    expect(playOn(engine, [[0, 5]])).toHaveLength(2);
    expect(engine.snapshot().length).toBeLessThan(4_000);
  });
});

test('bytes of another version are refused', async () => {
  const { serialize } = await import('node:v8');
  expect(() => Engine.restore(serialize({ version: 9 }), compileRules([]))).toThrow(RangeError);
});
