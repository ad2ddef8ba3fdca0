import { type Broker, openBroker } from './assembly/broker.ts';
import { startClockwork } from './assembly/clockwork.ts';
import { Closing } from './assembly/closing.ts';
import { type Core, openCore, type Surroundings, unitIds } from './assembly/core.ts';
import { startDemo } from './assembly/demo.ts';
import { type Exits, openExits } from './assembly/exits.ts';
import { declareThings } from './assembly/http-ports.ts';
import { openHttp } from './assembly/http-server.ts';
import { configureIdentity, type NewAccount } from './assembly/identity.ts';
import { type Input, openInput } from './assembly/input.ts';
import { type Judged, openJudgement } from './assembly/judged.ts';
import { watchParts } from './assembly/readiness-parts.ts';
import { type Reloading, startReloading } from './assembly/reloading.ts';
import { loadHubConfig } from './config/hub-config.ts';
import type { Settings } from './config/settings.ts';
import { type LoadedRules, loadRules } from './evaluate/rule-files.ts';

export interface Hub {
  readonly http: string;
  readonly mqtt: string;
  /** Accounts made at this start. */
  readonly accounts: readonly NewAccount[];
  close(): Promise<void>;
}

/**
 * Builds the hub in the order in which data flows through it: storage and identity, judgement, screens and phones, then
 * the entrances. Closing goes the other way.
 * @throws whatever refuses a start; everything opened so far is closed again
 */
export async function startHub(settings: Settings, surroundings: Surroundings): Promise<Hub> {
  const { log } = surroundings;
  const closing = new Closing((what, error) => log.error({ err: error }, `closing ${what} failed`));
  try {
    const core = await openCore(settings, surroundings, closing);
    const judged = openJudgement(core);
    const exits = await openExits(core, judged);
    return await openEntrances(core, judged, exits);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function openEntrances(core: Core, judged: Judged, exits: Exits): Promise<Hub> {
  const { settings, journal, registry, inForce, auth, demo, closing, now, log } = core;
  const { judgement } = judged;
  const { limits } = inForce.config;
  const input = openInput({ journal, registry, limits, now, onGroup: (group) => exits.flow.group(group) });
  closing.add('checkpoint', () => judgement.checkpoint());
  closing.add('admission', async () => {
    input.quarantine.sumUp();
    await input.admission.close();
  });
  const config = () => inForce.config;
  const onLink = () => exits.broadcast.healthChanged();
  const broker = await openBroker({ settings, config, input, hubId: journal.id, auth, demo, now, log, onLink });
  closing.add('broker', () => broker.close());
  judged.onChanges((changes) => broker.publishChanges(changes));
  const reloading = openReloading(core, judged, input, broker);
  watchParts(exits.readiness, { journal, store: core.store, broker, reloading });
  const http = await openHttp({ core, judged, exits, input, broker });
  closing.add('clockwork', startClockwork({ ...core, ...input, judgement, tend: () => auth.tend() }).close);
  if (demo) {
    const declare = (things: Parameters<typeof declareThings>[1]) =>
      declareThings(input, things, (id) => auth.sources.source(id));
    const replay = await startDemo(demo, broker.url, declare, { now, log });
    closing.add('demo replay', () => replay.close());
  }
  return { http, mqtt: broker.url, accounts: core.accounts, close: () => closing.run() };
}

function openReloading(core: Core, { judgement }: Judged, { admission }: Input, broker: Broker): Reloading {
  const { settings, inForce, auth, demo, closing, log } = core;
  const { configDir, rulesDir } = settings;
  const reloading = startReloading<LoadedRules>({
    configDir,
    rulesDir,
    loadConfig: () => loadHubConfig(configDir),
    loadRules: () => loadRules(rulesDir, { units: unitIds(inForce.config) }),
    applyConfig: (config) => {
      inForce.config = config;
      configureIdentity(auth, config, demo);
      broker.refresh();
    },
    applyRules: (rules) => {
      inForce.rules = rules;
      judgement.replaceRules(rules.rules, admission.now());
      judgement.checkpoint().catch((error: unknown) => log.error({ err: error }, 'checkpoint failed'));
    },
    log,
  });
  closing.add('reloading', () => reloading.close());
  return reloading;
}
