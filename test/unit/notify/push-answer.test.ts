import { expect, test } from 'vitest';
import { backoffMs } from '../../../server/notify/backoff.ts';
import { OpenPositions } from '../../../server/notify/open-positions.ts';
import { judgeAnswer, parseRetryAfter } from '../../../server/notify/receivers/push-answer.ts';

const NOW = Date.parse('2026-10-27T07:00:00Z');

test.each([
  [201, 'accepted', 'created, RFC 8030 §5'],
  [200, 'accepted', 'some say it so'],
  [202, 'accepted', 'taken, receipt to follow'],
  [301, 'refused', 'a redirect would lead around the list of hosts'],
  [307, 'refused', 'so too'],
  [400, 'refused', 'the same request will be as wrong again'],
  [401, 'refused', 'the key is not accepted'],
  [403, 'refused', 'the subscription belongs to another key'],
  [404, 'gone', 'expired, RFC 8030 §7.3'],
  [408, 'retry', 'it was too slow'],
  [410, 'gone', 'unsubscribed'],
  [413, 'refused', 'too long will stay too long'],
  [429, 'retry', 'too many at once'],
  [500, 'retry', 'its trouble'],
  [503, 'retry', 'its trouble'],
] as const)('%d means %s: %s', (status, expected, _reason) => {
  expect(judgeAnswer(status, undefined, '', NOW).result).toBe(expected);
});

test('what the service says is kept as one short line', () => {
  const said = judgeAnswer(400, undefined, `bad\r\n\u0000 token\u202e ${'x'.repeat(999)}`, NOW).detail;
  expect(said).toMatch(/^bad token x+$/);
  expect(said?.length).toBe(200);
});

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Tue, 27 Oct 2026 07:01:00 GMT', 60_000],
  ['Tue, 27 Oct 2026 06:00:00 GMT', 0],
  ['soon', null],
  ['', null],
  [undefined, null],
])('Retry-After %j is %s ms', (value, expected) => {
  expect(parseRetryAfter(value, NOW)).toBe(expected);
});

test('waits double up to a minute, shortened by chance to no less than half', () => {
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect([1, 2, 3].map((failures) => backoffMs(failures, 0))).toEqual([500, 1_000, 2_000]);
  expect(backoffMs(10_000, 1)).toBe(60_000);
});

test('a position is told when everything up to it has ended, in whatever order it ended', () => {
  const told: number[] = [];
  const open = new OpenPositions((position) => told.push(position));
  open.reached(10);
  open.begin(11);
  open.begin(11);
  open.begin(12);
  open.reached(13);
  expect(told).toEqual([10]);
  open.end(12);
  open.end(11);
  expect(told).toEqual([10]);
  open.end(11);
  expect(told).toEqual([10, 13]);
  open.reached(13);
  expect(told).toEqual([10, 13]);
});
