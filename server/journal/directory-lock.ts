import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeSelf, judgeHolder, type LockHolder, parseHolder, processTable } from './lock-holder.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

export interface DirectoryLockOptions {
  /** Called once when another process has taken the lock over, which can happen after a freeze: stop writing, exit. */
  readonly onLost?: (error: DirectoryHeld) => void;
  /** How often a holder shows that it lives, ms; default 2,000. */
  readonly heartbeatMs?: number;
  /** A holder elsewhere that did not show itself for this long is gone, ms; default 15,000. */
  readonly staleMs?: number;
  readonly now?: () => number;
}

/** The directory belongs to another running hub. The message says who, where, and what to do. */
export class DirectoryHeld extends Error {
  override readonly name = 'DirectoryHeld';
  readonly holder: LockHolder | null;

  constructor(message: string, holder: LockHolder | null) {
    super(message);
    this.holder = holder;
  }
}

const LOCK = 'hub.lock';

/** A lock file: who is written in it, and when it last showed a sign of life. */
interface Link {
  readonly path: string;
  /** The holder's; for a file a crash left without a holder, one that no other file can have. */
  readonly token: string;
  readonly holder: LockHolder | null;
  readonly beat: number;
}

/**
 * Takes the directory for this process. A holder that is provably dead on this machine is succeeded at once. One
 * elsewhere (another host or container) is watched: it counts as alive as soon as it touches its file, and as gone when
 * it did not for `staleMs`.
 *
 * Taking over must be safe when two starters race. A dead holder's file is therefore never removed or replaced first:
 * its successor is the file named after its token, and creating that with O_EXCL is what decides. Only the winner then
 * puts itself at the root of the chain.
 *
 * @throws DirectoryHeld when another hub holds the directory
 */
export async function acquireDirectoryLock(dir: string, options: DirectoryLockOptions = {}): Promise<DirectoryLock> {
  const { heartbeatMs = 2_000, staleMs = 15_000, now = Date.now } = options;
  mkdirSync(dir, { recursive: true });
  const self = describeSelf(now());
  for (;;) {
    const end = readChain(dir);
    if (end === null) {
      if (createLink(join(dir, LOCK), self)) return hold(dir, self, heartbeatMs, options.onLost);
      continue;
    }
    await assertGone(dir, end, self, { heartbeatMs, staleMs, now });
    if (takeOver(dir, end, self)) return hold(dir, self, heartbeatMs, options.onLost);
  }
}

const successorOf = (dir: string, token: string) => join(dir, `${LOCK}.after-${token}`);

/** The last link of the chain is the holder. @returns null when there is no lock. */
function readChain(dir: string): Link | null {
  let link = readLink(join(dir, LOCK));
  for (let next = link; next !== null; next = readLink(successorOf(dir, next.token))) link = next;
  return link;
}

function readLink(path: string): Link | null {
  try {
    const holder = parseHolder(readFileSync(path, 'utf8'));
    const { ino, mtimeMs } = statSync(path);
    return { path, token: holder?.token ?? `unreadable-${ino}`, holder, beat: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Created and written without a pause between, so that an empty file means a crash in that instant. */
function createLink(path: string, self: LockHolder): boolean {
  try {
    const file = openSync(path, 'wx', 0o644);
    writeSync(file, `${JSON.stringify(self)}\n`);
    fsyncSync(file);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function takeOver(dir: string, end: Link, self: LockHolder): boolean {
  const own = successorOf(dir, end.token);
  if (!createLink(own, self)) return false;
  // The chain may have been shortened since it was read; then ours hangs from nothing. If it still leads to us, nobody
  // else can have succeeded: a winner puts itself at the root before its link goes.
  if (readChain(dir)?.token !== self.token) {
    rmSync(own, { force: true });
    return false;
  }
  const root = readLink(join(dir, LOCK));
  renameSync(own, join(dir, LOCK));
  // What starters left that died between creating their link and shortening the chain.
  for (let link = root; link !== null && link.token !== self.token; ) {
    const path = successorOf(dir, link.token);
    link = readLink(path);
    rmSync(path, { force: true });
  }
  return true;
}

interface Patience {
  readonly heartbeatMs: number;
  readonly staleMs: number;
  readonly now: () => number;
}

/** Returns when the holder is gone. Clocks of two hosts may differ, so the file is watched, not only dated. */
async function assertGone(dir: string, end: Link, self: LockHolder, patience: Patience): Promise<void> {
  const judgement = end.holder ? judgeHolder(end.holder, self, processTable) : 'elsewhere';
  if (judgement === 'dead') return;
  if (judgement === 'alive') throw held(dir, end.holder, self);
  const oldAlready = patience.now() - end.beat > patience.staleMs;
  let waitMs = oldAlready ? patience.heartbeatMs * 2 : patience.staleMs;
  while (waitMs > 0) {
    const step = Math.min(patience.heartbeatMs / 4, waitMs);
    await sleep(step);
    waitMs -= step;
    const seen = readLink(end.path);
    // Released, succeeded or written in the meantime: the caller looks again.
    if (seen?.token !== end.token) return;
    if (seen?.beat !== end.beat) throw held(dir, end.holder, self);
  }
}

function held(dir: string, holder: LockHolder | null, self: LockHolder): DirectoryHeld {
  const who = holder
    ? `process ${holder.pid} on ${placeOf(holder, self)}, since ${holder.since}`
    : 'an unknown process';
  return new DirectoryHeld(
    `the data directory ${dir} is in use by another hub (${who}). ` +
      'Stop that hub, or give this one a data directory of its own.',
    holder,
  );
}

function placeOf(holder: LockHolder, self: LockHolder): string {
  if (holder.host !== self.host) return `host ${holder.host}`;
  return holder.pidNamespace === self.pidNamespace ? 'this host' : `this host name (${holder.host}), another container`;
}

function hold(
  dir: string,
  self: LockHolder,
  heartbeatMs: number,
  onLost: DirectoryLockOptions['onLost'],
): DirectoryLock {
  const path = join(dir, LOCK);
  const timer = setInterval(() => {
    const end = readChain(dir);
    if (end?.token === self.token) {
      const time = new Date();
      utimes(path, time, time).catch(() => undefined);
      return;
    }
    clearInterval(timer);
    onLost?.(new DirectoryHeld(`the data directory ${dir} was taken over by another hub`, end?.holder ?? null));
  }, heartbeatMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      // Only ours: after a take-over the file is the successor's.
      if (readChain(dir)?.token === self.token) rmSync(path, { force: true });
    },
  };
}
