import { refreshAggregates } from './aggregates.ts';
import type { Database } from './database.ts';
import { reasonOf, StoreUnavailable } from './errors.ts';
import { holdsLease, releaseLease, takeLease } from './lease.ts';
import type { Log } from './ports.ts';

const LEASE = 'maintenance';
const LEASE_TIME = 180_000;
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Well after the window in which late samples are usual: writing into a compressed chunk is slow. */
const COMPRESS_AFTER = 7 * DAY;
const ROWS_A_STEP = 5_000;

export interface Retention {
  /** Days for which samples are kept, counted from when they came in; null: for ever. Aggregates stay. */
  readonly samplesDays: number | null;
  readonly quarantineDays: number;
}

export interface MaintenanceOptions {
  readonly database: Database;
  readonly retention: Retention;
  /** Names this process among all hubs on the database. */
  readonly holder: string;
  readonly log: Log;
  readonly now: () => number;
  readonly stopwatch: () => number;
}

/**
 * What TimescaleDB's background workers would do, where there are none: aggregates, compression, retention. One hub at a
 * time does it, by lease; each step is a statement or transaction of its own.
 */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  #tidiedAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One round; due about every minute. True if this hub held the lease. Never rejects. */
  async round(): Promise<boolean> {
    const { database, holder, log, now, stopwatch } = this.#options;
    try {
      const fence = await database.maintain((session) => takeLease(session, LEASE, holder, LEASE_TIME));
      if (fence === null) return false;
      await refreshAggregates(database, {
        now: now(),
        stopwatch,
        goOn: async (session) => !this.#stopped && (await holdsLease(session, LEASE, fence)),
      });
      if (now() - this.#tidiedAt >= HOUR && !this.#stopped) {
        this.#tidiedAt = now();
        await this.#compress();
        await this.#expire();
      }
      return true;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) log('warn', 'maintenance failed', { reason: reasonOf(error) });
      return false;
    }
  }

  /** Lets another hub go on at once. */
  async release(): Promise<void> {
    const { database, holder } = this.#options;
    await database.maintain((session) => releaseLease(session, LEASE, holder)).catch(() => undefined);
  }

  async #compress(): Promise<void> {
    const { database, now } = this.#options;
    // Status: bit 1 compressed, bit 8 partly so, because late rows came. Only a chunk wholly old enough is touched.
    const due = await database.maintain((session) =>
      session.query<{ chunk: string }>(
        `select format('%I.%I', c.schema_name, c.table_name) as chunk
         from timescaledb_information.chunks i
         join _timescaledb_catalog.chunk c on c.schema_name = i.chunk_schema and c.table_name = i.chunk_name
         where i.hypertable_schema = current_schema() and i.hypertable_name = 'sample'
           and i.range_end <= $1 and (c.status & 1 = 0 or c.status & 8 <> 0)
         order by i.range_start`,
        [new Date(now() - COMPRESS_AFTER)],
      ),
    );
    for (const { chunk } of due.rows) {
      if (this.#stopped) return;
      await database.maintain((session) => session.query('select compress_chunk($1::regclass, true)', [chunk]));
    }
  }

  async #expire(): Promise<void> {
    const { retention, now } = this.#options;
    if (retention.samplesDays !== null) await this.#expireSamples(new Date(now() - retention.samplesDays * DAY));
    const quarantined = new Date(now() - retention.quarantineDays * DAY);
    await this.#deleteInSteps('quarantine', 'id', 'at < $1', quarantined);
    await this.#deleteInSteps('session', 'hash', 'expires_at < $1', new Date(now()));
  }

  /** By age and by arrival: an archive imported today is not thrown away tonight. */
  async #expireSamples(before: Date): Promise<void> {
    const { database, log } = this.#options;
    const old = await database.maintain((session) =>
      session.query<{ low: Date; high: Date }>(
        `select range_start as low, range_end as high from timescaledb_information.chunks
         where hypertable_schema = current_schema() and hypertable_name = 'sample'
           and range_end <= $1 and chunk_creation_time <= $1`,
        [before],
      ),
    );
    for (const { low, high } of old.rows) {
      if (this.#stopped) return;
      await database.maintain((session) =>
        session.query(`select drop_chunks('sample', older_than => $1::timestamptz, newer_than => $2::timestamptz)`, [
          high,
          low,
        ]),
      );
      log('info', 'old samples dropped', { from: low.toISOString(), to: high.toISOString() });
    }
    await this.#deleteInSteps('text_sample', '(series_id, time)', 'time < $1', before);
  }

  async #deleteInSteps(table: string, key: string, condition: string, before: Date): Promise<void> {
    const columns = key.replace(/[()]/g, '');
    for (let count = ROWS_A_STEP; count === ROWS_A_STEP && !this.#stopped; ) {
      const result = await this.#options.database.maintain((session) =>
        session.query(
          `delete from ${table} where ${key} in (select ${columns} from ${table} where ${condition} limit ${ROWS_A_STEP})`,
          [before],
        ),
      );
      count = result.count;
    }
  }
}
