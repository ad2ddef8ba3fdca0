interface Attempts {
  failures: number;
  since: number;
}

export interface ConnectThrottleOptions {
  readonly now: () => number;
  /** Wrong passwords in a window until an address must wait (10). */
  readonly maxFailures?: number;
  /** Milliseconds (60,000). */
  readonly window?: number;
  /** Addresses remembered; the oldest gives way (10,000). */
  readonly maxAddresses?: number;
}

/** Slows guessing of passwords: after too many wrong ones an address waits until its window is over. */
export class ConnectThrottle {
  readonly #now: () => number;
  readonly #maxFailures: number;
  readonly #window: number;
  readonly #maxAddresses: number;
  #attempts = new Map<string, Attempts>();

  constructor(options: ConnectThrottleOptions) {
    this.#now = options.now;
    this.#maxFailures = options.maxFailures ?? 10;
    this.#window = options.window ?? 60_000;
    this.#maxAddresses = options.maxAddresses ?? 10_000;
  }

  mustWait(address: string): boolean {
    const attempts = this.#current(address);
    return attempts !== undefined && attempts.failures >= this.#maxFailures;
  }

  failed(address: string): void {
    const attempts = this.#current(address);
    if (attempts !== undefined) {
      attempts.failures++;
      return;
    }
    if (this.#attempts.size >= this.#maxAddresses) {
      const oldest = this.#attempts.keys().next().value;
      if (oldest !== undefined) this.#attempts.delete(oldest);
    }
    this.#attempts.set(address, { failures: 1, since: this.#now() });
  }

  #current(address: string): Attempts | undefined {
    const attempts = this.#attempts.get(address);
    if (attempts === undefined || this.#now() - attempts.since < this.#window) return attempts;
    this.#attempts.delete(address);
    return undefined;
  }
}
