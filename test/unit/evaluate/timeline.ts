import type { Rule } from '#contract/rule.ts';
import { SampleBuilder, SampleFlag } from '#contract/sample-batch.ts';
import type { Subject, Verdict } from '#contract/verdict.ts';
import { Engine, type EngineOptions } from '../../../server/evaluate/engine.ts';
import { compileRules } from '../../../server/evaluate/rule-set.ts';

/** Seconds in the tests, milliseconds in the engine; far enough from zero to be a real time. */
export const EPOCH = 1_700_000_000_000;
export const seconds = (s: number) => EPOCH + s * 1000;

export const subject = (number = 0, more: Partial<Subject> = {}): Subject => ({
  number,
  seriesId: `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`,
  unit: 'so-nnmt',
  source: 'gauges',
  thing: `g${number}`,
  thingName: `Trạm ${number}`,
  quantity: 'water-level',
  uom: 'm',
  labels: { river: 'Lam' },
  position: [105.7, 18.7],
  ...more,
});

export const rule = (more: Partial<Rule> = {}): Rule => ({
  alert: 'river-high',
  title: { vi: 'Mực nước cao', en: 'River high' },
  select: { quantity: 'water-level' },
  condition: { type: 'threshold', op: '>=', value: 5 },
  severity: 'major',
  ...more,
});

/** One line a verdict: `fired 0@5 =5.5`, with start and instant in seconds. */
export function tell(verdict: Verdict): string {
  const at = (ms: number) => (ms - EPOCH) / 1000;
  const missing = verdict.template.rule.endsWith(':missing') ? 'no-data ' : '';
  const value = verdict.value === null ? '' : ` =${Math.round(verdict.value * 1e6) / 1e6}`;
  return `${missing}${verdict.kind} ${at(verdict.startsAt)}@${at(verdict.at)}${value}`;
}

export type Step =
  /** [time, value] in seconds, taken at its own time; a third number is the log clock. */
  | readonly [time: number, value: number, clock?: number]
  /** The log clock alone. */
  | { readonly clock: number };

/** Feeds one series step by step, each a group of its own, and returns the verdicts as lines. */
export function play(rules: Partial<Rule>[], steps: readonly Step[], options: Partial<EngineOptions> = {}): string[] {
  const engine = new Engine(compileRules(rules.map((more) => rule(more))), options);
  engine.declare(subject());
  return playOn(engine, steps);
}

export function playOn(engine: Engine, steps: readonly Step[], flags = 0): string[] {
  const builder = new SampleBuilder();
  return steps.flatMap((step) => {
    if ('clock' in step) return engine.process(seconds(step.clock), builder.take()).map(tell);
    const [time, value, clock = time] = step;
    builder.push(0, seconds(time), value, flags);
    return engine.process(seconds(clock), builder.take()).map(tell);
  });
}

export const HISTORICAL = SampleFlag.historical;
