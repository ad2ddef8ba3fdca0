/** Bytes waiting for one client, measured once a tick, and what follows from it. */

/** Above this a client pauses: it leaves its rooms, and what it misses is conflated. */
export const PAUSE_ABOVE = 256 * 1024;
/** Below this a paused client is up to date enough to go on. */
export const RESUME_BELOW = 32 * 1024;
/** Above this for longer than {@link BURST} the client is disconnected: one large answer may pass, a backlog may not. */
export const DROP_ABOVE = 1024 * 1024;
const BURST = 2000;
/** Without any progress for this long, ms, or paused for {@link PAUSED_AT_MOST} in all, a client is disconnected. */
const STUCK = 10_000;
const PAUSED_AT_MOST = 60_000;

/** A pause under way; null while the client keeps up. Times are ms since the Unix epoch. */
export interface Pause {
  readonly since: number;
  /** The smallest backlog seen, and when: a client that drains is slow, one that does not is gone. */
  readonly least: number;
  readonly progressAt: number;
}

export type Verdict =
  | { readonly act: 'none' | 'pause'; readonly pause: Pause | null }
  | { readonly act: 'resume'; readonly pause: null }
  | { readonly act: 'drop'; readonly pause: null; readonly reason: string };

/** Judges one client by its backlog in bytes. */
export function judgeBacklog(pause: Pause | null, backlog: number, now: number): Verdict {
  if (pause === null) {
    if (backlog <= PAUSE_ABOVE) return { act: 'none', pause: null };
    return { act: 'pause', pause: { since: now, least: backlog, progressAt: now } };
  }
  if (backlog <= RESUME_BELOW) return { act: 'resume', pause: null };
  const reason = dropReason(pause, backlog, now);
  if (reason !== null) return { act: 'drop', pause: null, reason };
  return { act: 'none', pause: backlog < pause.least ? { ...pause, least: backlog, progressAt: now } : pause };
}

function dropReason(pause: Pause, backlog: number, now: number): string | null {
  if (backlog > DROP_ABOVE && now - pause.since >= BURST) return `${backlog} bytes wait`;
  if (backlog >= pause.least && now - pause.progressAt >= STUCK) return `nothing taken for ${STUCK} ms`;
  if (now - pause.since >= PAUSED_AT_MOST) return `behind for ${PAUSED_AT_MOST} ms`;
  return null;
}
