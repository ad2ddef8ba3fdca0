import { type BinaryDatabase, bytesOf, costOf, firstKey, lastKey } from './environment.ts';

/** One log as its only writer sees it: which positions are live, about how many bytes, and who has read how far. */
export class LiveLog {
  readonly database: BinaryDatabase;
  readonly readers = new Map<string, number>();
  first: number;
  last: number;
  bytes: number;

  constructor(database: BinaryDatabase) {
    this.database = database;
    this.last = lastKey(database);
    this.first = this.last === 0 ? 1 : firstKey(database);
    this.bytes = bytesOf(database);
  }

  /** Must run inside a batch of the environment, so that all of one append is one transaction. */
  put(bytes: Uint8Array): number {
    this.last += 1;
    this.bytes += costOf(bytes.length);
    this.database.put(this.last, bytes);
    return this.last;
  }

  /** Newest position that nobody needs. The last one always stays: it is what the next position is counted from. */
  passed(): number {
    if (this.readers.size === 0) return 0;
    return Math.min(this.last - 1, ...this.readers.values());
  }

  /** How many of the oldest entries to remove so that about `excess` bytes go; 0 when there is nothing to remove. */
  removable(excess: number, most: number): number {
    const live = this.last - this.first + 1;
    const entries = Math.ceil(excess / Math.max(1, this.bytes / live));
    return Math.max(0, Math.min(entries, most, this.passed() - this.first + 1));
  }

  /** Must run inside a batch, as `put`. */
  removeOldest(count: number): void {
    for (let i = 0; i < count; i++) this.database.remove(this.first++);
  }

  /** Entries differ in size, so the estimate is replaced by the pages really in use. */
  measure(): void {
    this.bytes = bytesOf(this.database);
  }
}
