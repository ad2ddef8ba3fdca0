import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../../server/journal/journal.ts';
import { buildJournal, Child, remove, temporaryDirectory } from './child.ts';

let built: string;
let path: string;

beforeAll(async () => {
  built = await buildJournal();
});
afterAll(() => remove(built));
beforeEach(async () => {
  path = await temporaryDirectory();
});
afterEach(() => remove(path));

/** Appends groups as fast as they become durable and prints each durable position, never before. */
const WRITER = `
import { openJournal } from './journal.js';
const [path, maxBytes] = process.argv.slice(-2);
const journal = openJournal({ path, maxBytes: Number(maxBytes) });
const n = 250;
const samples = { length: n, series: new Uint32Array(n), time: new Float64Array(n), value: new Float64Array(n),
  flags: new Uint8Array(n) };
let printed = journal.lastInput();
journal.onFailure((error) => { console.log('failed ' + error.message); process.exit(3); });
journal.onDurable((position) => {
  for (; printed < position; printed++) console.log('durable ' + (printed + 1));
  append();
});
let marker = journal.lastInput();
function append() {
  for (let i = 0; i < 3; i++) {
    marker += 1;
    samples.value.fill(marker);
    journal.append({ at: marker, samples, entries: [] }, [['marker', marker]]);
  }
}
append();
`;

test('killed at any instant, every position that was called durable is there, dense and whole', async () => {
  let last = 0;
  for (let round = 0; round < 8; round++) {
    const child = new Child(built, WRITER, [path, String(2 ** 30)]);
    await child.line(/^durable /);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await child.kill();
    const promised = Math.max(...child.lines.map((line) => Number(/^durable (\d+)$/.exec(line)?.[1] ?? 0)));
    expect(promised).toBeGreaterThan(last);
    const journal = openJournal({ path, maxBytes: 2 ** 30 });
    const stored = journal.readInput(last, Number.MAX_SAFE_INTEGER);
    expect(journal.lastInput()).toBeGreaterThanOrEqual(promised);
    expect(stored.map((group) => group.position)).toEqual(stored.map((_, index) => last + 1 + index));
    for (const group of stored) expect([group.at, group.samples.value[249]]).toEqual([group.position, group.position]);
    // The fact was in the same transaction as its group: neither is there without the other.
    expect(journal.fact('marker')).toBe(journal.lastInput());
    last = journal.lastInput();
    await journal.close();
  }
});

test('a worker thread follows the log, reading nothing that is not durable', async () => {
  const journal = openJournal({ path, maxBytes: 2 ** 30 });
  const worker = new Worker(
    `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ openJournalReader }) => {
      const reader = openJournalReader({ path: workerData.path });
      let after = 0, sum = 0;
      const poll = setInterval(() => {
        for (const group of reader.readInput(after, 100)) {
          if (group.position !== after + 1) throw new Error('gap at ' + after);
          after = group.position;
          sum += group.samples.value[0];
        }
        if (after === 300) { clearInterval(poll); reader.close().then(() => parentPort.postMessage({ after, sum, id: reader.id })); }
      }, 1);
    });
    `,
    { eval: true, workerData: { path, module: join(built, 'journal-reader.js') } },
  );
  const seen = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  const column = (value: number) => ({
    length: 1,
    series: Uint32Array.of(1),
    time: Float64Array.of(value),
    value: Float64Array.of(value),
    flags: Uint8Array.of(0),
  });
  for (let at = 1; at <= 300; at++) {
    journal.append({ at, samples: column(at), entries: [] });
    if (at % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(await seen).toEqual({ after: 300, sum: (300 * 301) / 2, id: journal.id });
  await worker.terminate();
  // The writer goes on after a reader's thread is gone.
  const done = new Promise<number>((resolve) => journal.onDurable(resolve));
  journal.append({ at: 301, samples: column(301), entries: [] });
  expect(await done).toBe(301);
  await journal.close();
});

const canLimitFiles = spawnSync('bash', ['-c', 'ulimit -f 8192']).status === 0;

test.runIf(canLimitFiles)(
  'a disk that takes no more is a failure, told once, and nothing is called durable',
  async () => {
    const script = `${WRITER}\nsetTimeout(() => process.exit(4), 20_000);`;
    const shell = spawnSync(
      'bash',
      [
        '-c',
        'ulimit -f 8192 && exec "$0" --input-type=module -e "$1" -- "$2" 1073741824',
        process.execPath,
        script,
        path,
      ],
      { cwd: built, encoding: 'utf8' },
    );
    const promised = [...shell.stdout.matchAll(/^durable \d+$/gm)].length;
    expect(shell.stdout).toMatch(/failed the journal could not commit: \w/);
    expect(shell.status).toBe(3);
    expect(promised).toBeGreaterThan(100);
    const journal = openJournal({ path, maxBytes: 2 ** 30 });
    expect(journal.lastInput()).toBe(promised);
    expect(journal.readInput(0, promised + 1)).toHaveLength(promised);
    await journal.close();
  },
);
