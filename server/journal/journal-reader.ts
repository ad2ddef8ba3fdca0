import type { JournalGroup } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import { type Environment, firstKey, lastKey, openEnvironment } from './environment.ts';
import { decodeGroup } from './group-codec.ts';
import { JournalCorrupt, JournalGap, type LogName } from './journal-error.ts';
import { decodeRecord } from './record-codec.ts';

export const IDENTITY = 'journal/id';

export interface OutcomeEntry {
  readonly position: number;
  readonly record: OutcomeRecord;
}

/**
 * The two logs as one thread sees them. Only what is durable is visible. Positions are dense and ascending from 1; 0
 * means an empty log. Reads are synchronous and come from memory-mapped pages.
 */
export interface JournalReader {
  /** Made when the journal was: a follower that remembers positions must remember whose they are. */
  readonly id: string;
  /**
   * Groups after a position, oldest first, at most `maxGroups`; empty when there is no news.
   * @throws JournalGap when the next group was trimmed, JournalCorrupt when it is damaged (those before it come first)
   */
  readInput(after: number, maxGroups: number): JournalGroup[];
  /** As `readInput`, for what the hub concluded. */
  readOutcome(after: number, max: number): OutcomeEntry[];
  firstInput(): number;
  lastInput(): number;
  firstOutcome(): number;
  lastOutcome(): number;
  close(): Promise<void>;
}

/**
 * A reader for another thread of the process whose main thread has the journal open.
 * @param o.path directory of the journal
 */
export function openJournalReader(o: { path: string }): JournalReader {
  return new LogReader(openEnvironment(o.path));
}

export class LogReader implements JournalReader {
  readonly id: string;
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
    const stored = env.facts.getBinary(IDENTITY);
    if (stored === undefined) throw new JournalCorrupt('identity', 'it is missing: this is not a journal');
    this.id = decodeRecord<string>(stored, 'identity');
  }

  readInput(after: number, maxGroups: number): JournalGroup[] {
    return this.#read('input', after, maxGroups, decodeGroup);
  }

  readOutcome(after: number, max: number): OutcomeEntry[] {
    return this.#read('outcome', after, max, (bytes, position) => ({
      position,
      record: decodeRecord<OutcomeRecord>(bytes, `outcome record ${position}`),
    }));
  }

  firstInput(): number {
    return this.#edge('input', firstKey);
  }

  lastInput(): number {
    return this.#edge('input', lastKey);
  }

  firstOutcome(): number {
    return this.#edge('outcome', firstKey);
  }

  lastOutcome(): number {
    return this.#edge('outcome', lastKey);
  }

  close(): Promise<void> {
    return this.#env.root.close();
  }

  #edge(log: LogName, key: typeof firstKey): number {
    this.#env.root.resetReadTxn();
    return key(this.#env[log]);
  }

  #read<T>(log: LogName, after: number, max: number, decode: (bytes: Uint8Array, position: number) => T): T[] {
    // The library keeps one snapshot for a whole turn of the event loop; ours must be the newest.
    this.#env.root.resetReadTxn();
    const database = this.#env[log];
    const found: T[] = [];
    for (let position = after + 1; found.length < max; position++) {
      const bytes = database.getBinary(position);
      if (bytes === undefined) break;
      try {
        found.push(decode(bytes, position));
      } catch (error) {
        if (found.length === 0) throw error;
        break;
      }
    }
    if (found.length === 0 && max > 0) {
      const first = firstKey(database);
      if (first > after + 1) throw new JournalGap(log, after, first);
      // Positions are dense: without this a follower would wait at the hole for ever.
      if (lastKey(database) > after) throw new JournalCorrupt(`${log} log at ${after + 1}`, 'the entry is missing');
    }
    return found;
  }
}
