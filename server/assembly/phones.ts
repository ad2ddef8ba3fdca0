import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:https';
import type { PushSubscriptionBody } from '#contract/push.ts';
import type { PushSubscriptionRecord } from '#contract/records.ts';
import type { UserDirectory } from '../auth/user-directory.ts';
import type { Push } from '../http/ports.ts';
import type { Journal } from '../journal/journal.ts';
import { Notifier } from '../notify/notifier.ts';
import type { Subscriber } from '../notify/ports.ts';
import { endpointProblem } from '../notify/receivers/push-endpoint.ts';
import type { VapidKeys } from '../notify/receivers/vapid.ts';
import { WebPushReceiver } from '../notify/receivers/web-push.ts';
import { systemClock } from '../notify/system-clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { Store } from '../store/start.ts';

const MOST_PER_PERSON = 10;

class EndpointNotAllowed extends Error {
  readonly code = 'endpoint-not-allowed';
}

export interface PhonesOptions {
  readonly store: Store;
  readonly users: UserDirectory;
  readonly allowedHosts: readonly string[];
  readonly vapid: VapidKeys;
  readonly agent?: Agent | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

/** Subscribed phones, in memory so that a database outage silences nobody; written through to the database. */
export class Phones implements Push {
  readonly #options: PhonesOptions;
  readonly #subscriptions = new Map<string, PushSubscriptionRecord>();
  #notifier: Notifier | null = null;

  constructor(options: PhonesOptions, subscriptions: readonly PushSubscriptionRecord[]) {
    this.#options = options;
    for (const subscription of subscriptions) this.#subscriptions.set(subscription.id, subscription);
  }

  /** Begins to follow the outcome log. Call once, after the judgement is restored. */
  follow(journal: Journal): Notifier {
    const { log, vapid, allowedHosts, agent } = this.#options;
    const notifier = new Notifier({
      feed: {
        readOutcome: (after, max) => journal.readOutcome(after, max),
        firstOutcome: () => journal.firstOutcome(),
        lastOutcome: () => journal.lastOutcome(),
        position: () => journal.readerPosition('outcome', 'notify'),
        advance: (position) => journal.setReader('outcome', 'notify', position),
      },
      subscribers: {
        all: () => this.#subscribers(),
        has: (id) => this.#subscriptions.has(id),
        forget: (id) => this.#forget(id),
      },
      deliveries: { record: (delivery) => journal.appendOutcome([{ kind: 'delivery', delivery }]) },
      receiver: new WebPushReceiver({ vapid, allowedHosts, clock: systemClock, ...(agent ? { agent } : {}) }),
      clock: systemClock,
      log,
      random: Math.random,
    });
    this.#notifier = notifier;
    notifier.start();
    journal.onOutcomeDurable(() => notifier.news());
    return notifier;
  }

  key(): string {
    return this.#options.vapid.publicKey;
  }

  async subscribe(username: string, { endpoint, keys }: PushSubscriptionBody): Promise<{ readonly id: string }> {
    const problem = endpointProblem(endpoint, this.#options.allowedHosts);
    if (problem !== null) throw new EndpointNotAllowed(problem);
    const known = [...this.#subscriptions.values()].find((other) => other.endpoint === endpoint);
    const record: PushSubscriptionRecord = {
      id: known?.id ?? randomUUID(),
      username,
      endpoint,
      ...keys,
      createdAt: new Date(this.#options.now()).toISOString(),
    };
    await this.#options.store.push.create(record);
    this.#subscriptions.set(record.id, record);
    await this.#dropOldest(username);
    return { id: record.id };
  }

  subscriptions(username: string): readonly PushSubscriptionRecord[] {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.username === username);
  }

  async unsubscribe(id: string): Promise<void> {
    // First here: whatever the database does, nothing more is sent to a phone that was signed off.
    this.#subscriptions.delete(id);
    await this.#options.store.push.delete(id);
  }

  async test(id: string) {
    const subscription = this.#subscriptions.get(id);
    if (!subscription || !this.#notifier) throw new EndpointNotAllowed('this phone is not subscribed any more');
    return await this.#notifier.sendTest(subscription);
  }

  *#subscribers(): Iterable<Subscriber> {
    for (const subscription of this.#subscriptions.values()) {
      const user = this.#options.users.active(subscription.username);
      if (user) yield { subscription, unit: user.unit, role: user.role };
    }
  }

  async #dropOldest(username: string): Promise<void> {
    const own = this.subscriptions(username);
    for (const old of own.slice(0, Math.max(0, own.length - MOST_PER_PERSON))) await this.unsubscribe(old.id);
  }

  #forget(id: string): void {
    this.unsubscribe(id).catch((error: unknown) =>
      this.#options.log.warn({ err: error, subscription: id }, 'a dead subscription stays in the database'),
    );
  }
}
