import type { GroupDraft, JournalGroup } from '#contract/journal-group.ts';
import type { Source, TopicMapping } from '#contract/source.ts';

/** What this room needs of others; `app.ts` wires it. */

/** State kept beside the log and committed with it: key, and JSON or bytes. */
export type Fact = readonly [key: string, value: unknown];

export interface InputLog {
  /** Numbers and hands over one group; durable only once `onDurable` said so. */
  append(draft: GroupDraft, facts?: readonly Fact[]): number;
  /** Called in order with the highest position that survives a power cut. */
  onDurable(listener: (position: number) => void): void;
  /** False when the log is nearly full: nothing more may be taken in. */
  accepting(): boolean;
}

/** Receives every durable group once, in the order of positions. Must not throw. */
export type GroupListener = (group: JournalGroup) => void;

export interface SourceDirectory {
  source(id: string): Source | undefined;
  /** The mappings of `config/sources.yaml` for this source. */
  mappings(source: string): readonly TopicMapping[];
  sources(): Iterable<Source>;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
