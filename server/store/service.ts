import type { Series } from '#contract/series.ts';
import { Database, type DatabaseState, type StoreKind } from './database.ts';
import { BadQuery, Conflict, failureKind, reasonOf, StoreUnavailable } from './errors.ts';
import { Maintenance, type Retention } from './maintenance.ts';
import { migrate } from './migrate.ts';
import type { JournalReader, Log } from './ports.ts';
import { alertQueries } from './queries/alerts.ts';
import { auditQueries } from './queries/audit.ts';
import { eventQueries } from './queries/events.ts';
import { identityQueries } from './queries/identity.ts';
import { pushQueries } from './queries/push.ts';
import { quarantineQueries } from './queries/quarantine.ts';
import { seriesQueries } from './queries/series.ts';
import { sourceQueries } from './queries/sources.ts';
import { thingQueries } from './queries/things.ts';
import { unitQueries } from './queries/units.ts';
import { checkServer, tuneStorage } from './server-check.ts';
import type { StoreCalls } from './surface.ts';
import { Writer } from './writer.ts';

export interface StoreStatus {
  readonly state: DatabaseState;
  /** Why it is not up. */
  readonly reason: string | null;
  /** Journal positions up to which the database holds everything. */
  readonly inputPosition: number;
  readonly outcomePosition: number;
  /** Since start: samples stored, values corrected, records the database refused (see quarantine). */
  readonly rows: number;
  readonly corrections: number;
  readonly setAside: number;
  readonly kind: StoreKind;
  /** Of PostgreSQL and TimescaleDB; empty until the first connection. */
  readonly version: string;
}

export interface ServiceOptions {
  readonly url: string;
  readonly kind: StoreKind;
  readonly hub: string;
  readonly journal: JournalReader;
  readonly series: readonly Series[];
  readonly retention: Retention;
  /** Milliseconds between maintenance rounds. */
  readonly maintenanceEvery: number;
  readonly holder: string;
  readonly log: Log;
  readonly now: () => number;
  readonly stopwatch: () => number;
  readonly onStatus: (status: StoreStatus) => void;
}

export interface Service {
  readonly calls: StoreCalls;
  readonly maintenance: Maintenance;
  status(): StoreStatus;
  notify(): void;
  close(): Promise<void>;
}

/** Everything the store's thread does, without the thread. Rejects with `StoreRefused`; an outage it only reports. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { kind, log, now } = options;
  let status: StoreStatus = {
    state: 'starting',
    reason: null,
    inputPosition: 0,
    outcomePosition: 0,
    rows: 0,
    corrections: 0,
    setAside: 0,
    kind,
    version: '',
  };
  const change = (part: Partial<StoreStatus>) => {
    status = { ...status, ...part };
    options.onStatus(status);
  };
  const database = new Database({
    url: options.url,
    kind,
    log,
    prepare: async (session) => {
      const version = await checkServer(session, kind);
      await migrate(session);
      await tuneStorage(session, kind);
      if (version !== status.version) change({ version });
    },
    onState: (state, reason) => change({ state, reason }),
  });
  try {
    await database.start();
  } catch (error) {
    await database.close();
    throw error;
  }
  const writer = new Writer({ ...options, database, onProgress: change });
  const writing = writer.run();
  const maintenance = new Maintenance({ ...options, database });
  const stopRounds = startRounds(() => maintenance.round(), options.maintenanceEvery);
  return {
    calls: guardCalls(makeCalls(database)),
    maintenance,
    status: () => status,
    notify: () => writer.notify(),
    close: async () => {
      writer.stop();
      maintenance.stop();
      database.dismiss();
      await Promise.all([writing, stopRounds()]);
      await maintenance.release();
      await database.close();
      await options.journal.close();
      log('info', 'store closed', { at: now(), input: status.inputPosition });
    },
  };
}

function makeCalls(database: Database): StoreCalls {
  return {
    identity: identityQueries(database),
    units: unitQueries(database),
    sources: sourceQueries(database),
    series: seriesQueries(database),
    things: thingQueries(database),
    alerts: alertQueries(database),
    quarantine: quarantineQueries(database),
    events: eventQueries(database),
    push: pushQueries(database),
    audit: auditQueries(database),
  };
}

type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** Callers see four kinds of failure, whatever the driver throws. */
function guardCalls(calls: StoreCalls): StoreCalls {
  const guarded = Object.entries(calls).map(([area, methods]) => [
    area,
    Object.fromEntries(
      Object.entries(methods as Record<string, AnyCall>).map(([name, call]) => [
        name,
        async (...args: unknown[]) => {
          try {
            return await call(...args);
          } catch (error) {
            throw publicError(error);
          }
        },
      ]),
    ),
  ]);
  return Object.fromEntries(guarded) as StoreCalls;
}

function publicError(error: unknown): unknown {
  if (error instanceof BadQuery || error instanceof StoreUnavailable) return error;
  const kind = failureKind(error);
  if (kind === 'connection') return new StoreUnavailable('store-down', reasonOf(error));
  if (kind === 'transient') return new StoreUnavailable('store-timeout', reasonOf(error));
  if (kind === 'data') return new BadQuery(reasonOf(error));
  if (kind !== 'conflict') return error;
  const exists = (error as { code?: string }).code === '23505';
  return new Conflict(
    exists ? 'exists' : 'missing-reference',
    (error as { detail?: string }).detail ?? reasonOf(error),
  );
}

/** Calls `round` again and again, never twice at once; the returned function waits for the one under way. */
function startRounds(round: () => Promise<unknown>, every: number): () => Promise<void> {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer = setTimeout(next, every);
  function next(): void {
    running = round().then(() => {
      if (!stopped) timer = setTimeout(next, every);
    });
  }
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
