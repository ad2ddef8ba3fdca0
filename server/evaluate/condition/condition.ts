import type { RuleCondition } from '#contract/rule.ts';
import type { History } from '../history.ts';
import { compileAggregate } from './aggregate.ts';
import type { Bounds } from './bounds.ts';
import { compileRange } from './range.ts';
import { compileRate } from './rate.ts';
import { compileThreshold } from './threshold.ts';

/** What is judged over a span of past samples rather than over the newest value alone. */
export interface Window {
  /** Milliseconds. */
  readonly over: number;
  /** What a full history gives up: half of its older points (`thin`), or the oldest ones (`drop`). */
  readonly full: 'thin' | 'drop';
  /** Forgets what no later instant can need, then gives the value at `now`; NaN where it is not defined. */
  derive(points: History, now: number, after: number): number;
  /** The next instant after the last `derive` at which the value may change without a new sample. */
  nextChange(points: History, now: number, after: number): number;
}

/** One condition of a rule, ready to judge. */
export interface CompiledCondition {
  /** What must hold to become true. */
  readonly rising: Bounds;
  /** What must hold to stay true while firing: differs from `rising` by `clear`. */
  readonly holding: Bounds;
  readonly window: Window | null;
}

/** A new condition is one file beside this one and one line here. */
const compilers: {
  readonly [K in RuleCondition['type']]: (condition: Extract<RuleCondition, { type: K }>) => CompiledCondition;
} = {
  threshold: compileThreshold,
  range: compileRange,
  rate: compileRate,
  aggregate: compileAggregate,
};

export function compileCondition(condition: RuleCondition): CompiledCondition {
  const compile = compilers[condition.type] as (condition: RuleCondition) => CompiledCondition;
  return compile(condition);
}
