import type { AlertChange, JournalledCommand } from '#contract/alert.ts';
import type { JournalGroup } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { AlertBook, CommandAnswer } from '../alert/book.ts';
import type { Engine } from '../evaluate/engine.ts';
import type { RuleSet } from '../evaluate/rule-set.ts';
import type { SubjectDirectory } from './subjects.ts';

type Fact = readonly [key: string, value: unknown];

/** The part of the journal that keeps what was concluded. */
export interface ConclusionLog {
  appendOutcome(records: readonly OutcomeRecord[], facts?: readonly Fact[]): number;
  onOutcomeDurable(listener: (position: number) => void): void;
  putFacts(facts: readonly Fact[]): Promise<void>;
}

export interface JudgementOptions {
  readonly engine: Engine;
  readonly book: AlertBook;
  readonly subjects: SubjectDirectory;
  readonly log: ConclusionLog;
  /** The last change the log already holds: a replay does not append what is there. */
  readonly loggedSeq: number;
  /** Changes that are on disk, in order. */
  readonly onChanges: (changes: readonly AlertChange[], group: { readonly at: number }) => void;
}

export const CHECKPOINT_FACT = 'judgement';
export const SEQ_FACT = 'alert-seq';

/** State of engine and book after all groups up to and including `position`. */
export interface Checkpoint {
  readonly position: number;
  readonly engine: Uint8Array;
  readonly book: Uint8Array;
}

/**
 * Folds the input log into alerts: group by group, in order, on the log's own clock. What it concludes goes to the
 * outcome log before anybody hears of it, so a screen never shows an alert that a crash could take back.
 */
export class Judgement {
  readonly #options: JudgementOptions;
  readonly #waiting = new Map<string, (outcome: CommandAnswer) => void>();
  readonly #undelivered: { position: number; at: number; changes: readonly AlertChange[] }[] = [];
  #position: number;

  constructor(options: JudgementOptions, position: number) {
    this.#options = options;
    this.#position = position;
    options.log.onOutcomeDurable((durable) => this.#deliver(durable));
  }

  /** Position of the last group judged. */
  get position(): number {
    return this.#position;
  }

  /** Log-clock time of the next timer, ms; null when none runs. */
  nextTimer(): number | null {
    const { engine, book } = this.#options;
    const timers = [engine.nextTimer(), book.nextTimer()].filter((time) => time !== null);
    return timers.length === 0 ? null : Math.min(...timers);
  }

  /** Answers once the command has come through the log and was judged. */
  expect(commandId: string, answer: (outcome: CommandAnswer) => void): void {
    this.#waiting.set(commandId, answer);
  }

  forget(commandId: string): void {
    this.#waiting.delete(commandId);
  }

  group(group: JournalGroup): void {
    const { engine, book } = this.#options;
    const changes: AlertChange[] = [];
    for (const entry of group.entries) {
      if (entry.kind === 'series') this.#declareSeries(entry.series);
      else if (entry.kind === 'thing') this.#declareThing(entry.thing);
      else if (entry.kind === 'command') changes.push(...this.#command(entry.command, group.at));
    }
    const verdicts = engine.process(group.at, group.samples);
    if (verdicts.length > 0) changes.push(...book.apply(verdicts, group.at));
    changes.push(...book.advance(group.at));
    this.#position = group.position;
    if (changes.length > 0) this.#conclude(changes, group.at);
  }

  /** Puts other rules into force. Must be followed by a checkpoint: a replay from before would judge by these rules. */
  replaceRules(rules: RuleSet, at: number): void {
    const { engine, book } = this.#options;
    const changes = book.apply(engine.replaceRules(rules, at), at);
    if (changes.length > 0) this.#conclude(changes, at);
  }

  checkpoint(): Promise<void> {
    const { engine, book, log } = this.#options;
    const state: Checkpoint = { position: this.#position, engine: engine.snapshot(), book: book.snapshot() };
    return log.putFacts([
      [`${CHECKPOINT_FACT}.position`, state.position],
      [`${CHECKPOINT_FACT}.engine`, state.engine],
      [`${CHECKPOINT_FACT}.book`, state.book],
    ]);
  }

  #declareSeries(series: Series): void {
    this.#options.engine.declare(this.#options.subjects.series(series));
  }

  #declareThing(thing: Thing): void {
    for (const subject of this.#options.subjects.thing(thing)) this.#options.engine.declare(subject);
  }

  #command(command: JournalledCommand, at: number): AlertChange[] {
    const { book } = this.#options;
    const before = book.seq;
    const outcome = book.execute(command, at);
    this.#waiting.get(command.id)?.(outcome);
    this.#waiting.delete(command.id);
    // A command told twice gets the first answer again, with a change that is concluded already.
    return 'change' in outcome && outcome.change.seq > before ? [outcome.change] : [];
  }

  #conclude(changes: readonly AlertChange[], at: number): void {
    const fresh = changes.filter((change) => change.seq > this.#options.loggedSeq);
    const last = fresh.at(-1);
    if (!last) return;
    const position = this.#options.log.appendOutcome(
      fresh.map((change) => ({ kind: 'alert', change })),
      [[SEQ_FACT, last.seq]],
    );
    this.#undelivered.push({ position, at, changes: fresh });
  }

  #deliver(durable: number): void {
    while (this.#undelivered.length > 0 && this.#undelivered[0]!.position <= durable) {
      const { changes, at } = this.#undelivered.shift()!;
      this.#options.onChanges(changes, { at });
    }
  }
}
