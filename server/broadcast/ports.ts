import type { Alert, AlertChange } from '#contract/alert.ts';
import type { AgeMessage, AlertFilter, SourceHealth } from '#contract/live.ts';
import type { Principal } from '#contract/people.ts';

/** What a connecting client shows of itself. */
export interface Handshake {
  readonly cookie: string | undefined;
  /** From the Socket.IO handshake's `auth.token`. */
  readonly token: string | undefined;
  readonly origin: string | undefined;
  /** The `Host` the handshake was sent to. */
  readonly host: string | undefined;
  readonly address: string;
}

/** Who may connect, and whose alerts they see. Synchronous: it answers from memory. */
export interface Access {
  authenticate(handshake: Handshake): Principal | null;
  /** Units whose alerts this principal sees; null: all. */
  alertUnits(principal: Principal): readonly string[] | null;
  /** Whether this principal may watch the layer; without it everybody may watch all. */
  watchesLayer?(principal: Principal, layer: string): boolean;
  /** Called after anything that may end a right: logout, changed role, deleted token, unpaired screen. */
  onRevoked(listener: () => void): void;
}

/** The alert book, as far as watching needs it. */
export interface WatchedAlerts {
  /** All that match and are not closed; `units` null means of all units. */
  open(filter: AlertFilter, units: readonly string[] | null): readonly Alert[];
  /** Changes after `seq` in ascending order; null when that far back is no longer known. */
  changesSince(seq: number): readonly AlertChange[] | null;
  /** Number of the newest change. */
  seq(): number;
}

/** What `age` tells. */
export interface HubHealth {
  sources(): readonly SourceHealth[];
  degraded(): AgeMessage['degraded'];
  evaluation(): boolean;
}

export interface BroadcastLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Time, real or virtual. */
export interface BroadcastClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Repeats until the returned function is called. */
  every(milliseconds: number, tick: () => void): () => void;
}
