import type { JournalGroup } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';

/** What the store needs of the journal: both logs, read by position, from the store's own thread. Only durable records. */
export interface JournalReader {
  /** Made when the journal was: positions mean nothing in another one. */
  readonly id: string;
  /** Groups with a position above `after`, ascending, at most `maxGroups`. Throws {@link GapError}, or on damage. */
  readInput(after: number, maxGroups: number): JournalGroup[];
  readOutcome(after: number, max: number): { position: number; record: OutcomeRecord }[];
  /** Oldest position held; 0 for an empty log. */
  firstInput(): number;
  firstOutcome(): number;
  close(): Promise<void>;
}

/** Thrown by a read when the next record was trimmed; `first` is the oldest still held. */
interface GapError extends Error {
  readonly name: 'JournalGap';
  readonly first: number;
}

export function isGap(error: unknown): error is GapError {
  return error instanceof Error && error.name === 'JournalGap';
}

/** Thrown by a read when the next record does not match its checksum. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && error.name === 'JournalCorrupt';
}

/** What the module named in the store's options must export; the worker imports it, so that rooms stay apart. */
export interface JournalModule {
  openJournalReader(options: { path: string }): JournalReader;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log line; the worker sends them to main, which owns the logger. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;
