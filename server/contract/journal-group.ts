import type { JournalledCommand } from './alert.ts';
import type { HubEvent } from './event.ts';
import type { QuarantineItem } from './quarantine.ts';
import type { SampleBatch } from './sample-batch.ts';
import type { Series, Thing } from './series.ts';

/** Anything in the input log that is not a plain number of a series. Kept in order of arrival. */
export type JournalEntry =
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'thing'; readonly thing: Thing }
  | { readonly kind: 'text'; readonly series: number; readonly time: number; readonly text: string }
  | { readonly kind: 'event'; readonly event: HubEvent }
  | { readonly kind: 'quarantine'; readonly item: QuarantineItem }
  | { readonly kind: 'command'; readonly command: JournalledCommand };

/** What one group commit holds before the journal numbers it. Entries count before the samples. */
export interface GroupDraft {
  /** Log clock, milliseconds since the Unix epoch; never runs backwards. A group without content is a tick. */
  readonly at: number;
  readonly samples: SampleBatch;
  readonly entries: readonly JournalEntry[];
}

export interface JournalGroup extends GroupDraft {
  /** Dense and ascending from 1. */
  readonly position: number;
}
