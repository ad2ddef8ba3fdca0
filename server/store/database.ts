import pg from 'pg';
import { failureKind, reasonOf, StoreRefused, StoreUnavailable } from './errors.ts';
import type { Log } from './ports.ts';
import { Turns } from './turns.ts';

export type StoreKind = 'embedded' | 'external';
export type DatabaseState = 'starting' | 'up' | 'down';

export type Row = Record<string, unknown>;
/** One connection, for the time of one piece of work. */
export interface Session {
  query<R extends Row = Row>(text: string, values?: readonly unknown[]): Promise<{ rows: R[]; count: number }>;
}

type Lane = 'write' | 'read' | 'maintain';

/** Milliseconds. The client waits a little longer than the server, so that the server's answer comes first. */
const LIMITS: Readonly<Record<Lane, number>> = { write: 30_000, read: 10_000, maintain: 300_000 };
const CLIENT_GRACE = 2_000;
const CONNECT_TIMEOUT = 5_000;
/** More than callers may have under way: those who gave up stand in line until their turn comes. */
const MOST_READING = 1_000;
const FIRST_RETRY = 100;
const LAST_RETRY = 5_000;

export interface DatabaseOptions {
  readonly url: string;
  readonly kind: StoreKind;
  readonly log: Log;
  /** Runs on every return of the server, before the state becomes `up`: checks and migrations. */
  readonly prepare: (session: Session) => Promise<void>;
  readonly onState: (state: DatabaseState, reason: string | null) => void;
  /** Connections for queries on an external server. */
  readonly readers?: number;
}

/**
 * The connections and the knowledge whether the server answers. A lost connection makes the state `down`; from then on
 * reads fail at once, and a probe with growing pauses (100 ms to 5 s) brings it back.
 */
export class Database {
  readonly #options: DatabaseOptions;
  readonly #pools: Readonly<Record<Lane, pg.Pool>>;
  readonly #turns: Turns | null;
  #state: DatabaseState = 'starting';
  #reason: string | null = null;
  #closed = false;
  #dismissed = false;
  #reading = 0;
  #probing: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #waiting: (() => void)[] = [];

  constructor(options: DatabaseOptions) {
    this.#options = options;
    const embedded = options.kind === 'embedded';
    // PGlite has one session: a second client inside a transaction would wait for ever.
    const single = embedded ? this.#makePool('maintain', 1) : null;
    this.#turns = embedded ? new Turns() : null;
    this.#pools = single
      ? { write: single, read: single, maintain: single }
      : {
          write: this.#makePool('write', 1),
          read: this.#makePool('read', options.readers ?? 4),
          maintain: this.#makePool('maintain', 1),
        };
  }

  get kind(): StoreKind {
    return this.#options.kind;
  }

  get state(): DatabaseState {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** Resolves after the first attempt, whatever became of it; rejects with {@link StoreRefused}. */
  async start(): Promise<void> {
    try {
      await this.#attempt();
    } catch (error) {
      if (error instanceof StoreRefused) throw error;
      this.#fail(error);
    }
  }

  /** Resolves when the server answers, or nobody shall wait any longer. */
  async available(): Promise<void> {
    while (this.#state !== 'up' && !this.#dismissed) await new Promise<void>((go) => this.#waiting.push(go));
  }

  /** One or more reading or single-statement queries. Throws {@link StoreUnavailable} at once while the server is down. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#reading >= MOST_READING) throw new StoreUnavailable('store-busy', `${MOST_READING} queries are waiting`);
    this.#reading++;
    try {
      return await this.#guarded('read', work);
    } finally {
      this.#reading--;
    }
  }

  /** Statements that must stand alone, e.g. refreshing an aggregate. */
  maintain<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#guarded('maintain', work);
  }

  /** One transaction: all or nothing. If the answer to the commit is lost it may be either; look before repeating. */
  transaction<T>(lane: Lane, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#guarded(lane, async (session) => {
      await session.query('begin');
      try {
        const result = await work(session);
        await session.query('commit');
        return result;
      } catch (error) {
        if (failureKind(error) !== 'connection') await session.query('rollback');
        throw error;
      }
    });
  }

  /** Sends away who waits for the server, so that they can end; what is under way goes on. */
  dismiss(): void {
    this.#dismissed = true;
    this.#release();
  }

  async close(): Promise<void> {
    this.dismiss();
    this.#closed = true;
    this.#wake?.();
    await this.#probing;
    await Promise.all([...new Set(Object.values(this.#pools))].map((pool) => pool.end()));
  }

  async #guarded<T>(lane: Lane, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailable('store-closed', 'the store is closed');
    if (this.#state !== 'up') throw new StoreUnavailable('store-down', this.#reason ?? 'the database is starting');
    try {
      return await this.#lend(lane, work);
    } catch (error) {
      if (failureKind(error) === 'connection') this.#fail(error);
      throw error;
    }
  }

  #lend<T>(lane: Lane, work: (session: Session) => Promise<T>): Promise<T> {
    const run = async () => {
      const client = await this.#pools[lane].connect();
      try {
        const result = await work(sessionOn(client, LIMITS[lane] + CLIENT_GRACE));
        client.release();
        return result;
      } catch (error) {
        // After a lost or timed-out query the client's protocol state is unknown: it must not serve again.
        client.release(failureKind(error) === 'connection');
        throw error;
      }
    };
    return this.#turns === null ? run() : this.#turns.take(lane === 'read' ? 'read' : 'write', run);
  }

  #makePool(lane: Lane, max: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: this.#options.url,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      idleTimeoutMillis: 0,
      keepAlive: true,
      application_name: 'ioc-hub',
      onConnect: async (client) => {
        // A connection that breaks while it is lent out reports it here besides rejecting its query: a write that the
        // kernel refuses after that (EPIPE) has no query left to reject, and would end the thread.
        client.on('error', (error) => this.#fail(error));
        await client.query(`${SESSION_SETTINGS}; set statement_timeout = ${LIMITS[lane]}`);
      },
    });
    // An idle connection that breaks is reported here, and ends the process where nobody listens.
    pool.on('error', (error) => this.#fail(error));
    return pool;
  }

  async #attempt(): Promise<void> {
    await this.#lend('maintain', this.#options.prepare);
    if (this.#closed) return;
    this.#setState('up', null);
    this.#release();
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#setState('down', reasonOf(error));
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = null;
    });
  }

  async #probe(): Promise<void> {
    for (let pause = FIRST_RETRY; !this.#closed; pause = Math.min(pause * 2, LAST_RETRY)) {
      await new Promise<void>((go) => {
        const timer = setTimeout(go, pause);
        this.#wake = () => {
          clearTimeout(timer);
          go();
        };
      });
      if (this.#closed) return;
      try {
        await this.#attempt();
        return;
      } catch (error) {
        this.#setState('down', reasonOf(error));
      }
    }
  }

  #setState(state: DatabaseState, reason: string | null): void {
    if (this.#state === state && this.#reason === reason) return;
    const turned = this.#state !== state;
    this.#state = state;
    this.#reason = reason;
    if (turned) this.#options.log(state === 'down' ? 'warn' : 'info', `database ${state}`, { reason });
    this.#options.onState(state, reason);
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}

// A late sample may touch a whole compressed chunk; the built-in ceiling of 100,000 rows would refuse it for ever.
const SESSION_SETTINGS = `
  set timezone = 'UTC';
  set synchronous_commit = on;
  set idle_in_transaction_session_timeout = 60000;
  set timescaledb.max_tuples_decompressed_per_dml_transaction = 0`;

/** Statements go unnamed: the embedded server has one session, in which names would outlive their connection. */
export function sessionOn(client: pg.ClientBase, timeout: number): Session {
  return {
    query: async <R extends Row>(text: string, values?: readonly unknown[]) => {
      const config = { text, ...(values && { values: [...values] }), query_timeout: timeout };
      const result = await client.query<R>(config as pg.QueryConfig);
      return { rows: result.rows, count: result.rowCount ?? 0 };
    },
  };
}
