import type { AlertChange } from './alert.ts';
import type { Role } from './names.ts';
import type { Delivery } from './push.ts';

/** Rows that cross from the store to the rooms that keep them in memory. Hashes, never secrets. Times are RFC 3339. */

export interface UserRecord {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly unit: string | null;
  /** argon2id, PHC string. */
  readonly passwordHash: string;
  readonly disabled: boolean;
}

export interface SessionRecord {
  /** SHA-256 of the cookie's value, hex. */
  readonly hash: string;
  readonly username: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface TokenRecord {
  readonly id: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly name: string;
  readonly role: Role;
  readonly unit: string | null;
  readonly createdBy: string;
  readonly expiresAt: string | null;
}

export interface CredentialRecord {
  readonly username: string;
  /** SHA-256 of the password, hex. */
  readonly hash: string;
  readonly source: string;
  readonly createdAt: string;
}

/** A screen that was paired: it holds a cookie whose hash is here. */
export interface WallScreenRecord {
  readonly id: string;
  readonly hash: string;
  readonly wall: string;
  readonly pairedBy: string;
  readonly pairedAt: string;
}

export interface PushSubscriptionRecord {
  readonly id: string;
  readonly username: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly createdAt: string;
}

export interface AuditEntry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly from: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One record of the outcome log: what the hub concluded or did, on its way to the database. */
export type OutcomeRecord =
  | { readonly kind: 'alert'; readonly change: AlertChange }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'audit'; readonly entry: AuditEntry };
