import type { Quality } from '#contract/names.ts';
import type { Axis } from './axis.ts';

export type QualityTrigger = 'missing' | 'present';

/** How far the data behind the alert can be trusted now. */
export const QUALITY_AXIS: Axis<Quality, QualityTrigger> = {
  live: { missing: 'missing' },
  late: { missing: 'missing', present: 'live' },
  missing: { present: 'live' },
  error: { missing: 'missing', present: 'live' },
};
