import type { JournalGroup } from '#contract/journal-group.ts';
import { type Batch, joinGroups, sliceBatch } from './batch.ts';
import { isDamage, isGap, type JournalReader, type Log } from './ports.ts';
import { damagedRecord } from './set-aside.ts';
import type { Standing } from './write-batch.ts';

const GROUPS_A_READ = 64;
const OUTCOMES_A_BATCH = 500;
/** About 50 ms on the embedded database: a query that comes in between waits no longer. */
const SAMPLES_A_BATCH = 10_000;
const ENTRIES_A_BATCH = 1_000;

/** Reads both logs ahead of the database and cuts them into transactions of bounded size. */
export class JournalFeed {
  readonly #reader: JournalReader;
  readonly #log: Log;
  readonly #now: () => number;
  #input = 0;
  #outcome = 0;
  #groups: JournalGroup[] = [];
  #parts: Batch[] = [];

  constructor(reader: JournalReader, log: Log, now: () => number) {
    this.#reader = reader;
    this.#log = log;
    this.#now = now;
  }

  /** Starts again right after what the database holds. */
  restart(standing: Standing): void {
    this.#input = standing.input;
    this.#outcome = standing.outcome;
    this.#groups = [];
    this.#parts = [];
  }

  /** What to write next; null: there is no news. */
  next(): Batch | null {
    const part = this.#parts.shift();
    if (part !== undefined) return part;
    if (this.#groups.length === 0) {
      const hurt = this.#fetch();
      if (hurt !== null) return hurt;
    }
    const outcomes = this.#outcomes();
    if (!Array.isArray(outcomes)) return outcomes;
    const batch = joinGroups(this.#takeGroups(), outcomes);
    if (batch.input === null && batch.outcome === null) return null;
    this.#parts = sliceBatch(batch, SAMPLES_A_BATCH);
    return this.#parts.shift() ?? null;
  }

  #fetch(): Batch | null {
    try {
      this.#groups = this.#reader.readInput(this.#input, GROUPS_A_READ);
      this.#input = this.#groups.at(-1)?.position ?? this.#input;
      return null;
    } catch (error) {
      this.#input = this.#pastHole('input', this.#input, error);
      return this.#hole('input', this.#input, error);
    }
  }

  #outcomes(): ReturnType<JournalReader['readOutcome']> | Batch {
    try {
      const outcomes = this.#reader.readOutcome(this.#outcome, OUTCOMES_A_BATCH);
      this.#outcome = outcomes.at(-1)?.position ?? this.#outcome;
      return outcomes;
    } catch (error) {
      this.#outcome = this.#pastHole('outcome', this.#outcome, error);
      return this.#hole('outcome', this.#outcome, error);
    }
  }

  /** The position before the next readable record. What is neither gap nor damage is not for the feed to judge. */
  #pastHole(log: 'input' | 'outcome', after: number, error: unknown): number {
    if (!isGap(error) && !isDamage(error)) throw error;
    this.#log('error', 'the journal has a hole; what was there does not reach the database', {
      log,
      after,
      reason: error.message,
    });
    return isGap(error) ? error.first - 1 : after + 1;
  }

  #hole(log: 'input' | 'outcome', position: number, error: unknown): Batch {
    const reason = error instanceof Error ? error.message : String(error);
    const item = damagedRecord(this.#reader.id, log, position, reason, this.#now());
    const batch = joinGroups([], []);
    const entry = { position, index: 0, at: this.#now(), entry: { kind: 'quarantine', item } as const };
    return { ...batch, entries: [entry], [log]: position };
  }

  #takeGroups(): JournalGroup[] {
    let samples = 0;
    let entries = 0;
    let count = 0;
    for (const group of this.#groups) {
      samples += group.samples.length;
      entries += group.entries.length;
      if (count > 0 && (samples > SAMPLES_A_BATCH || entries > ENTRIES_A_BATCH)) break;
      count++;
    }
    return this.#groups.splice(0, count);
  }
}
