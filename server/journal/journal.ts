import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { GroupDraft } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import { type Environment, openEnvironment } from './environment.ts';
import { encodeGroup } from './group-codec.ts';
import { JournalFailed, type LogName } from './journal-error.ts';
import { IDENTITY, type JournalReader, LogReader } from './journal-reader.ts';
import { LiveLog } from './live-log.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';

/** A key with its value: JSON or bytes; `undefined` removes the key. */
export type Fact = readonly [key: string, value: unknown];

export interface JournalOptions {
  /** Directory; made when missing. One process at a time: see `acquireDirectoryLock`. */
  readonly path: string;
  /** Bytes of live log data at which `fill` is 1. */
  readonly maxBytes: number;
  /** Newest bytes that `trim` leaves although all readers passed them; default a quarter of `maxBytes`. */
  readonly keepBytes?: number;
}

/** The durable ordered log and its only writer. Lives on the main thread. */
export interface Journal extends JournalReader {
  /**
   * Numbers a group and queues it with its facts as one transaction. Not yet durable: `onDurable` says when.
   * @returns its position
   * @throws JournalFailed after a failed commit or `close`
   */
  append(draft: GroupDraft, facts?: readonly Fact[]): number;
  /** Called after fsync with the highest durable position of the input log, ascending. */
  onDurable(listener: (position: number) => void): void;
  /** @returns the position of the last record, also when there was none. @throws JournalFailed as `append` */
  appendOutcome(records: readonly OutcomeRecord[], facts?: readonly Fact[]): number;
  onOutcomeDurable(listener: (position: number) => void): void;
  /**
   * Called once when a commit failed (disk full, input/output error). Nothing queued after it becomes durable; after a
   * failed fsync the kernel's pages cannot be trusted, so the process should end and start anew.
   */
  onFailure(listener: (error: JournalFailed) => void): void;
  /** The value last committed. @throws JournalCorrupt when it is damaged */
  fact<T>(key: string): T | undefined;
  /** All committed facts whose key starts with `prefix`, in the order of their keys. */
  facts<T>(prefix: string): Iterable<[string, T]>;
  /** Resolves when durable. @throws JournalFailed */
  putFacts(facts: readonly Fact[]): Promise<void>;
  /** How far a follower has come. Written with the next append: an older position only trims less. */
  setReader(log: LogName, name: string, position: number): void;
  /** What `setReader` was last told, also before a restart; null for a name never heard of. */
  readerPosition(log: LogName, name: string): number | null;
  /**
   * Removes the oldest entries that all readers of their log passed, down to `keepBytes`, a small transaction at a time
   * so that appends slip in between. A log without readers is left alone.
   * @returns how many entries went
   */
  trim(): Promise<number>;
  /** Live bytes ÷ `maxBytes`. */
  fill(): number;
  /** False from 95 % full on, true again below 90 %; false after a failure. Outcomes are taken even then. */
  accepting(): boolean;
}

const STOP_AT = 0.95;
const RESUME_BELOW = 0.9;
const TRIM_CHUNK = 64;

/** @throws when the directory cannot be written or is not a journal. */
export function openJournal(options: JournalOptions): Journal {
  // Space for the log, for pages that wait to be reused, and for facts. Only address space is taken.
  const mapSize = Math.ceil((options.maxBytes * 1.5 + 2 ** 28) / 2 ** 20) * 2 ** 20;
  const env = openEnvironment(options.path, mapSize);
  if (env.facts.getBinary(IDENTITY) === undefined) {
    env.facts.putSync(IDENTITY, encodeRecord(randomUUID()));
    syncDirectory(options.path);
  }
  return new LmdbJournal(env, options);
}

class LmdbJournal extends LogReader implements Journal {
  readonly #env: Environment;
  readonly #maxBytes: number;
  readonly #keepBytes: number;
  readonly #logs: Record<LogName, LiveLog>;
  readonly #listeners: Record<LogName, ((position: number) => void)[]> = { input: [], outcome: [] };
  readonly #durable: Record<LogName, number>;
  readonly #failureListeners: ((error: JournalFailed) => void)[] = [];
  readonly #movedReaders = new Map<string, number>();
  #failed: JournalFailed | null = null;
  #full = false;
  #trimming: Promise<number> | null = null;

  constructor(env: Environment, options: JournalOptions) {
    super(env);
    this.#env = env;
    this.#maxBytes = options.maxBytes;
    this.#keepBytes = options.keepBytes ?? options.maxBytes / 4;
    this.#logs = { input: new LiveLog(env.input), outcome: new LiveLog(env.outcome) };
    this.#durable = { input: this.#logs.input.last, outcome: this.#logs.outcome.last };
    for (const { key, value } of env.readers.getRange()) {
      const [log, name] = splitReaderKey(key);
      this.#logs[log].readers.set(name, decodeRecord<number>(value, `reader ${key}`));
    }
  }

  append(draft: GroupDraft, facts: readonly Fact[] = []): number {
    this.#assertOpen();
    const position = this.#logs.input.last + 1;
    const bytes = encodeGroup(draft, position);
    this.#commit('input', facts, () => this.#logs.input.put(bytes));
    return position;
  }

  appendOutcome(records: readonly OutcomeRecord[], facts: readonly Fact[] = []): number {
    this.#assertOpen();
    const encoded = records.map(encodeRecord);
    this.#commit('outcome', facts, () => {
      for (const bytes of encoded) this.#logs.outcome.put(bytes);
    });
    return this.#logs.outcome.last;
  }

  onDurable(listener: (position: number) => void): void {
    this.#listeners.input.push(listener);
  }

  onOutcomeDurable(listener: (position: number) => void): void {
    this.#listeners.outcome.push(listener);
  }

  onFailure(listener: (error: JournalFailed) => void): void {
    this.#failureListeners.push(listener);
  }

  fact<T>(key: string): T | undefined {
    this.#env.root.resetReadTxn();
    const bytes = this.#env.facts.getBinary(key);
    return bytes === undefined ? undefined : decodeRecord<T>(bytes, `fact ${key}`);
  }

  *facts<T>(prefix: string): Generator<[string, T]> {
    this.#env.root.resetReadTxn();
    for (const { key, value } of this.#env.facts.getRange({ start: prefix })) {
      if (!key.startsWith(prefix)) return;
      yield [key, decodeRecord<T>(value, `fact ${key}`)];
    }
  }

  async putFacts(facts: readonly Fact[]): Promise<void> {
    this.#assertOpen();
    const encoded = encodeFacts(facts);
    try {
      await this.#transaction(() => this.#putFacts(encoded));
    } catch (error) {
      throw await this.#fail(error);
    }
  }

  setReader(log: LogName, name: string, position: number): void {
    this.#logs[log].readers.set(name, position);
    this.#movedReaders.set(`${log}/${name}`, position);
  }

  readerPosition(log: LogName, name: string): number | null {
    return this.#logs[log].readers.get(name) ?? null;
  }

  trim(): Promise<number> {
    this.#trimming ??= this.#trim().finally(() => {
      this.#trimming = null;
    });
    return this.#trimming;
  }

  fill(): number {
    return this.#liveBytes() / this.#maxBytes;
  }

  accepting(): boolean {
    const fill = this.fill();
    this.#full = this.#full ? fill >= RESUME_BELOW : fill >= STOP_AT;
    return !this.#full && this.#failed === null;
  }

  override async close(): Promise<void> {
    if (this.#failed === null) {
      if (this.#movedReaders.size > 0) await this.putFacts([]);
      this.#failed = new JournalFailed('the journal is closed');
    }
    // Let a running trim see the closed state before its databases go away.
    await this.#trimming?.catch(() => undefined);
    await super.close();
  }

  #commit(log: LogName, facts: readonly Fact[], write: () => void): void {
    const encoded = encodeFacts(facts);
    const done = this.#transaction(() => {
      write();
      this.#putFacts(encoded);
    });
    const position = this.#logs[log].last;
    done.then(
      () => this.#announce(log, position),
      (error) => this.#fail(error),
    );
  }

  #announce(log: LogName, position: number): void {
    if (position <= this.#durable[log]) return;
    this.#durable[log] = position;
    for (const listener of this.#listeners[log]) listener(position);
  }

  /** Everything `action` writes is one transaction; encoding must be done before, since half a batch cannot be undone. */
  #transaction(action: () => void): Promise<boolean> {
    return this.#env.root.batch(() => {
      action();
      for (const [key, position] of this.#movedReaders) this.#env.readers.put(key, encodeRecord(position));
      this.#movedReaders.clear();
    });
  }

  #putFacts(facts: readonly (readonly [string, Uint8Array | null])[]): void {
    for (const [key, bytes] of facts) {
      if (bytes === null) this.#env.facts.remove(key);
      else this.#env.facts.put(key, bytes);
    }
  }

  async #fail(error: unknown): Promise<JournalFailed> {
    const first = this.#failed === null;
    this.#failed ??= new JournalFailed('the journal could not commit', { cause: error });
    // Also for later errors: the promise in them would otherwise end as an unhandled rejection.
    const reason = await reasonOf(error);
    if (first) {
      this.#failed.message += `: ${reason}`;
      for (const listener of this.#failureListeners) listener(this.#failed);
    }
    return this.#failed;
  }

  #assertOpen(): void {
    if (this.#failed) throw this.#failed;
  }

  #liveBytes(): number {
    return this.#logs.input.bytes + this.#logs.outcome.bytes;
  }

  async #trim(): Promise<number> {
    let removed = 0;
    while (this.#failed === null) {
      const excess = this.#liveBytes() - this.#keepBytes;
      const largestFirst = Object.values(this.#logs).sort((a, b) => b.bytes - a.bytes);
      const log = largestFirst.find((candidate) => candidate.removable(excess, TRIM_CHUNK) > 0);
      if (log === undefined) return removed;
      const count = log.removable(excess, TRIM_CHUNK);
      await this.#transaction(() => log.removeOldest(count)).catch((error) => this.#fail(error));
      if (this.#failed) return removed;
      removed += count;
      this.#env.root.resetReadTxn();
      log.measure();
    }
    return removed;
  }
}

/** Commits sync the file; that a new file has a name is synced here, once. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function encodeFacts(facts: readonly Fact[]) {
  return facts.map(([key, value]) => [key, value === undefined ? null : encodeRecord(value)] as const);
}

function splitReaderKey(key: string): [LogName, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash) as LogName, key.slice(slash + 1)];
}

/** lmdb rejects with a general sentence and puts the reason into a promise beside it. */
async function reasonOf(error: unknown): Promise<string> {
  const { commitError } = error as { commitError?: PromiseLike<unknown> };
  try {
    await commitError;
    return error instanceof Error ? error.message : String(error);
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason);
  }
}
