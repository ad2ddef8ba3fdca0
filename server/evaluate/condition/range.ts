import type { Static } from 'typebox';
import type { Range } from '#contract/rule.ts';
import type { CompiledCondition } from './compiled-condition.ts';

/** The newest value against a band. `clear` moves both ends so that the alert ends later than it began. */
export function compileRange(condition: Static<typeof Range>): CompiledCondition {
  const within = condition.inside !== undefined;
  const [low, high] = condition.inside ?? condition.outside!;
  const wider = (within ? 1 : -1) * (condition.clear ?? 0);
  return {
    rising: { low, high, within },
    holding: { low: low - wider, high: high + wider, within },
    window: null,
  };
}
