import type { Alert } from '#contract/alert.ts';
import { coreText } from '../i18n/core-texts.ts';
import { endedUnseen } from '../state/alert-store.ts';

/** Longest pulsing of something new, seconds: an eye that did not come by then is not called by more blinking. */
export const PULSE_SECONDS = 30;

/**
 * How often a new critical alert still has to blink, once a second: from its firing for half a minute, then steady.
 * Nothing else ever blinks.
 */
export function pulsesLeft(alert: Alert, now: number): number {
  if (alert.severity !== 'critical' || alert.handling !== 'new' || alert.suppressed !== null) return 0;
  if (alert.condition !== 'firing' || alert.firedAt === null) return 0;
  const age = now - Date.parse(alert.firedAt);
  return Math.min(PULSE_SECONDS, Math.max(0, Math.ceil(PULSE_SECONDS - age / 1000)));
}

/** Handling in few words; what ended unseen, is shelved or has lost its data says that instead. */
export function handlingText(alert: Alert): string {
  if (endedUnseen(alert)) return coreText('condition.ended-unseen');
  if (alert.suppressed !== null) return coreText('alert.shelved');
  if (alert.quality === 'missing' || alert.quality === 'error') return coreText(`quality.${alert.quality}`);
  return coreText(`handling.short.${alert.handling}`);
}
