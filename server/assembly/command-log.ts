import type { JournalledCommand } from '#contract/alert.ts';
import type { CommandAnswer } from '../alert/book.ts';
import type { Admission } from '../ingest/admit.ts';
import type { Judgement } from './judgement.ts';

/** Sends a command through the journal and waits for its turn in the fold. */
export function commandLog(admission: Admission, judgement: Judgement) {
  return {
    submit(command: JournalledCommand): Promise<CommandAnswer> {
      return new Promise((resolve, reject) => {
        judgement.expect(command.id, resolve);
        admission.command(command, (error) => {
          if (!error) return;
          judgement.forget(command.id);
          reject(error);
        });
      });
    },
  };
}
