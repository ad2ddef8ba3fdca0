import { sourceHealth } from '../ingest/source-health.ts';
import { Readiness } from '../observe/readiness.ts';
import type { Core } from './core.ts';
import { Flow } from './flow.ts';
import type { Judged } from './judged.ts';
import { openLive } from './live.ts';
import { recentSamples } from './restoration.ts';

/** Screens and phones. */
export async function openExits(core: Core, { judgement, book, subjects, onChanges }: Judged) {
  const { auth, store, registry, things, journal, phones, closing, now } = core;
  const readiness = new Readiness();
  const startedAt = now();
  const health = () => sourceHealth({ registry, sources: () => auth.sources.sources(), startedAt }, now());
  const live = openLive({ ...core, config: () => core.inForce.config, book, health, readiness });
  const { broadcast } = live;
  const source = (id: string) => auth.sources.source(id);
  const flow = new Flow({ judgement, broadcast, subjects, source, storeNews: () => store.notify() });
  // Listened to before the first wait: changes of the replay are told as soon as they are on disk.
  onChanges((changes) => flow.changes(changes));
  const notifier = phones.follow(journal);
  closing.add('notifier', () => notifier.stop());
  for (const series of registry.all()) flow.declareSeries(series);
  for (const thing of things) broadcast.declareThing(thing);
  for (const samples of recentSamples(journal)) broadcast.seed(samples);
  for (const event of await recentEvents(core)) broadcast.event(event);
  return { ...live, flow, notifier, readiness, health };
}

export type Exits = Awaited<ReturnType<typeof openExits>>;

const EVENTS_FOR_SCREENS = 500;

async function recentEvents({ store }: Core) {
  return (await store.events.list({ limit: EVENTS_FOR_SCREENS })).reverse();
}
