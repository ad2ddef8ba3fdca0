import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rule, RuleCondition } from '#contract/rule.ts';
import { SampleBuilder, SampleFlag } from '#contract/sample-batch.ts';
import type { Verdict } from '#contract/verdict.ts';
import { Engine } from '../../../server/evaluate/engine.ts';
import { compileRules } from '../../../server/evaluate/rule-set.ts';
import { Oracle, type OracleSample, type OracleVerdict } from './oracle.ts';
import { seconds, subject } from './timeline.ts';

const SERIES = 2;
const options = { timerGrace: 1_000, awayAfter: 20_000, resumeGrace: 7_000 };

/** Spans on the samples' own grid, so that timers, windows and samples meet at the same instants all the time. */
const span = (max: number) => fc.integer({ min: 1, max }).map((n) => `${n}s`);
const limit = fc.integer({ min: 0, max: 6 });

/** `clear` lies on the easier side of the threshold, as the lint demands. */
const compared = fc
  .record({
    op: fc.constantFrom('>', '>=', '<', '<=', '==', '!='),
    value: limit,
    ease: fc.option(limit, { nil: undefined }),
  })
  .map(({ op, value, ease }) => {
    if (ease === undefined || op === '==' || op === '!=') return { op, value };
    return { op, value, clear: op.startsWith('>') ? value - ease : value + ease };
  });

const condition: fc.Arbitrary<RuleCondition> = fc.oneof(
  compared.map((limits) => ({ type: 'threshold' as const, ...limits })),
  fc
    .record({
      side: fc.constantFrom('inside', 'outside'),
      low: limit,
      width: limit,
      clear: fc.option(fc.constant(1), { nil: undefined }),
    })
    .map(({ side, low, width, clear }) => ({
      type: 'range' as const,
      [side]: [low, low + width],
      ...(clear !== undefined && { clear }),
    })),
  fc
    .tuple(span(8), compared)
    .map(([over, limits]) => ({ type: 'rate' as const, over, ...limits, value: limits.value - 2 })),
  fc
    .tuple(span(8), compared, fc.constantFrom('avg', 'min', 'max', 'sum', 'count', 'stddev', 'p95'))
    .map(([over, limits, fn]) => ({ type: 'aggregate' as const, fn, over, ...limits })),
) as fc.Arbitrary<RuleCondition>;

const rules: fc.Arbitrary<Rule[]> = fc
  .array(
    fc.record(
      {
        series: fc.integer({ min: 0, max: SERIES - 1 }),
        condition,
        for: span(6),
        keep_firing_for: span(6),
        missing: fc.record({ after: span(9), severity: fc.constant('minor' as const) }, { requiredKeys: [] }),
      },
      { requiredKeys: ['series', 'condition'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) =>
    list.map(({ series, ...rest }, k) => ({
      alert: `r${k}`,
      title: { vi: 'Thử', en: 'Test' },
      select: { quantity: `q${series}` },
      severity: 'major' as const,
      ...rest,
    })),
  );

/** A line of the log: time passes, then perhaps a sample comes, `ago` seconds old. */
interface Arrival {
  readonly pass: number;
  readonly sample: {
    readonly series: number;
    readonly ago: number;
    readonly value: number;
    readonly old: boolean;
  } | null;
  readonly cut: boolean;
  readonly restart: boolean;
}

const arrivals = (ago: fc.Arbitrary<number>): fc.Arbitrary<Arrival[]> =>
  fc.array(
    fc.record({
      pass: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 0, max: 3 }) },
        { weight: 1, arbitrary: fc.integer({ min: 4, max: 400 }) },
      ),
      sample: fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record({
            series: fc.integer({ min: 0, max: SERIES - 1 }),
            ago,
            value: fc.integer({ min: 0, max: 7 }),
            old: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
          }),
        },
        { weight: 2, arbitrary: fc.constant(null) },
      ),
      cut: fc.boolean(),
      restart: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 40 },
  );

interface Group {
  readonly at: number;
  readonly samples: OracleSample[];
  readonly restart: boolean;
}

/** The log in groups; the clock of a group is that of its last line, at most `longest` seconds after its first. */
function groups(lines: readonly Arrival[], cutAt: (line: Arrival) => boolean, longest = Infinity): Group[] {
  const result: Group[] = [];
  let now = 0;
  let first = 0;
  let samples: OracleSample[] = [];
  lines.forEach((line, k) => {
    now += line.pass;
    if (line.sample) {
      const { series, ago, value, old } = line.sample;
      samples.push({ series, time: seconds(now - ago), value, historical: old });
    }
    const next = lines[k + 1];
    if (next && !cutAt(line) && now + next.pass - first <= longest) return;
    result.push({ at: seconds(now), samples, restart: line.restart });
    samples = [];
    first = now + (next?.pass ?? 0);
  });
  return result;
}

function engineOf(ruleList: readonly Rule[], more = options): Engine {
  const engine = new Engine(compileRules(ruleList), more);
  for (let k = 0; k < SERIES; k++) engine.declare(subject(k, { quantity: `q${k}` }));
  return engine;
}

function batch(samples: readonly OracleSample[]) {
  const builder = new SampleBuilder();
  for (const { series, time, value, historical } of samples) {
    builder.push(series, time, value, historical ? SampleFlag.historical : 0);
  }
  return builder.take();
}

const plain = (verdict: Verdict): OracleVerdict => ({
  rule: verdict.template.rule,
  series: verdict.subject.number,
  kind: verdict.kind,
  startsAt: verdict.startsAt,
  at: verdict.at,
  value: verdict.value,
});

/** By rule and series, each in its own order; an alert about missing data belongs to its rule's course. */
function byCourse(verdicts: readonly OracleVerdict[]): [string, OracleVerdict[]][] {
  const courses = new Map<string, OracleVerdict[]>();
  for (const verdict of verdicts) {
    const key = `${verdict.rule.replace(':missing', '')} ${verdict.series}`;
    courses.set(key, [...(courses.get(key) ?? []), verdict]);
  }
  return [...courses].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe('the engine against the naive reading of the contract', () => {
  test('same verdicts after every group, whatever comes late, twice or not at all, also across restarts', () => {
    const log = arrivals(
      fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: 12 }) }),
    );
    fc.assert(
      fc.property(rules, log, (ruleList, lines) => {
        const oracle = new Oracle(ruleList, SERIES, options);
        let engine = engineOf(ruleList);
        for (const { at, samples, restart } of groups(lines, (line) => line.cut)) {
          const expected = oracle.process(at, samples);
          const actual = engine.process(at, batch(samples)).map(plain);
          expect(byCourse(actual)).toEqual(byCourse(expected));
          expect(engine.nextTimer() ?? Infinity).toBeLessThanOrEqual(oracle.nextTimer() ?? Infinity);
          if (restart) engine = Engine.restore(engine.snapshot(), compileRules(ruleList), options);
        }
      }),
      { numRuns: 6_000 },
    );
  });

  test('what comes in time gives the same verdicts however the log is cut into groups', () => {
    const patient = { ...options, timerGrace: 4_000 };
    fc.assert(
      fc.property(rules, arrivals(fc.constant(0)), (ruleList, lines) => {
        const run = (cutAt: (line: Arrival) => boolean) => {
          const engine = engineOf(ruleList, patient);
          const verdicts: OracleVerdict[] = [];
          const log = groups(lines, cutAt, 3);
          const end = log.at(-1)!.at + 600_000;
          for (const { at, samples } of [...log, { at: end, samples: [] }]) {
            // As live: a timer that is due gets a group of its own.
            for (let due = engine.nextTimer(); due !== null && due < at; due = engine.nextTimer()) {
              verdicts.push(...engine.process(due, batch([])).map(plain));
            }
            verdicts.push(...engine.process(at, batch(samples)).map(plain));
          }
          return byCourse(verdicts);
        };
        expect(run((line) => line.cut)).toEqual(run(() => true));
      }),
      { numRuns: 2_000 },
    );
  });

  test('two runs, one with a restart, agree to the order of all verdicts', () => {
    fc.assert(
      fc.property(rules, arrivals(fc.integer({ min: 0, max: 3 })), (ruleList, lines) => {
        let restarted = engineOf(ruleList);
        const steady = engineOf(ruleList);
        for (const { at, samples } of groups(lines, (line) => line.cut)) {
          expect(restarted.process(at, batch(samples))).toEqual(steady.process(at, batch(samples)));
          restarted = Engine.restore(restarted.snapshot(), compileRules(ruleList), options);
          steady.nextTimer();
        }
      }),
      { numRuns: 300 },
    );
  });
});
