import type { Condition } from '#contract/names.ts';
import type { Axis } from './axis.ts';

export type ConditionTrigger =
  | 'pending'
  | 'cancelled'
  | 'fired'
  | 'recovering'
  | 'refired'
  | 'resolved'
  | 'rule-removed';

/** What the engine says of the rule's condition. People do not move this axis; see `endedByPersonAt`. */
export const CONDITION_AXIS: Axis<Condition, ConditionTrigger> = {
  pending: { fired: 'firing', cancelled: 'resolved', 'rule-removed': 'resolved' },
  firing: { recovering: 'recovering', resolved: 'resolved', 'rule-removed': 'resolved' },
  recovering: { refired: 'firing', resolved: 'resolved', 'rule-removed': 'resolved' },
  // A value corrected twice at its instant ends an episode and begins it again: the same start is the same alert.
  resolved: { pending: 'pending', fired: 'firing' },
};
