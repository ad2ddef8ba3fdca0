import type { Agent } from 'node:https';
import { join } from 'node:path';
import type { Series, Thing } from '#contract/series.ts';
import type { Auth } from '../auth/auth.ts';
import { type HubConfig, loadHubConfig } from '../config/hub-config.ts';
import type { Settings } from '../config/settings.ts';
import type { LoadedRules } from '../evaluate/rule-files.ts';
import type { SeriesRegistry } from '../ingest/series-registry.ts';
import type { Journal } from '../journal/journal.ts';
import { loadVapidKeys } from '../notify/receivers/vapid.ts';
import type { Logger } from '../observe/logger.ts';
import type { Store } from '../store/start.ts';
import type { Closing } from './closing.ts';
import { Demo } from './demo.ts';
import { type NewAccount, openIdentity } from './identity.ts';
import { restoreRegistry } from './input.ts';
import { Phones } from './phones.ts';
import { loadRulesOrRefuse } from './rules.ts';
import { openOwnJournal, openStore, type StartDatabase } from './storage.ts';

export interface Surroundings {
  /** Built pages; null where none were built. */
  readonly pagesDir: string | null;
  /** The demo's recordings. */
  readonly recordingsDir: string;
  readonly version: string;
  readonly startDatabase: StartDatabase;
  /** For push services whose certificate only the caller trusts. */
  readonly pushAgent?: Agent;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly log: Logger;
  /** The hub cannot go on safely: the process should end, and start anew. */
  readonly onFatal: (error: Error) => void;
}

/** What may be exchanged while the hub runs. */
export interface InForce {
  config: HubConfig;
  rules: LoadedRules;
}

/** Everything below the flow of data: files, storage, who may enter. */
export interface Core extends Surroundings {
  readonly settings: Settings;
  readonly closing: Closing;
  readonly inForce: InForce;
  readonly basemapDir: string;
  readonly demo: Demo | null;
  readonly journal: Journal;
  readonly registry: SeriesRegistry;
  readonly things: readonly Thing[];
  readonly store: Store;
  readonly auth: Auth;
  readonly accounts: readonly NewAccount[];
  readonly phones: Phones;
}

/** @throws what refuses a start: configuration, rules, a directory in use, a database that must not be used */
export async function openCore(settings: Settings, surroundings: Surroundings, closing: Closing): Promise<Core> {
  const { now, log } = surroundings;
  const config = await loadHubConfig(settings.configDir);
  const inForce: InForce = { config, rules: await loadRulesOrRefuse(settings.rulesDir, unitIds(config)) };
  const basemapDir = join(settings.configDir, 'basemap');
  const { recordingsDir, startDatabase, onFatal } = surroundings;
  const demo = settings.mode === 'demo' ? await Demo.prepare(recordingsDir, basemapDir, config.units) : null;
  const journal = await openOwnJournal(settings, config.limits, closing, onFatal, log);
  const { registry, things } = restoreRegistry(journal, config.limits);
  const series: readonly Series[] = registry.all();
  const store = await openStore({ settings, limits: config.limits, journal, series, startDatabase, closing, log });
  const identity = { settings, config: () => inForce.config, store, journal, demo, now, log };
  const { auth, accounts } = await openIdentity(identity);
  const vapid = await loadVapidKeys(settings.dataDir, vapidSubject(settings));
  const allowedHosts = settings.pushAllowedHosts;
  const phones = new Phones(
    { store, users: auth.users, allowedHosts, vapid, agent: surroundings.pushAgent, now, log },
    await store.push.load(),
  );
  const storage = { journal, registry, things, store };
  return { ...surroundings, settings, closing, inForce, basemapDir, demo, ...storage, auth, accounts, phones };
}

export const unitIds = (config: HubConfig) => new Set(config.units.map((unit) => unit.id));

/** Where a push service reaches whoever runs this hub (RFC 8292 §2.1): its public address, if it has one. */
function vapidSubject({ http: { publicUrl } }: Settings): string {
  return publicUrl?.startsWith('https:') ? publicUrl : 'mailto:hub@nghean-ioc.invalid';
}
