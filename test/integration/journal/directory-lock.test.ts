import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { acquireDirectoryLock, DirectoryHeld } from '../../../server/journal/directory-lock.ts';
import { describeSelf } from '../../../server/journal/lock-holder.ts';
import { buildJournal, Child, remove, temporaryDirectory } from './child.ts';

let built: string;
let dir: string;
let lockFile: string;
const quick = { heartbeatMs: 100, staleMs: 600 };

beforeAll(async () => {
  built = await buildJournal();
});
afterAll(() => remove(built));
beforeEach(async () => {
  dir = await temporaryDirectory();
  lockFile = join(dir, 'hub.lock');
});
afterEach(() => remove(dir));

const HOLDER = `
import { acquireDirectoryLock } from './directory-lock.js';
const [dir, delay] = process.argv.slice(-2);
setInterval(() => {}, 1000);
await new Promise((resolve) => setTimeout(resolve, Number(delay) - Date.now()));
try {
  await acquireDirectoryLock(dir, { onLost: () => console.log('lost') });
  console.log('held');
} catch (error) {
  console.log(error.name);
  process.exit(0);
}
`;
const start = (delay = 0) => new Child(built, HOLDER, [dir, String(delay)]);

test('a second process is refused while the first lives, by a sentence that says who, where and what to do', async () => {
  const holder = start();
  await holder.line(/^held$/);
  const refusal = await acquireDirectoryLock(dir, quick).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DirectoryHeld);
  const { message } = refusal as DirectoryHeld;
  expect(message).toContain(dir);
  expect(message).toContain(`process ${holder.process.pid} on this host`);
  expect(message).toMatch(/Stop that hub, or give this one a data directory of its own/);
  await holder.kill();
});

test('after kill -9 the next start holds the directory at once', async () => {
  const holder = start();
  await holder.line(/^held$/);
  await holder.kill();
  const before = Date.now();
  const lock = await acquireDirectoryLock(dir);
  expect(Date.now() - before).toBeLessThan(500);
  await lock.release();
  expect(await readdir(dir)).toEqual([]);
});

test('of several that start at once after a kill, exactly one holds it', async () => {
  for (let round = 0; round < 3; round++) {
    const dead = start();
    await dead.line(/^held$/);
    await dead.kill();
    const together = Date.now() + 700;
    const racers = Array.from({ length: 5 }, () => start(together));
    const outcomes = await Promise.all(racers.map((racer) => racer.line(/^(held|DirectoryHeld)$/)));
    expect(outcomes.sort()).toEqual([...Array(4).fill('DirectoryHeld'), 'held']);
    await Promise.all(racers.map((racer) => racer.kill()));
    expect(await readdir(dir)).toEqual(['hub.lock']);
  }
});

test('the same process cannot take it twice, and can again after release', async () => {
  const lock = await acquireDirectoryLock(dir, quick);
  await expect(acquireDirectoryLock(dir, quick)).rejects.toThrow(DirectoryHeld);
  await lock.release();
  await lock.release();
  await (await acquireDirectoryLock(dir, quick)).release();
});

const foreign = () => JSON.stringify({ ...describeSelf(0), token: 'foreign', host: 'hub-b', pid: 1 });

test('a holder elsewhere counts as alive while it touches its file, whatever its clock says', async () => {
  await writeFile(lockFile, foreign());
  let tick = 0;
  const beating = setInterval(() => void utimes(lockFile, 1, ++tick), 100);
  await expect(acquireDirectoryLock(dir, quick)).rejects.toThrow(/process 1 on host hub-b/);
  clearInterval(beating);
});

test('a holder elsewhere that stopped is succeeded once it is stale, not before', async () => {
  await writeFile(lockFile, foreign());
  const before = Date.now();
  const lock = await acquireDirectoryLock(dir, quick);
  expect(Date.now() - before).toBeGreaterThanOrEqual(quick.staleMs - 50);
  expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.release();
});

test('a file that a crash left empty is waited out like a holder elsewhere', async () => {
  await writeFile(lockFile, '');
  const lock = await acquireDirectoryLock(dir, quick);
  await expect(acquireDirectoryLock(dir, quick)).rejects.toThrow(DirectoryHeld);
  await lock.release();
  expect(await readdir(dir)).toEqual([]);
});

test('a starter that died while taking over is succeeded too, and its traces go', async () => {
  const gone = { ...describeSelf(0), processStart: '1' };
  await writeFile(lockFile, JSON.stringify({ ...gone, token: 'first' }));
  await writeFile(`${lockFile}.after-first`, JSON.stringify({ ...gone, token: 'second' }));
  const lock = await acquireDirectoryLock(dir, quick);
  expect(await readdir(dir)).toEqual(['hub.lock']);
  await lock.release();
});

test('a holder that was taken over is told, and its release leaves the successor alone', async () => {
  let tell: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => {
    tell = resolve;
  });
  const lock = await acquireDirectoryLock(dir, { ...quick, onLost: tell });
  await writeFile(lockFile, foreign());
  expect((await lost).message).toMatch(/taken over by another hub/);
  await lock.release();
  expect(await readFile(lockFile, 'utf8')).toContain('foreign');
});

test('a holder shows that it lives', async () => {
  const lock = await acquireDirectoryLock(dir, quick);
  await utimes(lockFile, 1, 1);
  await expect.poll(async () => (await stat(lockFile)).mtimeMs).toBeGreaterThan(Date.now() - 5_000);
  await lock.release();
});
