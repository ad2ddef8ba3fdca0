import type { Authenticity } from '#contract/names.ts';
import type { Axis } from './axis.ts';

export type AuthenticityTrigger = 'checking' | 'confirmed' | 'refuted' | 'unverifiable';

/** Whether what the alert tells was verified by a person (article 9.2). A finding may be taken back, never to silence. */
export const AUTHENTICITY_AXIS: Axis<Authenticity, AuthenticityTrigger> = {
  unverified: { checking: 'checking', confirmed: 'confirmed', refuted: 'refuted', unverifiable: 'unverifiable' },
  checking: { confirmed: 'confirmed', refuted: 'refuted', unverifiable: 'unverifiable' },
  confirmed: { checking: 'checking', refuted: 'refuted', unverifiable: 'unverifiable' },
  refuted: { checking: 'checking', confirmed: 'confirmed' },
  unverifiable: { checking: 'checking', confirmed: 'confirmed', refuted: 'refuted' },
};
