import type { AlertChange } from '#contract/alert.ts';

/** The newest changes, so that a client that was away a moment gets just what it missed. */
export class ChangeRing {
  readonly #limit: number;
  #changes: AlertChange[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(change: AlertChange): void {
    this.#changes.push(change);
    // Trimmed in one go now and then: shifting each time would move the whole array.
    if (this.#changes.length >= 2 * this.#limit) this.#changes = this.#changes.slice(-this.#limit);
  }

  /** Changes after `seq`, oldest first; null when they are not all here any more. */
  since(seq: number, newest: number): AlertChange[] | null {
    if (seq === newest) return [];
    const missed = newest - seq;
    if (missed < 0 || missed > Math.min(this.#limit, this.#changes.length)) return null;
    return this.#changes.slice(-missed);
  }

  /** What is still here of one alert, oldest first. */
  of(alertId: string): AlertChange[] {
    return this.#changes.filter((change) => change.alert.id === alertId);
  }
}
