import type { Static } from 'typebox';
import type { Rate } from '#contract/rule.ts';
import { parseDuration } from '../duration.ts';
import { comparison } from './bounds.ts';
import type { CompiledCondition, Window } from './compiled-condition.ts';

/**
 * Change over a span: the value now minus the value that held `over` ago. A value holds until the next sample, or until
 * it is as old as the rule's `missing.after`; where none held, the change is not defined and the state of the rule stays.
 */
export function compileRate(condition: Static<typeof Rate>): CompiledCondition {
  return {
    rising: comparison(condition.op, condition.value),
    holding: comparison(condition.op, condition.clear ?? condition.value),
    window: changeOver(parseDuration(condition.over)),
  };
}

/** The first kept point is the reference as soon as it is `over` old; sums are formed alike everywhere, so that rounding agrees. */
function changeOver(over: number): Window {
  return {
    over,
    full: 'thin',
    derive(points, now, after) {
      while (points.length > 1 && points.time(1) + over <= now) points.dropFirst();
      if (points.length === 0) return Number.NaN;
      const reference = points.time(0) + over;
      if (reference > now || reference + after <= now) return Number.NaN;
      return points.value(points.length - 1) - points.value(0);
    },
    nextChange(points, now, after) {
      if (points.length === 0) return Infinity;
      const reference = points.time(0) + over;
      if (reference > now) return reference;
      const next = points.length > 1 ? points.time(1) + over : Infinity;
      const expiry = reference + after;
      return expiry > now ? Math.min(next, expiry) : next;
    },
  };
}
