import { type Static, Type } from 'typebox';
import { literals, nullable, Timestamp } from './primitives.ts';

/** A browser's PushSubscription as `toJSON()` gives it (W3C Push API §7). */
export const PushSubscriptionBody = Type.Object({
  endpoint: Type.String({ format: 'uri', maxLength: 2048 }),
  expirationTime: Type.Optional(nullable(Type.Number())),
  keys: Type.Object({
    p256dh: Type.String({ minLength: 80, maxLength: 100 }),
    auth: Type.String({ minLength: 20, maxLength: 32 }),
  }),
});
export type PushSubscriptionBody = Static<typeof PushSubscriptionBody>;

export const DELIVERY_STATES = ['accepted', 'retrying', 'failed', 'expired', 'gone'] as const;

/** One push on its way to one phone: what was tried, and what the push service said. */
export const Delivery = Type.Object({
  id: Type.String(),
  alert: nullable(Type.String()),
  seq: Type.Integer(),
  subscription: Type.String(),
  username: Type.String(),
  state: literals(DELIVERY_STATES),
  attempts: Type.Integer(),
  status: nullable(Type.Integer({ description: 'HTTP status of the push service' })),
  detail: nullable(Type.String()),
  queuedAt: Timestamp,
  finishedAt: nullable(Timestamp),
});
export type Delivery = Static<typeof Delivery>;

/** What the service worker decrypts. Short: a push service takes 4,096 bytes at most (RFC 8030 §7.2). */
export interface PushPayload {
  readonly kind: 'alert' | 'test';
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly severity: string;
  readonly condition: string;
  readonly at: string;
}
