/** Samples to look back on: with one every two seconds, a stepped page clock is forgotten within a minute. */
const WINDOW = 30;

/**
 * Hub clock minus page clock. A message is never older than its way took, so each gives a lower bound; the greatest of
 * the recent bounds is the one that travelled fastest.
 */
export class ClockOffset {
  #bounds: number[] = [];

  /** Milliseconds; null: no message yet. */
  get value(): number | null {
    return this.#bounds.length === 0 ? null : Math.max(...this.#bounds);
  }

  /** Both in ms since the Unix epoch, each by its own clock. */
  add(serverTime: number, receivedAt: number): void {
    if (!Number.isFinite(serverTime)) return;
    this.#bounds.push(serverTime - receivedAt);
    if (this.#bounds.length > WINDOW) this.#bounds.shift();
  }
}
