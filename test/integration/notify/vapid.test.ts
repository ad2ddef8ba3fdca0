import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadVapidKeys } from '../../../server/notify/receivers/vapid.ts';

const SUBJECT = 'mailto:ioc@nghean.example';
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vapid-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('a key pair is made once, for the owner’s eyes only, and is the same after a restart', async () => {
  const made = await loadVapidKeys(join(dir, 'deep/er'), SUBJECT);
  expect(Buffer.from(made.publicKey, 'base64url')).toHaveLength(65);
  expect(Buffer.from(made.privateKey, 'base64url')).toHaveLength(32);
  expect(await readdir(join(dir, 'deep/er'))).toEqual(['vapid.json']);
  expect((await stat(join(dir, 'deep/er/vapid.json'))).mode & 0o777).toBe(0o600);
  expect(await loadVapidKeys(join(dir, 'deep/er'), 'https://ioc.example/contact')).toEqual({
    ...made,
    subject: 'https://ioc.example/contact',
  });
});

test('a crash while the key was written leaves nothing in the way', async () => {
  await writeFile(join(dir, 'vapid.json.new'), '{"publicKey');
  await loadVapidKeys(dir, SUBJECT);
  expect(await readdir(dir)).toEqual(['vapid.json']);
});

test.each([
  ['nothing', ''],
  ['half a file', '{"publicKey":"'],
  ['no private key', '{"publicKey":"BA"}'],
  ['keys of two pairs', 'mixed'],
])('a file with %s is refused, not replaced: every phone would fall silent', async (_, content) => {
  const path = join(dir, 'vapid.json');
  const one = await loadVapidKeys(join(dir, 'one'), SUBJECT);
  const two = await loadVapidKeys(join(dir, 'two'), SUBJECT);
  const mixed = JSON.stringify({ publicKey: one.publicKey, privateKey: two.privateKey });
  await writeFile(path, content === 'mixed' ? mixed : content);
  await expect(loadVapidKeys(dir, SUBJECT)).rejects.toThrow(/vapid\.json does not hold a VAPID key pair; restore it/);
  expect(await readFile(path, 'utf8')).toBe(content === 'mixed' ? mixed : content);
});

test.each(['', 'ioc@nghean.example', 'mailto:', 'mailto:ioc', 'http://ioc.example', 'https://localhost/x'])(
  'the subject %j is refused: Apple would refuse every push',
  async (subject) => {
    await expect(loadVapidKeys(dir, subject)).rejects.toThrow(/for push services to write to/);
    expect(await readdir(dir)).toEqual([]);
  },
);
