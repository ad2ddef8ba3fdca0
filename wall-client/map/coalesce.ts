/** Milliseconds between two drawings: people see no more than four changes a second, and drawing is dear. */
const DRAW_INTERVAL = 250;

export interface CoalesceClock {
  readonly now: () => number;
  /** @returns cancels. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
}

/**
 * Runs `action` at once when it last ran long enough ago, otherwise once when that time has come: however often it is
 * asked for, the newest state is drawn at most every `interval` ms, and always in the end.
 */
export function coalesce(action: () => void, clock: CoalesceClock, interval = DRAW_INTERVAL) {
  let last = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  const run = () => {
    cancel = null;
    last = clock.now();
    action();
  };
  return {
    request(): void {
      if (cancel !== null) return;
      const wait = last + interval - clock.now();
      if (wait <= 0) run();
      else cancel = clock.after(wait, run);
    },
    stop(): void {
      cancel?.();
      cancel = null;
    },
  };
}
