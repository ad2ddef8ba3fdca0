import type { Alert } from '#contract/alert.ts';
import { endedUnseen, isActive } from '../state/alert-store.ts';

/** What the wall lists: what goes on and is not shelved, then what ended before anybody saw it. */
export function listedAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const shown = alerts.filter((alert) => alert.suppressed === null);
  return [...shown.filter(isActive), ...shown.filter(endedUnseen)];
}
