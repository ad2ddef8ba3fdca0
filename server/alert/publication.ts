import type { Publication } from '#contract/names.ts';
import type { Axis } from './axis.ts';

export type PublicationTrigger = 'publish' | 'unconfirmed';

/**
 * What the public may know. Two steps after a confirmation: one person approves who did not verify, then it is
 * published. A confirmation taken back cancels what was approved or published.
 */
export const PUBLICATION_AXIS: Axis<Publication, PublicationTrigger> = {
  internal: { publish: 'approved', unconfirmed: 'internal' },
  approved: { publish: 'published', unconfirmed: 'cancelled' },
  published: { unconfirmed: 'cancelled' },
  cancelled: { publish: 'approved', unconfirmed: 'cancelled' },
};
