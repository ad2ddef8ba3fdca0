import { expect, test } from 'vitest';
import { type AlertStep, judgeChange } from '../../../../wall-client/connection/gap.ts';

test.each<[number | null, number, number, AlertStep, string]>([
  [null, 5, 4, 'watch', 'nothing is known yet, so nothing can be built on'],
  [null, 1, 0, 'watch', 'not even the first change: there may be older alerts'],
  [4, 5, 4, 'apply', 'the next one'],
  [4, 9, 4, 'apply', 'the numbers between are of alerts this client may not see'],
  [4, 9, 2, 'apply', 'a snapshot or an answer already went beyond the one before'],
  [4, 9, 5, 'watch', 'one that we may see is missing'],
  [4, 4, 3, 'duplicate', 'the newest we have'],
  [4, 2, 1, 'duplicate', 'older: repeated after a pause'],
  [4, 3, 9, 'duplicate', 'however it claims to be chained'],
])('knowing %s, change %d after %d: %s (%s)', (known, seq, after, step) => {
  expect(judgeChange(known, { seq, after })).toBe(step);
});
