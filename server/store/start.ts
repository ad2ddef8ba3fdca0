import { Worker } from 'node:worker_threads';
import type { Series } from '#contract/series.ts';
import type { StoreKind } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import type { Retention } from './maintenance.ts';
import type { Log } from './ports.ts';
import { Caller, type FromWorker, fromWire, type ToWorker } from './rpc.ts';
import type { StoreStatus } from './service.ts';
import type { StoreCalls } from './surface.ts';
import type { StoreWorkerData } from './worker.ts';

const MOST_CALLS = 500;
/** A little over the database's own limit for a query (10 s) and its turn behind a write. */
const CALL_DEADLINE = 15_000;

export interface StoreOptions {
  /** PostgreSQL URL. */
  readonly url: string;
  readonly kind: StoreKind;
  /** This node's name among the hubs on one database; the same after every restart. */
  readonly hub: string;
  /** URL of a module that exports `openJournalReader`, and the journal's directory. */
  readonly journal: { readonly module: string; readonly path: string };
  /** Series that the registry knows at start, with their numbers. */
  readonly series?: readonly Series[];
  /** Default: samples 400 days after they came in, quarantine 30 days. */
  readonly retention?: Retention;
  /** Milliseconds between maintenance rounds; default 60,000. */
  readonly maintenanceEvery?: number;
  readonly log: Log;
}

/**
 * The database, from main's side. Calls reject with `StoreUnavailable` at once while it is down. Positions tell how far
 * the journal has been carried over.
 */
export interface Store extends StoreCalls {
  /** The last that the store's thread told; synchronous. */
  status(): StoreStatus;
  /** Called when the database has come further in either log. */
  onPosition(listener: (status: StoreStatus) => void): void;
  /** Called when the state or its reason changes. */
  onStatus(listener: (status: StoreStatus) => void): void;
  /** "The journal has news". Any number of times in one turn of the event loop is one message. */
  notify(): void;
  /** Ends after the transaction under way; idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the store's thread. Resolves as soon as the first connection is up or has failed: an outage at start is a state,
 * not an error. Rejects with `StoreRefused` if the server or its schema must not be used.
 */
export async function startStore(options: StoreOptions): Promise<Store> {
  const data: StoreWorkerData = {
    url: options.url,
    kind: options.kind,
    hub: options.hub,
    journal: options.journal,
    series: options.series ?? [],
    retention: options.retention ?? { samplesDays: 400, quarantineDays: 30 },
    maintenanceEvery: options.maintenanceEvery ?? 60_000,
  };
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  // Without this process's own flags: the thread's files are compiled, whatever the process was told to resolve.
  const spawn = () => new Worker(new URL(file, import.meta.url), { workerData: data, execArgv: [] });
  const store = new StoreThread(spawn, options);
  await store.started;
  return store.surface();
}

class StoreThread {
  readonly started: Promise<void>;
  readonly #spawn: () => Worker;
  #worker: Worker;
  #restarts = 0;
  readonly #log: Log;
  readonly #caller: Caller;
  readonly #positionListeners: ((status: StoreStatus) => void)[] = [];
  readonly #statusListeners: ((status: StoreStatus) => void)[] = [];
  #status: StoreStatus;
  #notified = false;
  #closing = false;
  #closed: Promise<void> = Promise.resolve();
  #ended: (() => void) | null = null;
  #restart: NodeJS.Timeout | null = null;

  constructor(spawn: () => Worker, options: StoreOptions) {
    this.#spawn = spawn;
    this.#worker = spawn();
    this.#log = options.log;
    this.#status = { ...NOTHING_YET, kind: options.kind };
    this.#caller = new Caller({
      post: (message) => this.#post(message),
      obstacle: () => this.#obstacle(),
      most: MOST_CALLS,
      deadline: CALL_DEADLINE,
    });
    this.started = this.#listen();
    // What cannot begin is refused, not tried again.
    this.started.catch(() => {
      this.#closing = true;
    });
  }

  /** Resolves when the thread works, rejects when it cannot begin to. */
  #listen(): Promise<void> {
    const worker = this.#worker;
    let reason = "the store's thread ended";
    return new Promise((done, fail) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'started') done();
        else if (message.kind === 'failed') fail(fromWire(message.error));
        else this.#receive(message);
      });
      worker.on('error', (error) => {
        reason = error.message;
        fail(error);
      });
      worker.once('exit', () => this.#died(reason));
    });
  }

  surface(): Store {
    return {
      ...this.#caller.client(),
      status: () => this.#status,
      onPosition: (listener) => void this.#positionListeners.push(listener),
      onStatus: (listener) => void this.#statusListeners.push(listener),
      notify: () => this.#notify(),
      close: () => this.#close(),
    };
  }

  #receive(message: Exclude<FromWorker, { kind: 'started' | 'failed' }>): void {
    if (message.kind === 'log') this.#log(message.level, message.message, message.fields);
    else if (message.kind === 'status') this.#setStatus(message.status);
    else this.#caller.settle(message);
  }

  #setStatus(next: StoreStatus): void {
    const before = this.#status;
    this.#status = next;
    const moved = next.inputPosition !== before.inputPosition || next.outcomePosition !== before.outcomePosition;
    if (moved) for (const listener of this.#positionListeners) listener(next);
    if (next.state !== before.state || next.reason !== before.reason) {
      for (const listener of this.#statusListeners) listener(next);
    }
  }

  #obstacle(): StoreUnavailable | null {
    if (this.#closing) return new StoreUnavailable('store-closed', 'the store is closed');
    if (this.#status.state === 'up') return null;
    return new StoreUnavailable('store-down', this.#status.reason ?? 'the database is starting');
  }

  #notify(): void {
    if (this.#notified || this.#closing) return;
    this.#notified = true;
    setImmediate(() => {
      this.#notified = false;
      this.#post({ kind: 'notify' });
    });
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /**
   * The thread catches what it can foresee. If it ends all the same, main goes on without the database, says so, and
   * starts another: the journal keeps what the database lacks.
   */
  #died(reason: string): void {
    this.#caller.failAll(new StoreUnavailable('store-down', reason));
    if (this.#closing) {
      this.#ended?.();
      return;
    }
    const pause = Math.min(FIRST_RESTART * 2 ** this.#restarts++, LAST_RESTART);
    this.#log('error', 'the store ended unexpectedly and is started again', { reason, pause });
    this.#setStatus({ ...this.#status, state: 'down', reason });
    this.#restart = setTimeout(() => {
      this.#restart = null;
      this.#worker = this.#spawn();
      this.#listen().then(
        () => {
          this.#restarts = 0;
        },
        (error: unknown) => this.#log('error', 'the store cannot be started again', { reason: String(error) }),
      );
    }, pause);
  }

  async #close(): Promise<void> {
    if (this.#closing) return await this.#closed;
    this.#closing = true;
    if (this.#restart !== null) {
      clearTimeout(this.#restart);
      return;
    }
    this.#closed = new Promise((ended) => {
      this.#ended = ended;
    });
    this.#post({ kind: 'close' });
    await this.#closed;
  }
}

/** Milliseconds until a thread that ended is followed by another, doubled each time. */
const FIRST_RESTART = 500;
const LAST_RESTART = 30_000;

const NOTHING_YET: Omit<StoreStatus, 'kind'> = {
  state: 'starting',
  reason: null,
  inputPosition: 0,
  outcomePosition: 0,
  rows: 0,
  corrections: 0,
  setAside: 0,
  version: '',
};
