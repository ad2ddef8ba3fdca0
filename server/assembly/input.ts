import type { JournalGroup } from '#contract/journal-group.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { HubLimits } from '../config/hub-config.ts';
import { Admission } from '../ingest/admit.ts';
import { Intake } from '../ingest/normalise.ts';
import { Quarantine } from '../ingest/quarantine.ts';
import { SeriesRegistry } from '../ingest/series-registry.ts';
import type { Journal } from '../journal/journal.ts';

export interface Input {
  readonly registry: SeriesRegistry;
  readonly admission: Admission;
  readonly intake: Intake;
  readonly quarantine: Quarantine;
}

/** Series and things as the journal knows them; what comes later is told by the log's entries. */
export function restoreRegistry(journal: Journal, limits: HubLimits): { registry: SeriesRegistry; things: Thing[] } {
  const maxPerSource = limits.ingest?.maxSeriesPerSource;
  const registry = new SeriesRegistry(maxPerSource === undefined ? {} : { maxPerSource });
  const values = <T>(prefix: string) => Array.from(journal.facts<T>(prefix), ([, value]) => value);
  const things = values<Thing>('thing/');
  registry.restore(values<Series>('series/'), things);
  return { registry, things };
}

export interface InputOptions {
  readonly journal: Journal;
  readonly registry: SeriesRegistry;
  readonly limits: HubLimits;
  readonly now: () => number;
  readonly onGroup: (group: JournalGroup) => void;
}

/** Everything between a transport's bytes and a durable group. */
export function openInput({ journal, registry, limits, now, onGroup }: InputOptions): Input {
  const [last] = journal.lastInput() > 0 ? journal.readInput(journal.lastInput() - 1, 1) : [];
  const admission = new Admission({
    journal,
    now,
    onGroup,
    onLost: (samples) => registry.forget(samples),
    lastAt: last?.at ?? 0,
  });
  const quarantine = new Quarantine({ admission });
  const maxPayload = limits.ingest?.maxPayloadBytes;
  const intake = new Intake({ admission, registry, quarantine, ...(maxPayload === undefined ? {} : { maxPayload }) });
  return { registry, admission, intake, quarantine };
}
