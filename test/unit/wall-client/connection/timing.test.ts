import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconnectDelay } from '../../../../wall-client/connection/backoff.ts';
import { ClockOffset } from '../../../../wall-client/connection/clock-offset.ts';
import { GIVE_UP_AFTER, LinkMonitor, SILENT_AFTER } from '../../../../wall-client/connection/link-monitor.ts';

describe('waiting before another attempt', () => {
  test.each([
    [1, 0, 250],
    [1, 1, 500],
    [2, 1, 1000],
    [6, 1, 15_000],
    [1000, 1, 15_000],
    [1000, 0, 7500],
  ])('attempt %d at chance %d waits %d ms', (attempt, random, delay) => {
    expect(reconnectDelay(attempt, random)).toBe(delay);
  });
});

describe('the hub’s clock', () => {
  test('is not known before it was heard', () => {
    const offset = new ClockOffset();
    offset.add(Number.NaN, 5);
    expect(offset.value).toBeNull();
  });

  test('is estimated from the message that travelled fastest', () => {
    const delay = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.array(delay, { minLength: 1, maxLength: 30 }),
        (skew, delays) => {
          const offset = new ClockOffset();
          delays.forEach((late, at) => {
            const sent = 1_700_000_000_000 + at * 2000;
            offset.add(sent, sent - skew + late);
          });
          expect(offset.value).toBe(skew - Math.min(...delays));
        },
      ),
    );
  });

  test('a page clock that is set anew is followed within a minute of messages', () => {
    const offset = new ClockOffset();
    for (let at = 0; at < 100; at++) offset.add(at, at - 60_000);
    for (let at = 0; at < 30; at++) offset.add(at, at);
    expect(offset.value).toBe(0);
  });
});

describe('the state of the link', () => {
  type Step = (link: LinkMonitor, now: number) => void;
  const attempt: Step = (link, now) => link.attempt(now);
  const heard: Step = (link, now) => link.heard(now, 7);
  const lost: Step = (link, now) => link.lost(now, 'transport close');
  const refused: Step = (link, now) => link.refused(now, 'unauthenticated');
  const check: Step = (link, now) => void link.check(now);

  test.each<[string, [number, Step][], Record<string, unknown>]>([
    ['a first attempt', [[0, attempt]], { state: 'connecting', attempt: 1, heardAt: null }],
    [
      'time alone makes nothing silent that never spoke',
      [
        [0, attempt],
        [60_000, check],
      ],
      { state: 'connecting' },
    ],
    [
      'a word',
      [
        [0, attempt],
        [50, heard],
      ],
      { state: 'live', since: 50, heardAt: 50, attempt: 0, offset: 7 },
    ],
    [
      '5 s of silence are allowed',
      [
        [50, heard],
        [50 + SILENT_AFTER, check],
      ],
      { state: 'live' },
    ],
    [
      'more are not',
      [
        [50, heard],
        [51 + SILENT_AFTER, check],
      ],
      { state: 'silent', heardAt: 50 },
    ],
    [
      'a word ends the silence',
      [
        [0, heard],
        [6000, check],
        [6001, heard],
      ],
      { state: 'live', since: 6001 },
    ],
    [
      'a loss',
      [
        [0, heard],
        [10, lost],
      ],
      { state: 'lost', since: 10, reason: 'transport close' },
    ],
    [
      'trying again is not being connected',
      [
        [0, heard],
        [10, lost],
        [20, attempt],
      ],
      { state: 'lost', since: 10, attempt: 1 },
    ],
    [
      'a loss stays a loss by time',
      [
        [0, heard],
        [10, lost],
        [99_000, check],
      ],
      { state: 'lost' },
    ],
    [
      'connected again',
      [
        [0, heard],
        [10, lost],
        [20, attempt],
        [30, heard],
      ],
      { state: 'live', reason: null },
    ],
    [
      'refused',
      [
        [0, attempt],
        [10, refused],
      ],
      { state: 'refused', reason: 'unauthenticated' },
    ],
    [
      'a new login after a refusal',
      [
        [0, attempt],
        [10, refused],
        [20, attempt],
      ],
      { state: 'connecting', since: 20 },
    ],
  ])('%s', (_, steps, status) => {
    const link = new LinkMonitor(0);
    for (const [at, step] of steps) step(link, at);
    expect(link.status).toMatchObject(status);
  });

  test('a connection silent for too long is given up', () => {
    const link = new LinkMonitor(0);
    link.heard(0, null);
    expect(link.check(GIVE_UP_AFTER)).toBe(false);
    expect(link.check(GIVE_UP_AFTER + 1)).toBe(true);
  });
});
