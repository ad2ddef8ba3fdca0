/**
 * What the map says of its graphics. `lost`: a context went away, recovery is under way. `dead`: it did not come back
 * in time, or there never was one; only a new page, or in the end a new browser, helps.
 */
export type GraphicsState = 'ready' | 'lost' | 'dead';

export interface GraphicsRecoveryOptions {
  readonly onState: (state: GraphicsState) => void;
  /** Builds anew what does not come back by itself. Called when the browser gave the contexts back. */
  readonly rebuild: () => void;
  /** `setTimeout` or a virtual clock's. @returns cancels. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
  /** Milliseconds after which a lost context counts as gone for good. */
  readonly patience?: number;
}

/** Time for the driver to restart. */
const PATIENCE = 8000;

/**
 * Follows the two contexts of the map, the base map's and the overlay's: each may be lost alone, and the picture is
 * whole only when both are there.
 */
export class GraphicsRecovery {
  readonly #options: GraphicsRecoveryOptions;
  readonly #lost = new Set<string>();
  #state: GraphicsState = 'ready';
  #cancel: (() => void) | null = null;

  constructor(options: GraphicsRecoveryOptions) {
    this.#options = options;
  }

  get state(): GraphicsState {
    return this.#state;
  }

  lost(context: string): void {
    this.#lost.add(context);
    if (this.#state !== 'ready') return;
    this.#enter('lost');
    this.#cancel = this.#options.after(this.#options.patience ?? PATIENCE, () => this.#enter('dead'));
  }

  /** Also from `dead`: a browser that comes back late is as welcome. */
  restored(context: string): void {
    if (!this.#lost.delete(context) || this.#lost.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#options.rebuild();
    this.#enter('ready');
  }

  /** There is no graphics at all. */
  failed(): void {
    this.#cancel?.();
    this.#enter('dead');
  }

  #enter(state: GraphicsState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
