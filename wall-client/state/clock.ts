import { Observable } from './observable.ts';

/** How the clock is wound: `setInterval` and `clearInterval`, or a virtual clock's. */
export interface Ticker {
  every(milliseconds: number, tick: () => void): () => void;
}

/** The hub's time, ticking once a second for ages and countdowns. */
export class ServerClock extends Observable {
  readonly #serverNow: () => number;
  #stop: (() => void) | null;

  /** @param serverNow hub clock, ms since the Unix epoch, such as `connection.serverNow`. */
  constructor(serverNow: () => number, ticker: Ticker = intervalTicker) {
    super();
    this.#serverNow = serverNow;
    this.#stop = ticker.every(1000, () => this.changed());
  }

  /** Hub clock, ms since the Unix epoch. */
  get now(): number {
    return this.#serverNow();
  }

  /** Milliseconds since an instant of the hub; never negative, for a clock estimate may be off by a little. */
  ageOf(time: number): number {
    return Math.max(0, this.now - time);
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }
}

export const intervalTicker: Ticker = {
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds);
    return () => clearInterval(timer);
  },
};
