import type { LinkState, LinkStatus } from './hub-connection.ts';

/** Milliseconds without a word from the hub after which a connection counts as silent; `age` comes every two seconds. */
export const SILENT_AFTER = 5000;
/** Milliseconds of silence after which the connection is given up: it is half open. */
export const GIVE_UP_AFTER = 15_000;

/** The state of the link as people see it. It decides nothing and does nothing; the session acts. */
export class LinkMonitor {
  #status: LinkStatus;

  constructor(now: number) {
    this.#status = { state: 'connecting', since: now, heardAt: null, attempt: 0, reason: null, offset: null };
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** An attempt begins. What was lost stays `lost` until something is heard: trying is not being connected. */
  attempt(now: number): void {
    const { state, attempt } = this.#status;
    this.#enter(state === 'lost' ? 'lost' : 'connecting', now, { attempt: attempt + 1 });
  }

  /** Anything came from the hub. */
  heard(now: number, offset: number | null): void {
    const reason = this.#status.state === 'live' ? this.#status.reason : null;
    this.#enter('live', now, { heardAt: now, attempt: 0, reason, offset });
  }

  /** Something the hub refused, or that was not understood, while the link itself is well. */
  note(reason: string): void {
    this.#status = { ...this.#status, reason };
  }

  lost(now: number, reason: string): void {
    this.#enter('lost', now, { reason });
  }

  refused(now: number, reason: string): void {
    this.#enter('refused', now, { reason });
  }

  /** Lets time pass. @returns true when the connection should be given up. */
  check(now: number): boolean {
    const { state, heardAt } = this.#status;
    if (state !== 'live' && state !== 'silent') return false;
    const quiet = now - (heardAt ?? now);
    if (quiet > SILENT_AFTER) this.#enter('silent', now, {});
    return quiet > GIVE_UP_AFTER;
  }

  #enter(state: LinkState, now: number, changes: Partial<LinkStatus>): void {
    const since = state === this.#status.state ? this.#status.since : now;
    this.#status = { ...this.#status, ...changes, state, since };
  }
}
