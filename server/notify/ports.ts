import type { Role } from '#contract/names.ts';
import type { Delivery } from '#contract/push.ts';
import type { OutcomeRecord, PushSubscriptionRecord } from '#contract/records.ts';

/** What this room needs of others; `app.ts` wires it. */

/** A phone, and what its owner is here for. */
export interface Subscriber {
  readonly subscription: PushSubscriptionRecord;
  readonly unit: string | null;
  readonly role: Role;
}

/** The subscriptions of enabled users, from memory: a database that is down must not silence phones. */
export interface Subscribers {
  all(): Iterable<Subscriber>;
  /** False after logout or removal: what is queued for it is not sent. */
  has(subscriptionId: string): boolean;
  /** The push service says that this subscription is no more. */
  forget(subscriptionId: string): void;
}

/** What the hub concluded, in order, and how far this room has come with it. */
export interface ConclusionFeed {
  /** Durable records after a position, oldest first. */
  readOutcome(after: number, max: number): readonly { readonly position: number; readonly record: OutcomeRecord }[];
  firstOutcome(): number;
  lastOutcome(): number;
  /** As last told to `advance`, also before a restart; null on the first start. */
  position(): number | null;
  /** Everything up to `position` is dealt with. May be kept lazily: what is told again is recognised. */
  advance(position: number): void;
}

/** Keeps what became of each push; told again as it proceeds, under the same id. Must not throw. */
export interface DeliveryLog {
  record(delivery: Delivery): void;
}

/** Time, real or virtual. */
export interface NotifyClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs once after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, run: () => void): () => void;
}

export interface NotifyLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** One notice for one phone. */
export interface Push {
  /** At most 3,993 bytes of UTF-8. */
  readonly payload: string;
  readonly urgency: 'high' | 'normal';
  /** At most 32 characters of base64url: a newer push of a topic replaces one not yet delivered (RFC 8030 §5.4). */
  readonly topic: string;
  /** Milliseconds since the Unix epoch; not delivered after it. */
  readonly expiresAt: number;
}

/**
 * What one attempt came to. `gone`: the subscription is no more. `refused`: trying again would change nothing. `retry`:
 * the service or the way to it is in trouble; `retryAfterMs` is its own word on when to come back.
 */
export interface Attempt {
  readonly result: 'accepted' | 'gone' | 'refused' | 'retry';
  readonly status: number | null;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
}

/** A way to reach a person. Never rejects, and answers within a bounded time. */
export interface Receiver {
  send(subscription: PushSubscriptionRecord, push: Push): Promise<Attempt>;
}
