import { expect, test } from 'vitest';
import { describeSelf, judgeHolder, type LockHolder, parseHolder } from '../../../server/journal/lock-holder.ts';

const self: LockHolder = {
  token: 'mine',
  pid: 20,
  processStart: '900',
  bootId: 'boot-1',
  pidNamespace: 'pid:[1]',
  host: 'hub-a',
  since: '2026-01-01T00:00:00.000Z',
};
const other: LockHolder = { ...self, token: 'theirs', pid: 10, processStart: '500' };
const running = (start: string | null) => ({ exists: () => true, startOf: () => start });
const gone = { exists: () => false, startOf: () => null };

test.each([
  ['the process runs', other, running('500'), 'alive'],
  ['the process is gone', other, gone, 'dead'],
  ['its number was given to another process', other, running('700'), 'dead'],
  ['it is a zombie', other, running('zombie'), 'dead'],
  ['no start time was written: its number alone must do', { ...other, processStart: null }, running('500'), 'alive'],
  ['no /proc to ask: its number alone must do', other, running(null), 'alive'],
  ['another host: its number means nothing here', { ...other, host: 'hub-b' }, gone, 'elsewhere'],
  ['another container: so too', { ...other, pidNamespace: 'pid:[2]' }, gone, 'elsewhere'],
  ['before a restart, or a machine of the same name', { ...other, bootId: 'boot-0' }, running('500'), 'elsewhere'],
])('a holder is judged: %s', (_, holder, processes, expected) => {
  expect(judgeHolder(holder, self, processes)).toBe(expected);
});

test.each([
  ['nothing, after a crash in the instant of creation', ''],
  ['half a line', '{"token":"a","pid'],
  ['JSON of something else', '{"pid":1}'],
  ['null', 'null'],
])('a file with %s has no holder', (_, text) => {
  expect(parseHolder(text)).toBeNull();
});

test('a process describes itself, and reads it back', () => {
  const me = describeSelf(0);
  expect(me.pid).toBe(process.pid);
  expect(parseHolder(JSON.stringify(me))).toEqual(me);
  expect(describeSelf(0).token).not.toBe(me.token);
});
