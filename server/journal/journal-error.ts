export type LogName = 'input' | 'outcome';

/** A stored value whose checksum, length or place is wrong. It is never handed out; `what` names it. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
  readonly what: string;

  constructor(what: string, reason: string) {
    super(`the journal's ${what} is damaged: ${reason}`);
    this.what = what;
  }
}

/** The reader asks for what was trimmed: `first` is the oldest position still there. */
export class JournalGap extends Error {
  override readonly name = 'JournalGap';
  readonly log: LogName;
  readonly first: number;

  constructor(log: LogName, after: number, first: number) {
    super(`the journal's ${log} log has nothing between position ${after} and ${first}: it was trimmed`);
    this.log = log;
    this.first = first;
  }
}

/** A commit failed, or the journal is closed: nothing more can be made durable by this process. */
export class JournalFailed extends Error {
  override readonly name = 'JournalFailed';
}
