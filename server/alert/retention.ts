import { type AlertState, shownCondition, shownEnd } from './alert-state.ts';

export interface RetentionLimits {
  /** Alerts that are over and done with: the newest so many stay in memory. */
  readonly closed: number;
  /** Alerts that are over but not handled: beyond so many the oldest count as closed. */
  readonly waiting: number;
  /** An alert that is over and that nobody took in hand counts as closed after so long, ms. */
  readonly waitFor: number;
}

/** Alert ids with their ends, in order. */
export interface SavedRetention {
  readonly waiting: readonly (readonly [string, number])[];
  readonly closed: readonly (readonly [string, number])[];
}

/**
 * Decides which alerts memory may forget; the database keeps them all. Open alerts are bounded by the engine's
 * instances, the others by the limits here.
 */
export class Retention {
  readonly #limits: RetentionLimits;
  /** Alert id → when it ended, in the order in which they came. */
  readonly #waiting = new Map<string, number>();
  readonly #closed = new Map<string, number>();

  constructor(limits: RetentionLimits) {
    this.#limits = limits;
  }

  isClosed(id: string): boolean {
    return this.#closed.has(id);
  }

  place(alert: AlertState): void {
    this.#waiting.delete(alert.id);
    this.#closed.delete(alert.id);
    if (shownCondition(alert) !== 'resolved') return;
    const over = alert.handling === 'acknowledged' || alert.handling === 'done' || alert.handling === 'closed';
    (over ? this.#closed : this.#waiting).set(alert.id, shownEnd(alert) ?? alert.startsAt);
  }

  /** @returns the ids to forget. Alerts somebody is working on stay until they are done. */
  sweep(at: number, handlingOf: (id: string) => AlertState['handling']): string[] {
    for (const [id, endedAt] of this.#waiting) {
      const crowded = this.#waiting.size > this.#limits.waiting;
      if (!crowded && endedAt + this.#limits.waitFor > at) break;
      if (!crowded && handlingOf(id) !== 'new') continue;
      this.#waiting.delete(id);
      this.#closed.set(id, endedAt);
    }
    const forgotten: string[] = [];
    for (const id of this.#closed.keys()) {
      if (this.#closed.size <= this.#limits.closed) break;
      this.#closed.delete(id);
      forgotten.push(id);
    }
    return forgotten;
  }

  save(): SavedRetention {
    return { waiting: [...this.#waiting], closed: [...this.#closed] };
  }

  /** Fills a new one. */
  load({ waiting, closed }: SavedRetention): void {
    for (const [id, endedAt] of waiting) this.#waiting.set(id, endedAt);
    for (const [id, endedAt] of closed) this.#closed.set(id, endedAt);
  }
}
