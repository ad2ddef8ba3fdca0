import type { RuleCondition } from '#contract/rule.ts';
import { compileAggregate } from './aggregate.ts';
import type { CompiledCondition } from './compiled-condition.ts';
import { compileRange } from './range.ts';
import { compileRate } from './rate.ts';
import { compileThreshold } from './threshold.ts';

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
