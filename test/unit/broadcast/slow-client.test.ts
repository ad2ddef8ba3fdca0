import { expect, test } from 'vitest';
import {
  DROP_ABOVE,
  judgeBacklog,
  PAUSE_ABOVE,
  type Pause,
  RESUME_BELOW,
} from '../../../server/broadcast/slow-client.ts';

const pause = (since: number, least: number, progressAt: number): Pause => ({ since, least, progressAt });

test.each<[string, Pause | null, number, number, string]>([
  ['keeps up', null, 0, 0, 'none'],
  ['one large answer below the limit', null, PAUSE_ABOVE, 0, 'none'],
  ['over the limit', null, PAUSE_ABOVE + 1, 0, 'pause'],
  ['a burst over both limits may drain first', null, DROP_ABOVE * 2, 0, 'pause'],
  ['drains, not yet enough', pause(0, 300_000, 0), RESUME_BELOW + 1, 1000, 'none'],
  ['drained', pause(0, 300_000, 0), RESUME_BELOW, 1000, 'resume'],
  ['a burst, still going out', pause(0, 2_000_000, 0), DROP_ABOVE + 1, 1999, 'none'],
  ['more than a megabyte for too long', pause(0, 2_000_000, 0), DROP_ABOVE + 1, 2000, 'drop'],
  ['takes nothing, ten seconds are not over', pause(0, 300_000, 0), 300_000, 9999, 'none'],
  ['takes nothing for ten seconds', pause(0, 300_000, 0), 300_000, 10_000, 'drop'],
  ['took something within ten seconds', pause(0, 200_000, 5000), 200_000, 14_999, 'none'],
  ['takes something again at the last moment', pause(0, 300_000, 0), 299_999, 10_000, 'none'],
  ['trickles for a minute', pause(0, 200_000, 59_000), 150_000, 60_000, 'drop'],
])('%s', (_, before, backlog, now, act) => {
  expect(judgeBacklog(before, backlog, now).act).toBe(act);
});

test('a client that never reads is cut within ten seconds of its pause, whatever its backlog', () => {
  let state: Pause | null = null;
  for (let now = 0; now <= 12_000; now += 250) {
    const verdict = judgeBacklog(state, 600_000, now);
    if (verdict.act === 'drop') {
      expect(now).toBe(10_000);
      return;
    }
    state = verdict.pause;
  }
  throw new Error('never cut');
});
