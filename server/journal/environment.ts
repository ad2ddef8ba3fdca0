import { type Database, open, type RootDatabase } from 'lmdb';

export type BinaryDatabase = Database<Uint8Array, number>;

export interface Environment {
  readonly root: RootDatabase;
  readonly input: BinaryDatabase;
  readonly outcome: BinaryDatabase;
  readonly facts: Database<Uint8Array, string>;
  readonly readers: Database<Uint8Array, string>;
}

const PAGE = 4096;

/**
 * Opens the environment; a second thread of the same process shares the first one's.
 *
 * `overlappingSync` is off for two reasons read in the library's source. With it a commit becomes visible before it is
 * flushed, so the store's thread could write a group to the database that a power cut then takes from the journal, and
 * its position would be given to other data. And a failed flush would leave `flushed` pending for ever, while a failed
 * plain commit rejects. Without it a commit is: pages written, fdatasync, meta page through an O_DSYNC descriptor, and
 * only then visible and resolved.
 *
 * @param mapSize bytes of address space, not of disk; the library grows it when it must
 */
export function openEnvironment(path: string, mapSize?: number): Environment {
  const root = open({
    path,
    overlappingSync: false,
    maxDbs: 8,
    pageSize: PAGE,
    ...(mapSize === undefined ? {} : { mapSize }),
  });
  return {
    root,
    input: root.openDB('input', { encoding: 'binary' }),
    outcome: root.openDB('outcome', { encoding: 'binary' }),
    facts: root.openDB('facts', { encoding: 'binary' }),
    readers: root.openDB('readers', { encoding: 'binary' }),
  };
}

export function firstKey(log: BinaryDatabase): number {
  for (const key of log.getKeys({ limit: 1 })) return key;
  return 0;
}

export function lastKey(log: BinaryDatabase): number {
  for (const key of log.getKeys({ limit: 1, reverse: true })) return key;
  return 0;
}

interface TreeStats {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** Bytes of the pages one log occupies. */
export function bytesOf(log: BinaryDatabase): number {
  const stats = log.getStats() as TreeStats;
  return (stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages) * PAGE;
}

/** What a value will occupy: LMDB gives anything above about half a page overflow pages of its own. */
export function costOf(length: number): number {
  const node = length + 24;
  return node > PAGE / 2 ? Math.ceil((length + 16) / PAGE) * PAGE + 24 : node;
}
