import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a data directory. Enough to tell a dead process from one whose number was given to another. */
export interface LockHolder {
  /** Unique to one taking of the lock. */
  readonly token: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot, from /proc; null where there is none. */
  readonly processStart: string | null;
  readonly bootId: string | null;
  /** Process numbers mean something only within one namespace: two containers both have a process 1. */
  readonly pidNamespace: string | null;
  readonly host: string;
  readonly since: string;
}

/**
 * `alive` and `dead` are certain. `elsewhere` is a holder on another host, in another container, or from before a
 * restart of the machine: only its heartbeat can tell.
 */
export type Judgement = 'alive' | 'dead' | 'elsewhere';

export interface ProcessTable {
  exists(pid: number): boolean;
  /** null when there is no such process, or no /proc. */
  startOf(pid: number): string | null;
}

export function describeSelf(now: number): LockHolder {
  return {
    token: randomUUID(),
    pid: process.pid,
    processStart: processTable.startOf(process.pid),
    bootId: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: textOf(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
    since: new Date(now).toISOString(),
  };
}

/** Pure: what is known about a holder from where `self` stands. */
export function judgeHolder(holder: LockHolder, self: LockHolder, processes: ProcessTable): Judgement {
  const samePlace =
    holder.host === self.host && holder.bootId === self.bootId && holder.pidNamespace === self.pidNamespace;
  if (!samePlace) return 'elsewhere';
  if (!processes.exists(holder.pid)) return 'dead';
  const start = processes.startOf(holder.pid);
  if (holder.processStart !== null && start !== null && start !== holder.processStart) return 'dead';
  return 'alive';
}

/** @returns null for what is not a holder: a file cut short by a crash, or one still being written. */
export function parseHolder(text: string): LockHolder | null {
  const value = textOf<Partial<LockHolder>>(() => JSON.parse(text));
  const complete = typeof value?.token === 'string' && typeof value.pid === 'number' && typeof value.host === 'string';
  return complete ? (value as LockHolder) : null;
}

export const processTable: ProcessTable = {
  exists(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: it is there, and somebody else's.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  startOf(pid) {
    const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // The second field is the command in brackets and may hold spaces; the 22nd is the start time (proc(5)).
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has given up its files; only its parent has not looked yet.
    return fields?.[0] === 'Z' ? 'zombie' : (fields?.[19] ?? null);
  },
};

function textOf<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
