import { BadQuery, Conflict, reasonOf, StoreRefused, StoreUnavailable } from './errors.ts';
import type { LogLevel } from './ports.ts';
import type { StoreStatus } from './service.ts';
import { STORE_CALLS, type StoreCalls } from './surface.ts';

/** What main and the store's thread say to each other. */
export type ToWorker =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly area: string;
      readonly name: string;
      readonly args: unknown[];
    }
  | { readonly kind: 'notify' }
  | { readonly kind: 'close' };

interface WireError {
  readonly type: 'unavailable' | 'conflict' | 'bad-query' | 'refused' | 'other';
  readonly code: string;
  readonly message: string;
}

export type FromWorker =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'status'; readonly status: StoreStatus }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>> | undefined;
    };

export function toWire(error: unknown): WireError {
  const message = reasonOf(error);
  if (error instanceof StoreUnavailable) return { type: 'unavailable', code: error.code, message };
  if (error instanceof Conflict) return { type: 'conflict', code: error.code, message };
  if (error instanceof BadQuery) return { type: 'bad-query', code: error.code, message };
  if (error instanceof StoreRefused) return { type: 'refused', code: error.code, message };
  return { type: 'other', code: 'store-failed', message };
}

export function fromWire(error: WireError): Error {
  if (error.type === 'unavailable') return new StoreUnavailable(error.code as StoreUnavailable['code'], error.message);
  if (error.type === 'conflict') return new Conflict(error.code as Conflict['code'], error.message);
  if (error.type === 'bad-query') return new BadQuery(error.message);
  if (error.type === 'refused') return new StoreRefused(error.message);
  return new Error(error.message);
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export interface CallerOptions {
  readonly post: (message: ToWorker) => void;
  /** Null: call. Else why no call can succeed now. */
  readonly obstacle: () => StoreUnavailable | null;
  /** Calls under way at once; the next fails with `store-busy`. */
  readonly most: number;
  /** Milliseconds until a call fails with `store-timeout`. */
  readonly deadline: number;
}

/** Main's side: numbers the calls, matches the answers, bounds both count and time. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  /** An object with all of the store's calls. */
  client(): StoreCalls {
    const areas = Object.entries(STORE_CALLS).map(([area, names]) => [
      area,
      Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => this.#call(area, name, args)])),
    ]);
    return Object.fromEntries(areas) as StoreCalls;
  }

  settle(message: Extract<FromWorker, { kind: 'result' | 'error' }>): void {
    const pending = this.#pending.get(message.id);
    // Its deadline passed: the caller has been told already.
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    if (message.kind === 'result') pending.resolve(message.value);
    else pending.reject(fromWire(message.error));
  }

  failAll(error: Error): void {
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
    this.#pending.clear();
  }

  #call(area: string, name: string, args: unknown[]): Promise<unknown> {
    const obstacle = this.#options.obstacle();
    if (obstacle !== null) return Promise.reject(obstacle);
    if (this.#pending.size >= this.#options.most) {
      return Promise.reject(new StoreUnavailable('store-busy', `${this.#options.most} queries are waiting already`));
    }
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new StoreUnavailable('store-timeout', `no answer within ${this.#options.deadline} ms`));
      }, this.#options.deadline);
      this.#pending.set(id, { resolve, reject, timer });
      this.#options.post({ kind: 'call', id, area, name, args });
    });
  }
}

/** The worker's side: runs a call that {@link STORE_CALLS} names and answers it. */
export async function answer(
  calls: StoreCalls,
  message: Extract<ToWorker, { kind: 'call' }>,
  post: (message: FromWorker) => void,
): Promise<void> {
  const { id, area, name, args } = message;
  try {
    const names: readonly string[] = STORE_CALLS[area as keyof StoreCalls] ?? [];
    if (!names.includes(name)) throw new Error(`the store has no call ${area}.${name}`);
    const methods = calls[area as keyof StoreCalls] as unknown as Record<string, (...args: unknown[]) => unknown>;
    post({ kind: 'result', id, value: await methods[name]?.(...args) });
  } catch (error) {
    post({ kind: 'error', id, error: toWire(error) });
  }
}
