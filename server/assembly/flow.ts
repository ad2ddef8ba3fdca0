import type { AlertChange } from '#contract/alert.ts';
import type { JournalGroup } from '#contract/journal-group.ts';
import type { Series } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import type { Broadcast } from '../broadcast/broadcast.ts';
import { completeSource } from '../config/hub-config.ts';
import type { Judgement } from './judgement.ts';
import type { SubjectDirectory } from './subjects.ts';

export interface FlowOptions {
  readonly judgement: Judgement;
  readonly broadcast: Broadcast;
  readonly subjects: SubjectDirectory;
  readonly source: (id: string) => Source | undefined;
  /** The store has something to read. */
  readonly storeNews: () => void;
}

/** The way of a durable group through the hub: judge first, since that is what people wait for; then draw; then store. */
export class Flow {
  readonly #options: FlowOptions;
  groups = 0;
  samples = 0;

  constructor(options: FlowOptions) {
    this.#options = options;
  }

  group(group: JournalGroup): void {
    const { judgement, broadcast, storeNews } = this.#options;
    this.groups++;
    this.samples += group.samples.length;
    judgement.group(group);
    for (const entry of group.entries) {
      if (entry.kind === 'series') this.declareSeries(entry.series);
      else if (entry.kind === 'thing') broadcast.declareThing(entry.thing);
    }
    broadcast.group(group);
    storeNews();
  }

  /** Shows a series on the screens, with its thing and by its source's patience. */
  declareSeries(series: Series): void {
    const { broadcast, subjects, source } = this.#options;
    const owner = source(series.source) ?? orphan(series);
    broadcast.declareSeries(series, subjects.findThing(series.source, series.thing) ?? null, owner);
  }

  changes(changes: readonly AlertChange[]): void {
    this.#options.broadcast.changes(changes);
    this.#options.storeNews();
  }
}

/** A series whose source was taken out of the configuration: its past is still shown. */
function orphan({ source, unit }: Series): Source {
  return completeSource({ id: source, unit, name: source });
}
