import type { Admission } from '../ingest/admit.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../observe/logger.ts';
import type { Store } from '../store/start.ts';
import type { Judgement } from './judgement.ts';

const TICK_MS = 100;
const CHECKPOINT_MS = 15_000;
const TRIM_MS = 10_000;

export interface ClockworkOptions {
  readonly admission: Admission;
  readonly judgement: Judgement;
  readonly journal: Journal;
  readonly store: Pick<Store, 'status'>;
  readonly tend: () => Promise<void>;
  readonly now: () => number;
  readonly log: Logger;
}

/** What the hub does by the clock: end timers of rules, keep checkpoints, trim the journal, end sessions. */
export function startClockwork(options: ClockworkOptions): { close(): void } {
  const { admission, judgement, journal, now, log } = options;
  let checkpointed = judgement.position;
  const failed = (what: string) => (error: unknown) => log.error({ err: error }, `${what} failed`);
  const timers = [
    setInterval(() => {
      const due = judgement.nextTimer();
      if (due !== null && due <= now()) admission.tick(now());
    }, TICK_MS),
    setInterval(() => {
      const { position } = judgement;
      if (position === checkpointed) return;
      judgement.checkpoint().then(() => {
        checkpointed = position;
      }, failed('checkpoint'));
    }, CHECKPOINT_MS),
    setInterval(() => {
      const { inputPosition, outcomePosition } = options.store.status();
      // The judgement follows the input log too: what it has not checkpointed must stay for a replay.
      journal.setReader('input', 'store', inputPosition);
      journal.setReader('input', 'judgement', checkpointed);
      journal.setReader('outcome', 'store', outcomePosition);
      journal.trim().catch(failed('trimming the journal'));
      options.tend().catch(failed('tending sessions'));
    }, TRIM_MS),
  ];
  return { close: () => timers.forEach(clearInterval) };
}
