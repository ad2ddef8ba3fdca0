import type { Principal } from '#contract/people.ts';
import type { SessionRecord, UserRecord } from '#contract/records.ts';
import type { AuthLog, IdentityStore } from './ports.ts';
import { generateSecret, hashSecret } from './secret.ts';

const HOUR = 3_600_000;
/** Not used for this long: over. */
export const SESSION_IDLE = 12 * HOUR;
/** Over in any case. */
export const SESSION_LONGEST = 7 * 24 * HOUR;
/** How much later an end must be before it is worth a write. */
const WRITE_AFTER = HOUR;
const MAX_PER_USER = 20;
/** Writes that wait for the database; beyond it the oldest is given up, and that session ends with the process. */
const MAX_WAITING = 10_000;

export interface SessionsOptions {
  readonly store: Pick<IdentityStore, 'createSession' | 'deleteSession'>;
  readonly user: (username: string) => UserRecord | null;
  readonly now: () => number;
  readonly log: AuthLog;
  readonly revoked: () => void;
}

interface Session {
  readonly hash: string;
  readonly username: string;
  readonly createdAt: number;
  expiresAt: number;
  /** The end the database has, or will have once the waiting write is done. */
  written: number;
}

/**
 * Opaque server-side sessions. Memory decides; the database remembers over a restart. What cannot be written waits
 * until {@link flush} gets through, so that people log in while the database is down.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #byHash = new Map<string, Session>();
  /** What the database must be told, by session: the record as it should be, or null to delete it. */
  readonly #waiting = new Map<string, SessionRecord | null>();
  #flushing: Promise<void> | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  restore(records: readonly SessionRecord[]): void {
    const now = this.#options.now();
    // Oldest first, as they came about: the limit per person counts on it.
    for (const record of [...records].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
      const expiresAt = Date.parse(record.expiresAt);
      if (!(expiresAt > now)) continue;
      const { hash, username } = record;
      this.#byHash.set(hash, {
        hash,
        username,
        createdAt: Date.parse(record.createdAt),
        expiresAt,
        written: expiresAt,
      });
    }
  }

  /** Sessions held and writes that wait, for metrics and tests. */
  get counts(): { readonly sessions: number; readonly waiting: number } {
    return { sessions: this.#byHash.size, waiting: this.#waiting.size };
  }

  /** @returns the cookie's value. */
  start(username: string): string {
    const secret = generateSecret();
    const now = this.#options.now();
    const expiresAt = now + SESSION_IDLE;
    const session: Session = { hash: hashSecret(secret), username, createdAt: now, expiresAt, written: expiresAt };
    this.#byHash.set(session.hash, session);
    const own = [...this.#byHash.values()].filter((other) => other.username === username);
    for (const oldest of own.slice(0, -MAX_PER_USER)) this.#drop(oldest);
    this.#write(session.hash, recordOf(session));
    return secret;
  }

  /** @returns who holds this session, null when it is unknown or over. Using it keeps it alive. */
  principal(secret: string): Principal | null {
    const session = this.#byHash.get(hashSecret(secret));
    if (!session) return null;
    const now = this.#options.now();
    const user = this.#options.user(session.username);
    if (session.expiresAt <= now || user === null) {
      this.#drop(session);
      return null;
    }
    session.expiresAt = Math.min(now + SESSION_IDLE, session.createdAt + SESSION_LONGEST);
    if (session.expiresAt - session.written >= WRITE_AFTER) {
      session.written = session.expiresAt;
      this.#write(session.hash, recordOf(session));
    }
    return { kind: 'user', name: user.username, role: user.role, unit: user.unit };
  }

  end(secret: string): void {
    const session = this.#byHash.get(hashSecret(secret));
    if (session) this.#drop(session);
  }

  /** Ends all sessions of a user but one, after a change of password. */
  endOthers(username: string, keep: string | null): void {
    const kept = keep === null ? null : hashSecret(keep);
    for (const session of [...this.#byHash.values()]) {
      if (session.username === username && session.hash !== kept) this.#drop(session);
    }
  }

  /** Ends what is over. Call now and then: a session nobody uses again would otherwise stay. */
  sweep(): void {
    const now = this.#options.now();
    for (const session of [...this.#byHash.values()]) if (session.expiresAt <= now) this.#drop(session);
  }

  /** Tells the database what it does not know yet; does nothing while it is down. */
  flush(): Promise<void> {
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  #drop(session: Session): void {
    this.#byHash.delete(session.hash);
    this.#write(session.hash, null);
    this.#options.revoked();
  }

  #write(hash: string, record: SessionRecord | null): void {
    this.#waiting.delete(hash);
    this.#waiting.set(hash, record);
    const oldest = this.#waiting.keys().next();
    if (this.#waiting.size > MAX_WAITING && !oldest.done) this.#waiting.delete(oldest.value);
    void this.flush();
  }

  async #drain(): Promise<void> {
    for (let next = first(this.#waiting); next; next = first(this.#waiting)) {
      const [hash, record] = next;
      try {
        // The store knows no update of a session; a crash in between costs one person one login.
        await this.#options.store.deleteSession(hash);
        if (record) await this.#options.store.createSession(record);
      } catch (error) {
        this.#options.log.warn({ err: error, waiting: this.#waiting.size }, 'sessions wait for the database');
        // To the back of the queue: one record the database will never take must not hold up the others.
        if (this.#waiting.get(hash) === record) {
          this.#waiting.delete(hash);
          this.#waiting.set(hash, record);
        }
        return;
      }
      // Someone may have changed their mind while the write was on its way.
      if (this.#waiting.get(hash) === record) this.#waiting.delete(hash);
    }
  }
}

function first<K, V>(map: Map<K, V>): [K, V] | null {
  const entry = map.entries().next();
  return entry.done ? null : entry.value;
}

function recordOf(session: Session): SessionRecord {
  return {
    hash: session.hash,
    username: session.username,
    createdAt: new Date(session.createdAt).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
  };
}
