import type { JournalledCommand } from '#contract/alert.ts';
import type { GroupDraft, JournalEntry, JournalGroup } from '#contract/journal-group.ts';
import { type SampleBatch, SampleBuilder } from '#contract/sample-batch.ts';
import type { Fact, GroupListener, InputLog } from './ports.ts';

const OVERLOADS = {
  'queue-full': { message: 'more data waits for the disk than the hub may hold', retryAfter: 1 },
  'journal-full': { message: 'the journal is nearly full', retryAfter: 30 },
  stopping: { message: 'the hub is stopping', retryAfter: 5 },
} as const;
type OverloadReason = keyof typeof OVERLOADS;

/** The hub takes nothing in for now. MQTT: no acknowledgement and the connection ends; HTTP: 503 with Retry-After. */
export class Overloaded extends Error {
  readonly code = 'overloaded';
  readonly reason: OverloadReason;
  /** Seconds. */
  readonly retryAfter: number;

  constructor(reason: OverloadReason) {
    super(OVERLOADS[reason].message);
    this.reason = reason;
    this.retryAfter = OVERLOADS[reason].retryAfter;
  }
}

export type Done = (error?: Error | null) => void;

/**
 * Learns the fate of one message. One long-lived object serves many messages; `done` and `ticket` are handed back as
 * they were given, so that no message needs an object of its own.
 */
export interface Receiver {
  settled(error: Error | null, done: Done, ticket: number): void;
}

const CALL_BACK: Receiver = { settled: (error, done) => done(error) };

export interface AdmissionOptions {
  readonly journal: InputLog;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly onGroup: GroupListener;
  /** Samples of a group that did not reach the journal. */
  readonly onLost?: (samples: SampleBatch) => void;
  /** The newest log clock in the journal: the clock never runs backwards, not over a restart either. */
  readonly lastAt?: number;
  /** Longest wait of an idle hub for company before a commit, milliseconds (2). */
  readonly wait?: number;
  /** Most commits under way at once (1). */
  readonly maxInFlight?: number;
  /** Most samples, and most unacknowledged messages, of the pending group (50,000). */
  readonly maxPending?: number;
  /** Most bytes of entries in the pending group (16 MiB). */
  readonly maxPendingBytes?: number;
}

/** Messages without acknowledgement, as columns. */
interface Waiting {
  readonly receivers: Receiver[];
  readonly dones: Done[];
  readonly tickets: number[];
}

/** A group between hand-over and durability. Without content: messages that wait for an earlier group. */
interface Flight {
  readonly position: number;
  readonly group: JournalGroup | null;
  readonly waiting: Waiting;
}

function settle(waiting: Waiting, error: Error | null): void {
  const { receivers, dones, tickets } = waiting;
  for (let i = 0; i < dones.length; i++) receivers[i]!.settled(error, dones[i]!, tickets[i]!);
}

/**
 * Collects what comes in into one growing group, commits it, and only then lets acknowledgements go and passes the
 * group on. While a commit is under way everything collects; when it ends the next starts at once.
 */
export class Admission {
  /** Only the intake of samples writes here. */
  readonly samples = new SampleBuilder(4096);
  #entries: JournalEntry[] = [];
  #facts: Fact[] = [];
  #bytes = 0;
  #waiting: Waiting = { receivers: [], dones: [], tickets: [] };
  #tickAt = Number.NaN;

  #flights: Flight[] = [];
  #commits = 0;
  #lastPosition = 0;
  #at: number;
  #timer: NodeJS.Timeout | null = null;
  #closing: (() => void) | null = null;
  #closed = false;
  #settledListeners: (() => void)[] = [];

  readonly #journal: InputLog;
  readonly #now: () => number;
  readonly #onGroup: GroupListener;
  readonly #onLost: (samples: SampleBatch) => void;
  readonly #wait: number;
  readonly #maxInFlight: number;
  readonly #maxPending: number;
  readonly #maxBytes: number;

  constructor(options: AdmissionOptions) {
    this.#journal = options.journal;
    this.#now = options.now;
    this.#onGroup = options.onGroup;
    this.#onLost = options.onLost ?? (() => {});
    this.#at = options.lastAt ?? 0;
    this.#wait = options.wait ?? 2;
    this.#maxInFlight = options.maxInFlight ?? 1;
    this.#maxPending = options.maxPending ?? 50_000;
    this.#maxBytes = options.maxPendingBytes ?? 16 * 1024 * 1024;
    this.#journal.onDurable((position) => this.#durable(position));
  }

  /** The log clock: the hub's clock, held where that would run backwards. */
  now(): number {
    const now = this.#now();
    if (now > this.#at) this.#at = now;
    return this.#at;
  }

  /** Ask before adding what a device sent. @returns why nothing may be added now, or null. */
  refusal(): Overloaded | null {
    const crowded = this.#crowded();
    if (crowded !== null) return crowded;
    return this.#journal.accepting() ? null : new Overloaded('journal-full');
  }

  #crowded(): Overloaded | null {
    if (this.#closed) return new Overloaded('stopping');
    const full =
      this.samples.length >= this.#maxPending ||
      this.#waiting.dones.length >= this.#maxPending ||
      this.#bytes >= this.#maxBytes;
    return full ? new Overloaded('queue-full') : null;
  }

  /** `bytes`: about what the entry costs while it waits. */
  entry(entry: JournalEntry, bytes: number): void {
    this.#entries.push(entry);
    this.#bytes += bytes;
    this.#arm();
  }

  /** State to be committed with the group under way. */
  fact(key: string, value: unknown): void {
    this.#facts.push([key, value]);
  }

  /** Tells `receiver` when all that was added so far is durable, or that it is not and never will be. */
  await(receiver: Receiver, done: Done, ticket: number): void {
    this.#waiting.receivers.push(receiver);
    this.#waiting.dones.push(done);
    this.#waiting.tickets.push(ticket);
    this.#arm();
  }

  /** As {@link await}, for callers that are not on the hot path. */
  whenDurable(done: Done): void {
    this.await(CALL_BACK, done, 0);
  }

  /**
   * A person's or machine's command on an alert; `done` once durable, before the group is passed on. Taken even when
   * the journal is nearly full: commands are few, and the reserve is for them and for timers.
   */
  command(command: JournalledCommand, done: Done): void {
    const refusal = this.#crowded();
    if (refusal !== null) {
      done(refusal);
      return;
    }
    this.entry({ kind: 'command', command }, 1024);
    this.whenDurable(done);
  }

  /** Moves the log clock to `at` at least, with an empty group if nothing else comes: a timer is due. */
  tick(at: number): void {
    if (this.#closed) return;
    this.#tickAt = at;
    this.#arm();
  }

  /** Called after each run of acknowledgements, for transports that send them in one piece. */
  onSettled(listener: () => void): void {
    this.#settledListeners.push(listener);
  }

  /** What waits, for metrics: samples of the pending group, and messages without acknowledgement. */
  pending(): { samples: number; messages: number } {
    let messages = this.#waiting.dones.length;
    for (const flight of this.#flights) messages += flight.waiting.dones.length;
    return { samples: this.samples.length, messages };
  }

  /** Takes no more in, commits what waits, and resolves when all of it is settled. */
  close(): Promise<void> {
    this.#closed = true;
    return new Promise((resolve) => {
      this.#closing = resolve;
      if (this.#commits === 0) this.#flush();
      this.#endIfIdle();
    });
  }

  #arm(): void {
    if (this.#timer !== null || this.#commits >= this.#maxInFlight) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#commits < this.#maxInFlight) this.#flush();
    }, this.#wait);
  }

  #flush(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
    const hasContent = this.samples.length > 0 || this.#entries.length > 0 || this.#facts.length > 0;
    if (!hasContent && Number.isNaN(this.#tickAt)) {
      if (this.#waiting.dones.length > 0) this.#follow();
      return;
    }
    const draft: GroupDraft = { at: this.#advance(), samples: this.samples.take(), entries: this.#entries };
    const facts = this.#facts;
    this.#entries = [];
    this.#facts = [];
    this.#bytes = 0;
    let position: number;
    try {
      position = this.#journal.append(draft, facts);
    } catch (error) {
      this.#lose(draft, facts, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#lastPosition = position;
    this.#commits++;
    this.#launch(position, { position, at: draft.at, samples: draft.samples, entries: draft.entries });
  }

  #advance(): number {
    const tick = this.#tickAt;
    this.#tickAt = Number.NaN;
    const now = this.now();
    if (tick > now) this.#at = tick;
    return this.#at;
  }

  /** Only repetitions of what is on its way already: they are safe as soon as that is. */
  #follow(): void {
    this.#launch(this.#lastPosition, null);
    if (this.#commits === 0) this.#durable(this.#lastPosition);
  }

  #launch(position: number, group: JournalGroup | null): void {
    this.#flights.push({ position, group, waiting: this.#takeWaiting() });
  }

  #takeWaiting(): Waiting {
    const waiting = this.#waiting;
    this.#waiting = { receivers: [], dones: [], tickets: [] };
    return waiting;
  }

  /**
   * The journal refused the group. Nobody is acknowledged; but what the registry already counts as declared must
   * reach the journal before samples refer to it.
   */
  #lose(draft: GroupDraft, facts: Fact[], error: Error): void {
    this.#onLost(draft.samples);
    for (const entry of draft.entries) {
      if (entry.kind === 'series' || entry.kind === 'thing') this.#entries.push(entry);
    }
    this.#facts.push(...facts);
    settle(this.#takeWaiting(), error);
    this.#announce();
    this.#endIfIdle();
  }

  #durable(position: number): void {
    let landed = 0;
    while (landed < this.#flights.length && this.#flights[landed]!.position <= position) {
      const { waiting, group } = this.#flights[landed++]!;
      if (group !== null) this.#commits--;
      settle(waiting, null);
    }
    if (landed === 0) return;
    const groups = this.#flights.splice(0, landed);
    this.#announce();
    // The next commit runs on the journal's thread while this one evaluates the groups below.
    if (this.#commits < this.#maxInFlight) this.#flush();
    for (const { group } of groups) if (group !== null) this.#onGroup(group);
    this.#endIfIdle();
  }

  #announce(): void {
    for (const listener of this.#settledListeners) listener();
  }

  #endIfIdle(): void {
    if (this.#closing === null || this.#commits > 0 || this.#flights.length > 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#closing();
    this.#closing = null;
  }
}
