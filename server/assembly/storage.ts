import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Series } from '#contract/series.ts';
import type { HubLimits } from '../config/hub-config.ts';
import type { Settings } from '../config/settings.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import type { Logger } from '../observe/logger.ts';
import { type Store, startStore } from '../store/start.ts';
import type { Closing } from './closing.ts';
import { takeDirectory } from './standby.ts';

/** The database inside the process, as a server that `pg` can speak to. */
export interface OwnDatabase {
  readonly url: string;
  close(): Promise<void>;
}

export type StartDatabase = (options: {
  readonly directory: string;
  readonly onCrash?: (reason: string) => void;
}) => Promise<OwnDatabase>;

const DEFAULT_JOURNAL_BYTES = 4 * 1024 ** 3;
/**
 * What stays although the database has it, for screens at the next start. The journal is memory-mapped: what it keeps
 * shows as resident memory of the hub.
 */
const KEPT_BYTES = 64 * 1024 ** 2;
const DATABASE_RETRY_MS = 1000;

const journalPath = (settings: Settings) => join(settings.dataDir, 'journal');

/**
 * Takes the data directory for this process alone and opens its journal.
 * @throws DirectoryHeld when another hub has the directory
 */
export async function openOwnJournal(
  settings: Settings,
  limits: HubLimits,
  closing: Closing,
  onFatal: (error: Error) => void,
  log: Logger,
): Promise<Journal> {
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  const lock = await takeDirectory(settings, onFatal, log);
  closing.add('directory lock', () => lock.release());
  const journal = openJournal({
    path: journalPath(settings),
    maxBytes: limits.journal?.maxBytes ?? DEFAULT_JOURNAL_BYTES,
    keepBytes: KEPT_BYTES,
  });
  journal.onFailure(onFatal);
  closing.add('journal', () => journal.close());
  return journal;
}

export interface StoreStart {
  readonly settings: Settings;
  readonly limits: HubLimits;
  readonly journal: Journal;
  readonly series: readonly Series[];
  readonly startDatabase: StartDatabase;
  readonly closing: Closing;
  readonly log: Logger;
}

/**
 * Starts the database where it is ours, and the store on it; waits until it answers, since identities are in it.
 * @throws EmbeddedDatabaseUnusable, StoreRefused
 */
export async function openStore(start: StoreStart): Promise<Store> {
  const { settings, limits, journal, series, closing, log } = start;
  const url = settings.databaseUrl ?? (await openEmbeddedDatabase(start));
  const { sampleDays = 400, quarantineDays = 30 } = limits.retention ?? {};
  const store = await startStore({
    url,
    kind: settings.databaseUrl === null ? 'embedded' : 'external',
    hub: journal.id,
    journal: { module: new URL('../journal/journal-reader.js', import.meta.url).href, path: journalPath(settings) },
    series,
    retention: { samplesDays: sampleDays, quarantineDays },
    log: (level, message, fields) => log[level](fields ?? {}, message),
  });
  closing.add('store', () => store.close());
  while (store.status().state !== 'up') {
    log.warn({ reason: store.status().reason }, 'waiting for the database');
    await new Promise((resolve) => setTimeout(resolve, DATABASE_RETRY_MS));
  }
  return store;
}

async function openEmbeddedDatabase({ settings, startDatabase, closing, log }: StoreStart): Promise<string> {
  const { dataDir, mode } = settings;
  const notice = 'evaluation storage: TimescaleDB runs inside the hub; set DATABASE_URL for production';
  log[mode === 'serve' ? 'warn' : 'info']({}, notice);
  const database = await startDatabase({
    directory: join(dataDir, 'database'),
    onCrash: (reason) => log.error({ reason }, 'the embedded database ended and is opened again'),
  });
  closing.add('embedded database', () => database.close());
  return database.url;
}
