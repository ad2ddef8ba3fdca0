import type { NotifyClock } from './ports.ts';

/** The machine's time. Timers do not keep the process alive: what waits is in the journal. */
export const systemClock: NotifyClock = {
  now: Date.now,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
