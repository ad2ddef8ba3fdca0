import type { Static } from 'typebox';
import type { Threshold } from '#contract/rule.ts';
import { comparison } from './bounds.ts';
import type { CompiledCondition } from './compiled-condition.ts';

/** The newest value against a limit. */
export function compileThreshold(condition: Static<typeof Threshold>): CompiledCondition {
  return {
    rising: comparison(condition.op, condition.value),
    holding: comparison(condition.op, condition.clear ?? condition.value),
    window: null,
  };
}
