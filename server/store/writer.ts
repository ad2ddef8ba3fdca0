import { EMPTY_BATCH } from '#contract/sample-batch.ts';
import type { Series } from '#contract/series.ts';
import { type Batch, halve } from './batch.ts';
import type { Database } from './database.ts';
import { failureKind, reasonOf, StoreUnavailable } from './errors.ts';
import { JournalFeed } from './journal-feed.ts';
import type { JournalReader, Log } from './ports.ts';
import { RowBuilder, SeriesIds } from './sample-rows.ts';
import { refusedRecord } from './set-aside.ts';
import { loadStanding, type Standing, writeBatch } from './write-batch.ts';
import { declareSeries } from './write-entries.ts';

/** Looked again even without a notice, should one get lost. */
const IDLE = 500;
/**
 * After a small transaction, so that a trickle does not cost one each: what waits is safe in the journal, and no screen
 * waits for the database.
 */
const GATHER = 100;
const SMALL = 2_000;
const FIRST_PAUSE = 100;
const LAST_PAUSE = 5_000;
/** So often an error that blames nobody is taken as passing, before the batch is taken apart. */
const PATIENCE = 3;

interface WriterProgress {
  readonly inputPosition: number;
  readonly outcomePosition: number;
  /** Samples stored for the first time since start. */
  readonly rows: number;
  /** Samples whose value was replaced by another for the same instant. */
  readonly corrections: number;
  /** Records that the database refused, now in quarantine. */
  readonly setAside: number;
}

export interface WriterOptions {
  readonly database: Database;
  readonly journal: JournalReader;
  readonly hub: string;
  /** What main's registry knows at start: a fresh database meets numbers that a trimmed journal no longer declares. */
  readonly series: readonly Series[];
  readonly log: Log;
  readonly now: () => number;
  readonly onProgress: (progress: WriterProgress) => void;
}

/**
 * Carries the journal into the database, in order, one transaction after the other; each has its rows and the position
 * reached. So a crash at any instant repeats nothing and leaves out nothing, and an outage only delays.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #ids = new SeriesIds();
  readonly #builder = new RowBuilder(this.#ids);
  readonly #feed: JournalFeed;
  #standing: Standing | null = null;
  #stopped = false;
  #news = false;
  #wakeOnNews = false;
  #wake: (() => void) | null = null;
  #rows = 0;
  #corrections = 0;
  #setAside = 0;
  #failures = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#feed = new JournalFeed(options.journal, options.log, options.now);
  }

  /** "The journal has news"; cheap, and any number before the writer looks count as one. */
  notify(): void {
    this.#news = true;
    if (this.#wakeOnNews) this.#wake?.();
  }

  /** Ends {@link run} after the transaction under way. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** Runs until {@link stop}; never rejects. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#options.database.available();
        if (this.#stopped) return;
        const standing = this.#standing ?? (await this.#resume());
        this.#news = false;
        const batch = this.#feed.next();
        if (batch === null) await this.#pause(IDLE);
        else {
          await this.#write(standing, batch);
          if (batch.samples.length < SMALL && batch.entries.length < SMALL) await this.#sleep(GATHER);
        }
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #resume(): Promise<Standing> {
    const { database, hub, journal, log } = this.#options;
    const found = await database.transaction('write', async (session) => {
      const stored = await loadStanding(session, hub, this.#ids);
      this.#builder.forget();
      const missing = this.#options.series.filter((series) => this.#ids.get(series.number) === 0);
      await declareSeries(session, hub, missing, this.#ids);
      return stored;
    });
    // Positions of another journal say nothing about this one: it is read from its oldest record. What both held is
    // recognised row by row.
    const fresh = {
      input: beforeFirst(journal.firstInput()),
      outcome: beforeFirst(journal.firstOutcome()),
      journal: journal.id,
    };
    const standing = found !== null && found.journal === journal.id ? found : fresh;
    if (found !== null && found !== standing)
      log('warn', 'the database followed another journal; reading this one anew');
    this.#standing = standing;
    this.#feed.restart(standing);
    this.#report();
    return standing;
  }

  /** `apart`: this is a piece of a batch that failed; one passing error more or less no longer matters. */
  async #write(standing: Standing, batch: Batch, apart = false): Promise<void> {
    const { database, hub } = this.#options;
    try {
      await this.#commit(standing, batch);
      this.#failures = 0;
    } catch (error) {
      const kind = failureKind(error);
      const blamed = kind === 'data' || kind === 'conflict' || error instanceof RangeError;
      const unclear = kind === 'other' && !(error instanceof StoreUnavailable);
      const puzzling = unclear && (apart || ++this.#failures > PATIENCE);
      if (!blamed && !puzzling) throw error;
      // The transaction that failed may have given out ids of series that now do not exist.
      await database.read((session) => loadStanding(session, hub, this.#ids));
      this.#builder.forget();
      const parts = halve(batch);
      if (parts === null) return this.#quarantine(standing, batch, reasonOf(error));
      for (const part of parts) await this.#write(this.#standing ?? standing, part, true);
    }
  }

  async #commit(standing: Standing, batch: Batch): Promise<void> {
    const { database, hub } = this.#options;
    const attempt = () =>
      database.transaction('write', (session) => writeBatch(session, hub, standing, batch, this.#ids, this.#builder));
    const written = await attempt().catch((error: unknown) => {
      if (failureKind(error) !== 'conflict') throw error;
      // Rows taken for new were there: somebody else writes these series too. The database decides, row by row.
      this.#builder.forget();
      return attempt();
    });
    this.#builder.committed(written.rows);
    this.#rows += written.stored;
    this.#corrections += written.corrections;
    this.#advance(standing, batch);
  }

  async #quarantine(standing: Standing, batch: Batch, reason: string): Promise<void> {
    const { database, hub, log, now, journal } = this.#options;
    const item = refusedRecord(journal.id, batch, reason, now());
    log('error', 'a record cannot be stored and is set aside', { id: item.id, reason });
    const entry = { position: 0, index: 0, at: now(), entry: { kind: 'quarantine', item } as const };
    const instead: Batch = { ...batch, ...NO_RECORDS, entries: [entry] };
    await database.transaction('write', (session) =>
      writeBatch(session, hub, standing, instead, this.#ids, this.#builder),
    );
    this.#setAside++;
    this.#advance(standing, batch);
  }

  #advance(standing: Standing, batch: Batch): void {
    this.#standing = {
      ...standing,
      input: batch.input ?? standing.input,
      outcome: batch.outcome ?? standing.outcome,
    };
    this.#report();
  }

  /** Whatever was half done is forgotten: the database alone knows whether the last commit came through. */
  async #recover(error: unknown): Promise<void> {
    this.#standing = null;
    if (!(error instanceof StoreUnavailable)) {
      this.#options.log('warn', 'writing to the database failed; trying again', { reason: reasonOf(error) });
    }
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(this.#failures, 10), LAST_PAUSE);
    if (failureKind(error) !== 'other') this.#failures++;
    // News do not shorten this pause: under load they would turn it into a busy loop.
    await this.#sleep(pause);
  }

  #report(): void {
    const standing = this.#standing;
    if (standing === null) return;
    this.#options.onProgress({
      inputPosition: standing.input,
      outcomePosition: standing.outcome,
      rows: this.#rows,
      corrections: this.#corrections,
      setAside: this.#setAside,
    });
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#news) return;
    this.#wakeOnNews = true;
    await this.#sleep(milliseconds);
    this.#wakeOnNews = false;
  }

  async #sleep(milliseconds: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((go) => {
      const timer = setTimeout(go, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        go();
      };
    });
    this.#wake = null;
  }
}

const NO_RECORDS = { samples: EMPTY_BATCH, outcomes: [] };

/** Where a reader stands that has read nothing. */
const beforeFirst = (first: number) => Math.max(first - 1, 0);
