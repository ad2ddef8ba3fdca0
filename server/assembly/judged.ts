import type { AlertChange } from '#contract/alert.ts';
import type { Core } from './core.ts';
import { type Restored, restoreJudgement } from './restoration.ts';
import { SubjectDirectory } from './subjects.ts';

type ChangeListener = (changes: readonly AlertChange[]) => void;

export interface Judged extends Restored {
  readonly subjects: SubjectDirectory;
  /** Changes are told once they are on disk. */
  readonly onChanges: (listener: ChangeListener) => void;
}

/** Rules and alerts as the journal left them. */
export function openJudgement({ journal, registry, things, inForce, now, log }: Core): Judged {
  const subjects = new SubjectDirectory();
  for (const series of registry.all()) subjects.series(series);
  for (const thing of things) subjects.thing(thing);
  const listeners: ChangeListener[] = [];
  const restored = restoreJudgement({
    journal,
    rules: inForce.rules.rules,
    subjects,
    now,
    onChanges: (changes) => {
      for (const listener of listeners) listener(changes);
    },
  });
  const { replayed, book } = restored;
  log.info({ groups: replayed, alerts: book.seq }, 'journal folded since the last checkpoint');
  return { ...restored, subjects, onChanges: (listener) => void listeners.push(listener) };
}
