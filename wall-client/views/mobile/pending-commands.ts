import type { Alert, AlertCommand } from '#contract/alert.ts';
import { HttpError, type HubHttp } from '../../connection/http.ts';
import { Observable } from '../../state/observable.ts';
import type { PendingCommand, PhoneMemory } from './phone-memory.ts';

/** Commands kept unsent at most; the next one is not kept, and the person is told to use the telephone. */
export const MOST_PENDING = 50;

export type SubmitOutcome =
  | { readonly kind: 'done'; readonly alert: Alert }
  | { readonly kind: 'kept' }
  | { readonly kind: 'refused'; readonly error: HttpError }
  | { readonly kind: 'full' };

export interface PendingOptions {
  readonly memory: PhoneMemory;
  readonly http: Pick<HubHttp, 'post'>;
  /** Page clock, ms since the Unix epoch. */
  readonly now: () => number;
  readonly newKey: () => string;
  /** What to tell of a refusal. */
  readonly reason: (error: HttpError) => string;
  /** The hub's answer to a command sent later. */
  readonly onDone: (alert: Alert) => void;
}

/**
 * Commands of one person on their way to the hub. Each is kept before it is sent and dropped after the hub's answer, so
 * that a phone that dies in between sends it again, with the same key, and the hub does it once. Sent in the order of
 * the taps: a "done" must not overtake its "acknowledged".
 */
export class PendingCommands extends Observable {
  readonly #options: PendingOptions;
  #username: string | null = null;
  #all: readonly PendingCommand[] = [];
  #flushing: Promise<void> | null = null;

  constructor(options: PendingOptions) {
    super();
    this.#options = options;
  }

  /** Oldest first, refused ones included. */
  get all(): readonly PendingCommand[] {
    return this.#all;
  }

  get unsent(): readonly PendingCommand[] {
    return this.#all.filter(({ refused }) => refused === null);
  }

  of(alert: string): readonly PendingCommand[] {
    return this.#all.filter((command) => command.alert === alert);
  }

  /** Takes up what this person left; what another one left is not theirs to send, and goes. */
  async open(username: string): Promise<void> {
    this.#username = username;
    const kept = await this.#options.memory.pending();
    const own = kept.filter((command) => command.username === username);
    for (const other of kept) if (!own.includes(other)) await this.#options.memory.dropPending(other.id);
    this.#set(own);
    await this.flush();
  }

  /** Forgets all without sending: at a logout. */
  close(): void {
    this.#username = null;
    this.#set([]);
  }

  /** Sends a command, or keeps it for later. */
  async submit(alert: string, command: AlertCommand): Promise<SubmitOutcome> {
    if (this.#username === null || this.unsent.length >= MOST_PENDING) return { kind: 'full' };
    const { newKey, now, memory } = this.#options;
    const pending = { id: newKey(), username: this.#username, alert, command, at: now(), refused: null };
    // Where storage is refused the command is sent all the same; it just does not survive the page.
    await memory.putPending(pending).catch(() => {});
    this.#set([...this.#all, pending]);
    const outcomes = new Map<string, SubmitOutcome>();
    await this.#flushUntil((sent, result) => outcomes.set(sent.id, result));
    const outcome = outcomes.get(pending.id) ?? { kind: 'kept' };
    // A refusal told at once needs no second place on the screen.
    if (outcome.kind === 'refused') await this.dismiss(pending.id);
    return outcome;
  }

  /** Sends what is kept, in order, until it is all gone or the hub cannot be reached. */
  async flush(): Promise<void> {
    await this.#flushUntil(() => {});
  }

  /** Drops a refused command that was read. */
  async dismiss(id: string): Promise<void> {
    await this.#options.memory.dropPending(id).catch(() => {});
    this.#set(this.#all.filter((command) => command.id !== id));
  }

  async #flushUntil(tell: (sent: PendingCommand, outcome: SubmitOutcome) => void): Promise<void> {
    // One at a time: two runs at once would send the same command twice and break the order.
    while (this.#flushing !== null) await this.#flushing;
    this.#flushing = this.#run(tell).finally(() => {
      this.#flushing = null;
    });
    await this.#flushing;
  }

  async #run(tell: (sent: PendingCommand, outcome: SubmitOutcome) => void): Promise<void> {
    for (const pending of this.unsent) {
      const outcome = await this.#send(pending);
      if (outcome.kind === 'kept') return;
      tell(pending, outcome);
    }
  }

  async #send(pending: PendingCommand): Promise<SubmitOutcome> {
    const { http, memory, reason, onDone } = this.#options;
    try {
      const path = `/alerts/${pending.alert}/commands`;
      const alert = await http.post<Alert>(path, pending.command, { idempotencyKey: pending.id });
      await this.dismiss(pending.id);
      onDone(alert);
      return { kind: 'done', alert };
    } catch (error) {
      if (!(error instanceof HttpError) || isPassing(error)) return { kind: 'kept' };
      const refused = { ...pending, refused: reason(error) };
      await memory.putPending(refused).catch(() => {});
      this.#set(this.#all.map((command) => (command.id === pending.id ? refused : command)));
      return { kind: 'refused', error };
    }
  }

  #set(all: readonly PendingCommand[]): void {
    this.#all = all;
    this.changed();
  }
}

/** Nothing is decided: no connection, an overloaded hub, or a session that a login mends. Other errors are told. */
function isPassing(error: HttpError): boolean {
  return ['offline', 'timeout', 'unavailable', 'too-many', 'unauthorised'].includes(error.key);
}
