import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GroupDraft } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import { EMPTY_BATCH, SampleBuilder } from '#contract/sample-batch.ts';
import { openEnvironment } from '../../../server/journal/environment.ts';
import { type Journal, openJournal } from '../../../server/journal/journal.ts';
import { JournalCorrupt, JournalFailed, JournalGap } from '../../../server/journal/journal-error.ts';
import { openJournalReader } from '../../../server/journal/journal-reader.ts';
import { remove, temporaryDirectory } from './child.ts';

const MIB = 2 ** 20;
let path: string;
let journal: Journal;

beforeEach(async () => {
  path = await temporaryDirectory();
  journal = openJournal({ path, maxBytes: 64 * MIB });
});
afterEach(async () => {
  await journal.close();
  await remove(path);
});

function group(at: number, samples = 0): GroupDraft {
  const builder = new SampleBuilder();
  for (let i = 0; i < samples; i++) builder.push(i, at + i, at / (i + 1), 0);
  return { at, samples: builder.take(), entries: [] };
}
const audit = (action: string): OutcomeRecord => ({
  kind: 'audit',
  entry: { at: '2026-01-01T00:00:00Z', actor: 'a', action, subject: 's', from: null, detail: {} },
});
const durable = (position: number) =>
  new Promise<void>((resolve) => journal.onDurable((reached) => reached >= position && resolve()));

test('positions are dense from 1, given at once; durability is told in order, up to the last', async () => {
  const told: number[] = [];
  journal.onDurable((position) => told.push(position));
  const all = durable(5);
  expect([1, 2, 3].map((at) => journal.append(group(at)))).toEqual([1, 2, 3]);
  expect(told).toEqual([]);
  await new Promise(setImmediate);
  expect([4, 5].map((at) => journal.append(group(at)))).toEqual([4, 5]);
  await all;
  expect(told.at(-1)).toBe(5);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(new Set(told).size).toBe(told.length);
});

test('what was durable is there after reopening, with its content', async () => {
  const entries = [{ kind: 'text' as const, series: 7, time: 3, text: 'Sông Lam dâng' }];
  const written = { ...group(1_000, 250), entries };
  journal.append(written);
  journal.append(group(2_000));
  await journal.close();
  journal = openJournal({ path, maxBytes: 64 * MIB });
  expect(journal.readInput(0, 10)).toEqual([
    { ...written, position: 1 },
    { at: 2_000, samples: EMPTY_BATCH, entries: [], position: 2 },
  ]);
  expect(journal.append(group(3_000))).toBe(3);
});

test('reading goes in steps and knows both ends', async () => {
  expect([journal.firstInput(), journal.lastInput(), journal.readInput(0, 10)]).toEqual([0, 0, []]);
  const done = durable(7);
  for (let at = 1; at <= 7; at++) journal.append(group(at));
  await done;
  expect(journal.readInput(2, 3).map((read) => read.position)).toEqual([3, 4, 5]);
  expect(journal.readInput(5, 100).map((read) => read.at)).toEqual([6, 7]);
  expect(journal.readInput(7, 100)).toEqual([]);
  expect([journal.firstInput(), journal.lastInput()]).toEqual([1, 7]);
});

test('a group larger than any read buffer survives', async () => {
  const large = group(1, 20_000);
  const done = durable(2);
  journal.append(large);
  journal.append(group(2, 10));
  await done;
  const [first, second] = journal.readInput(0, 2);
  expect(first?.samples).toEqual(large.samples);
  expect(second?.samples.length).toBe(10);
});

test('outcome records have positions of their own and come with their facts', async () => {
  const told: number[] = [];
  const all = new Promise<void>((resolve) =>
    journal.onOutcomeDurable((position) => {
      told.push(position);
      if (position >= 3) resolve();
    }),
  );
  expect(journal.appendOutcome([audit('a'), audit('b')], [['alert/seq', 2]])).toBe(2);
  expect(journal.appendOutcome([])).toBe(2);
  expect(journal.appendOutcome([audit('c')])).toBe(3);
  await all;
  expect(journal.readOutcome(1, 10)).toEqual([
    { position: 2, record: audit('b') },
    { position: 3, record: audit('c') },
  ]);
  expect(journal.fact('alert/seq')).toBe(2);
  expect([journal.firstOutcome(), journal.lastOutcome(), journal.lastInput()]).toEqual([1, 3, 0]);
});

test('facts are JSON or bytes, listed by prefix, removed by undefined', async () => {
  await journal.putFacts([
    ['series/2', { number: 2 }],
    ['series/1', { number: 1 }],
    ['serial', 'other'],
    ['engine', Uint8Array.of(1, 2, 3)],
    ['t', 1],
  ]);
  expect([...journal.facts('series/')]).toEqual([
    ['series/1', { number: 1 }],
    ['series/2', { number: 2 }],
  ]);
  expect(journal.fact('engine')).toEqual(Uint8Array.of(1, 2, 3));
  await journal.putFacts([['serial', undefined]]);
  expect(journal.fact('serial')).toBeUndefined();
  expect(journal.fact('series/1')).toEqual({ number: 1 });
});

test('a fact that JSON cannot hold leaves nothing of its append behind', async () => {
  expect(() => journal.append(group(1), [['bad', () => 1]])).toThrow(TypeError);
  const done = durable(1);
  expect(journal.append(group(2))).toBe(1);
  await done;
  expect(journal.readInput(0, 10).map((read) => read.at)).toEqual([2]);
});

test('the journal keeps its identity, and two journals differ', async () => {
  const id = journal.id;
  await journal.close();
  journal = openJournal({ path, maxBytes: 64 * MIB });
  expect(journal.id).toBe(id);
  const elsewhere = await temporaryDirectory();
  const other = openJournal({ path: elsewhere, maxBytes: MIB });
  expect(other.id).not.toBe(id);
  await other.close();
  await remove(elsewhere);
});

test('a second reader of the same process sees what is durable, at once', async () => {
  const reader = openJournalReader({ path });
  expect(reader.id).toBe(journal.id);
  for (let at = 1; at <= 50; at++) {
    const done = durable(at);
    journal.append(group(at, 5));
    await done;
    expect(reader.lastInput()).toBe(at);
    expect(reader.readInput(at - 1, 5).map((read) => read.at)).toEqual([at]);
  }
  await reader.close();
  // Closing a reader leaves the writer's environment open.
  const done = durable(51);
  journal.append(group(51));
  await done;
});

test('a damaged group is named; those before it are still read', async () => {
  const done = durable(3);
  for (let at = 1; at <= 3; at++) journal.append(group(at, 10));
  await done;
  await flipBit(2);
  expect(journal.readInput(0, 10).map((read) => read.position)).toEqual([1]);
  expect(() => journal.readInput(1, 10)).toThrow(/input group 2 is damaged/);
  expect(() => journal.readInput(1, 10)).toThrow(JournalCorrupt);
  expect(journal.readInput(2, 10).map((read) => read.position)).toEqual([3]);
});

test('a hole in the middle is named, not waited at', async () => {
  const done = durable(3);
  for (let at = 1; at <= 3; at++) journal.append(group(at));
  await done;
  const env = openEnvironment(path);
  await env.input.remove(2);
  await env.root.close();
  expect(journal.readInput(0, 10).map((read) => read.position)).toEqual([1]);
  expect(() => journal.readInput(1, 10)).toThrow(/input log at 2 is damaged: the entry is missing/);
  expect(journal.readInput(3, 10)).toEqual([]);
});

async function flipBit(position: number): Promise<void> {
  const env = openEnvironment(path);
  const bytes = Uint8Array.from(env.input.getBinary(position) ?? []);
  bytes[40]! ^= 4;
  await env.input.put(position, bytes);
  await env.root.close();
}

test('after close nothing is taken', async () => {
  await journal.close();
  expect(() => journal.append(group(1))).toThrow(JournalFailed);
  expect(journal.accepting()).toBe(false);
});

test('trimming waits for every reader, keeps the newest, and leaves the positions going on', async () => {
  await journal.close();
  journal = openJournal({ path, maxBytes: 8 * MIB, keepBytes: MIB });
  const done = durable(700);
  for (let at = 1; at <= 700; at++) journal.append(group(at, 250));
  await done;
  expect(await journal.trim()).toBe(0);
  journal.setReader('input', 'store', 600);
  journal.setReader('input', 'checkpoint', 100);
  expect(await journal.trim()).toBe(100);
  expect(journal.firstInput()).toBe(101);
  expect(() => journal.readInput(50, 10)).toThrow(JournalGap);
  journal.setReader('input', 'checkpoint', 700);
  await journal.trim();
  // 1 MiB is some 128 groups of two pages: fewer than the 600 the readers passed would leave.
  expect(700 - journal.firstInput()).toBeGreaterThanOrEqual(100);
  expect(700 - journal.firstInput()).toBeLessThanOrEqual(260);
  expect(journal.fill()).toBeLessThan(0.2);
  await journal.close();
  journal = openJournal({ path, maxBytes: 8 * MIB, keepBytes: 0 });
  expect(journal.append(group(701))).toBe(701);
  await journal.trim();
  // The readers' positions outlived the restart; 600 is the lower.
  expect(journal.readerPosition('input', 'store')).toBe(600);
  expect(journal.readerPosition('outcome', 'store')).toBeNull();
  expect(journal.firstInput()).toBe(601);
});

test('the last group always stays, so that positions never start again', async () => {
  await journal.close();
  journal = openJournal({ path, maxBytes: MIB, keepBytes: 0 });
  const done = durable(5);
  for (let at = 1; at <= 5; at++) journal.append(group(at, 250));
  await done;
  journal.setReader('input', 'store', 5);
  await journal.trim();
  expect([journal.firstInput(), journal.lastInput()]).toEqual([5, 5]);
});

test('appends go on while trimming, and the file stops growing', async () => {
  await journal.close();
  journal = openJournal({ path, maxBytes: 4 * MIB });
  for (let round = 1; round <= 20; round++) {
    const done = durable(round * 50);
    for (let i = 0; i < 50; i++) journal.append(group(round, 250));
    journal.setReader('input', 'store', Math.max(0, journal.lastInput() - 10));
    const [trimmed] = await Promise.all([journal.trim(), done]);
    expect(trimmed).toBeGreaterThanOrEqual(0);
    expect(journal.accepting()).toBe(true);
  }
  const env = openEnvironment(path);
  const { lastPageNumber } = env.root.getStats() as { lastPageNumber: number };
  await env.root.close();
  // 20 rounds of 50 groups of two pages wrote 8 MB; reuse keeps the file well below.
  expect(lastPageNumber * 4096).toBeLessThan(5 * MIB);
});

test('full at 95 %, taking again only below 90 %; outcomes are taken all the while', async () => {
  await journal.close();
  journal = openJournal({ path, maxBytes: MIB, keepBytes: 0.92 * MIB });
  let position = 0;
  while (journal.accepting()) position = journal.append(group(1, 250));
  await durable(position);
  expect(journal.fill()).toBeGreaterThanOrEqual(0.95);
  expect(journal.appendOutcome([audit('a')])).toBe(1);
  journal.setReader('input', 'store', position);
  await journal.trim();
  expect(journal.fill()).toBeLessThan(0.95);
  expect(journal.fill()).toBeGreaterThan(0.9);
  expect(journal.accepting()).toBe(false);
  await journal.close();
  journal = openJournal({ path, maxBytes: MIB, keepBytes: 0.5 * MIB });
  await journal.trim();
  expect(journal.accepting()).toBe(true);
});
