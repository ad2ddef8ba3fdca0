/** Time that passes only when a test says so; timers fire in the order of their instants. */
export class VirtualClock {
  #now: number;
  #timers: { at: number; call: () => void }[] = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const timer = { at: this.#now + milliseconds, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  readonly every = (milliseconds: number, tick: () => void): (() => void) => {
    let cancel = () => {};
    const wind = () => {
      cancel = this.after(milliseconds, () => {
        wind();
        tick();
      });
    };
    wind();
    return () => cancel();
  };

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
    }
    this.#now = end;
  }
}
