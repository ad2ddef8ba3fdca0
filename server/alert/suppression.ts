import type { Axis } from './axis.ts';

export type SuppressionState = 'announced' | 'shelved';
export type SuppressionTrigger = 'shelve' | 'unshelve' | 'shelf-ended' | 'ended';

/** Whether the alert is kept quiet. Every shelf has an owner, a reason and an end, and none outlives its alert. */
export const SUPPRESSION_AXIS: Axis<SuppressionState, SuppressionTrigger> = {
  announced: { shelve: 'shelved', ended: 'announced' },
  shelved: { shelve: 'shelved', unshelve: 'announced', 'shelf-ended': 'announced', ended: 'announced' },
};

/** Longest shelf, ms. */
export const LONGEST_SHELF = 7 * 86_400_000;
