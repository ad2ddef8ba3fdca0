import type { Alert } from '#contract/alert.ts';
import { endedUnseen, isActive } from '../state/alert-store.ts';

/** What the wall lists, in the order of the store; shelved, pending and finished ones are not among it. */
export interface ListedAlerts {
  /** What goes on now: it comes first, and it alone is counted by severity. */
  readonly active: readonly Alert[];
  /** What ended before anybody saw it: below, for as long as nobody has. */
  readonly ended: readonly Alert[];
}

export function listedAlerts(alerts: readonly Alert[]): ListedAlerts {
  const shown = alerts.filter((alert) => alert.suppressed === null);
  return { active: shown.filter(isActive), ended: shown.filter(endedUnseen) };
}
