/** What a screen that runs for months needs and nobody is there to do. */
export interface ScreenCareOptions {
  /** ms since the Unix epoch. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly reload: () => void;
  /** Survives a reload, not the browser: `sessionStorage`. */
  readonly memory: Pick<Storage, 'getItem' | 'setItem'>;
}

const HOUR = 3_600_000;
/** A page that was loaded anew this often within an hour is not helped by doing so again: the browser must restart. */
const MOST_RELOADS = 3;
const RELOADS = 'wall-reloads';
/** The quietest hours; each screen takes its own minute of them, so that never all are dark at once. */
const NIGHT_FROM = 3 * 60;
const NIGHT_MINUTES = 120;
/** A page younger than this has nothing to be cleared of. */
const YOUNG = 6 * HOUR;

/** Loads the page anew: each night while all is calm, and when its graphics are gone for good. */
export class ScreenCare {
  readonly #options: ScreenCareOptions;
  readonly #startedAt: number;
  readonly #minute: number;

  constructor(options: ScreenCareOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#minute = NIGHT_FROM + Math.floor(options.random() * NIGHT_MINUTES);
  }

  /**
   * Once a second or so.
   * @param minuteOfDay in the wall's time zone
   * @param calm the hub is heard and nothing critical goes on: a screen never goes dark for its own sake otherwise
   */
  tick(minuteOfDay: number, calm: boolean): void {
    const due = minuteOfDay >= this.#minute && minuteOfDay < NIGHT_FROM + NIGHT_MINUTES;
    if (due && calm && this.#options.now() - this.#startedAt > YOUNG) this.#options.reload();
  }

  /** @returns whether the page is being loaded anew; if not, that would not help. */
  graphicsDead(): boolean {
    const { memory, now, reload } = this.#options;
    const recent = parseTimes(memory.getItem(RELOADS)).filter((time) => now() - time < HOUR);
    if (recent.length >= MOST_RELOADS) return false;
    memory.setItem(RELOADS, JSON.stringify([...recent, now()]));
    reload();
    return true;
  }
}

function parseTimes(text: string | null): number[] {
  try {
    const times: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(times) ? times.filter((time) => typeof time === 'number') : [];
  } catch {
    return [];
  }
}
