import type { Alert } from '#contract/alert.ts';
import type { Condition, Handling, Severity } from '#contract/names.ts';
import { endedUnseen } from '../../state/alert-store.ts';

/** One choice a field; null: all. `shelved` shows those put aside too. */
export interface QueueFilter {
  readonly severity: Severity | null;
  readonly condition: Condition | null;
  readonly handling: Handling | null;
  readonly unit: string | null;
  readonly shelved: boolean;
}

export const NO_FILTER: QueueFilter = { severity: null, condition: null, handling: null, unit: null, shelved: false };

/**
 * The queue: what matches, in the order given (worst first, then oldest). Pending alerts have not fired and are listed
 * only when asked for by their condition; shelved ones only when asked for.
 */
export function queueOf(alerts: readonly Alert[], filter: QueueFilter): readonly Alert[] {
  return alerts.filter(
    (alert) =>
      (filter.severity === null || alert.severity === filter.severity) &&
      (filter.condition === null ? alert.condition !== 'pending' : alert.condition === filter.condition) &&
      (filter.handling === null || alert.handling === filter.handling) &&
      (filter.unit === null || alert.unit === filter.unit) &&
      (filter.shelved || alert.suppressed === null || endedUnseen(alert)),
  );
}

/** How many are put aside and therefore not in the list, so that the list can say so. */
export function shelvedCount(alerts: readonly Alert[], filter: QueueFilter): number {
  if (filter.shelved) return 0;
  return queueOf(alerts, { ...filter, shelved: true }).length - queueOf(alerts, filter).length;
}

export function isFiltered(filter: QueueFilter): boolean {
  return filter.severity !== null || filter.condition !== null || filter.handling !== null || filter.unit !== null;
}

/** The neighbour of `id` in the list, `step` places on, held at the ends; the first when `id` is not in it. */
export function neighbour(list: readonly Alert[], id: string | null, step: number): string | null {
  const at = list.findIndex((alert) => alert.id === id);
  if (at < 0) return list[0]?.id ?? null;
  return list[Math.min(list.length - 1, Math.max(0, at + step))]?.id ?? null;
}
