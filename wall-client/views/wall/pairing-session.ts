import type { WallPairing } from '#contract/wall.ts';
import { HttpError, type HubHttp } from '../../connection/http.ts';

/** Where pairing stands, for the screen to say. `retryAt` in ms of the clock given. */
export type PairingProgress =
  | { readonly step: 'asking' }
  | { readonly step: 'waiting'; readonly code: string; readonly expiresAt: number }
  | { readonly step: 'expired' }
  | { readonly step: 'failed'; readonly error: HttpError | null; readonly retryAt: number }
  | { readonly step: 'paired' };

export interface PairingSessionOptions {
  readonly http: Pick<HubHttp, 'get' | 'post'>;
  readonly wall: string;
  readonly now: () => number;
  /** @returns cancels. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
  readonly onProgress: (progress: PairingProgress) => void;
}

const POLL_EVERY = 2000;
const RETRY_AFTER = 10_000;
/** An expired code stays readable as such for a moment before the new one takes its place. */
const EXPIRED_FOR = 2000;

/**
 * Asks for a code, waits until somebody enters it at the desk, and asks anew when it expires or the hub is away: a
 * screen on a wall has no keyboard, so it never gives up.
 */
export class PairingSession {
  readonly #options: PairingSessionOptions;
  #cancel: (() => void) | null = null;
  #stopped = false;
  #waiting: Extract<PairingProgress, { step: 'waiting' }> | null = null;

  constructor(options: PairingSessionOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #ask(): Promise<void> {
    this.#waiting = null;
    this.#tell({ step: 'asking' });
    await this.#settle(() => this.#options.http.post<WallPairing>('/wall-pairings', { wall: this.#options.wall }));
  }

  async #poll(): Promise<void> {
    await this.#settle(() => this.#options.http.get<WallPairing>('/wall-pairings/current'));
  }

  async #settle(call: () => Promise<WallPairing>): Promise<void> {
    try {
      const pairing = await call();
      if (!this.#stopped) this.#take(pairing);
    } catch (error) {
      if (!this.#stopped) this.#fail(error);
    }
  }

  #take(pairing: WallPairing): void {
    const expiresAt = Date.parse(pairing.expiresAt);
    if (pairing.state === 'paired') {
      this.#tell({ step: 'paired' });
    } else if (pairing.state === 'expired' || expiresAt <= this.#options.now()) {
      this.#expire();
    } else {
      this.#waiting = { step: 'waiting', code: pairing.code, expiresAt };
      this.#tell(this.#waiting);
      this.#next(POLL_EVERY, () => this.#poll());
    }
  }

  #fail(error: unknown): void {
    const known = error instanceof HttpError ? error : null;
    const { now } = this.#options;
    // The hub forgot the code: it restarted, or the code ran out between two questions.
    const forgotten = known?.status === 404 || known?.status === 410;
    if (this.#waiting !== null && forgotten) {
      this.#expire();
    } else if (this.#waiting !== null && this.#waiting.expiresAt > now()) {
      // A moment without the hub: the code is still good, and somebody may be typing it.
      this.#next(POLL_EVERY, () => this.#poll());
    } else {
      this.#tell({ step: 'failed', error: known, retryAt: now() + RETRY_AFTER });
      this.#next(RETRY_AFTER, () => this.#ask());
    }
  }

  #expire(): void {
    this.#tell({ step: 'expired' });
    this.#next(EXPIRED_FOR, () => this.#ask());
  }

  #next(milliseconds: number, action: () => Promise<void>): void {
    this.#cancel = this.#options.after(milliseconds, () => void action());
  }

  #tell(progress: PairingProgress): void {
    this.#options.onProgress(progress);
  }
}
