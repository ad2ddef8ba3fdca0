import type { JournalGroup } from '#contract/journal-group.ts';
import type { SampleBatch } from '#contract/sample-batch.ts';
import { AlertBook } from '../alert/book.ts';
import { Engine } from '../evaluate/engine.ts';
import type { RuleSet } from '../evaluate/rule-set.ts';
import type { Journal } from '../journal/journal.ts';
import { CHECKPOINT_FACT, Judgement, type JudgementOptions, SEQ_FACT } from './judgement.ts';
import type { SubjectDirectory } from './subjects.ts';

const GROUPS_A_READ = 256;
/** Groups shown to `onReplayed` before the checkpoint: screens get the last values of stations at once. */
const GROUPS_FOR_SCREENS = 2000;

export interface Restored {
  readonly judgement: Judgement;
  readonly engine: Engine;
  readonly book: AlertBook;
  /** Groups folded again since the checkpoint. */
  readonly replayed: number;
}

export interface RestorationOptions {
  readonly journal: Journal;
  readonly rules: RuleSet;
  readonly subjects: SubjectDirectory;
  readonly onChanges: JudgementOptions['onChanges'];
  readonly now: () => number;
}

/**
 * Brings engine and alert book to where the journal ends: the last checkpoint, then every group after it once more.
 * Changes that the outcome log holds already are not written twice.
 */
export function restoreJudgement({ journal, rules, subjects, onChanges, now }: RestorationOptions): Restored {
  const position = journal.fact<number>(`${CHECKPOINT_FACT}.position`) ?? 0;
  const engineBytes = journal.fact<Uint8Array>(`${CHECKPOINT_FACT}.engine`);
  const bookBytes = journal.fact<Uint8Array>(`${CHECKPOINT_FACT}.book`);
  const engine = engineBytes ? Engine.restore(engineBytes, rules) : new Engine(rules);
  // A new journal may stand beside a database that knows older alerts.
  const book = bookBytes ? AlertBook.restore(bookBytes) : new AlertBook({ completeFrom: now() });
  // What was declared since the checkpoint is declared again by the groups below; this covers a lost checkpoint.
  for (const subject of subjects.all()) engine.declare(subject);
  const loggedSeq = journal.fact<number>(SEQ_FACT) ?? 0;
  const judgement = new Judgement({ engine, book, subjects, log: journal, loggedSeq, onChanges }, position);
  let replayed = 0;
  for (const group of groupsAfter(journal, position)) {
    judgement.group(group);
    replayed++;
  }
  return { judgement, engine, book, replayed };
}

/** The newest groups' samples, oldest first, for the screens' last known values. */
export function* recentSamples(journal: Journal): Iterable<SampleBatch> {
  const from = Math.max(journal.firstInput() - 1, journal.lastInput() - GROUPS_FOR_SCREENS, 0);
  for (const { samples } of groupsAfter(journal, from)) if (samples.length > 0) yield samples;
}

function* groupsAfter(journal: Journal, position: number): Iterable<JournalGroup> {
  let after = Math.max(position, journal.firstInput() - 1);
  for (;;) {
    const groups = journal.readInput(after, GROUPS_A_READ);
    const last = groups.at(-1);
    if (!last) return;
    yield* groups;
    after = last.position;
  }
}
