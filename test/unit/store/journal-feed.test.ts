import { describe, expect, test } from 'vitest';
import type { JournalGroup } from '#contract/journal-group.ts';
import { EMPTY_BATCH, SampleBuilder } from '#contract/sample-batch.ts';
import type { Batch } from '../../../server/store/batch.ts';
import { JournalFeed } from '../../../server/store/journal-feed.ts';
import type { JournalReader } from '../../../server/store/ports.ts';

function group(position: number, samples = 0): JournalGroup {
  const builder = new SampleBuilder();
  for (let i = 0; i < samples; i++) builder.push(1, i, i, 0);
  return { position, at: 0, samples: samples === 0 ? EMPTY_BATCH : builder.take(), entries: [] };
}

/** A reader of a fixed log in which one place was trimmed up to, or damaged. */
function readerOf(groups: readonly JournalGroup[], hole?: { at: number; error: Error }): JournalReader {
  return {
    id: 'j',
    readInput: (after, most) => {
      if (hole !== undefined && after < hole.at) throw hole.error;
      return groups.filter((one) => one.position > after).slice(0, most);
    },
    readOutcome: () => [],
    firstInput: () => groups[0]?.position ?? 0,
    firstOutcome: () => 0,
    close: () => Promise.resolve(),
  };
}

function drain(reader: JournalReader): { batches: Batch[]; logged: string[] } {
  const logged: string[] = [];
  const feed = new JournalFeed(
    reader,
    (level) => logged.push(level),
    () => 0,
  );
  feed.restart({ input: 0, outcome: 0, journal: 'j' });
  const batches: Batch[] = [];
  for (let batch = feed.next(); batch !== null; batch = feed.next()) batches.push(batch);
  return { batches, logged };
}

test('small groups share a transaction, large ones are cut; positions ascend to the last', () => {
  const { batches } = drain(readerOf([group(1, 10), group(2), group(3, 8000), group(4, 8000), group(5, 21_000)]));
  expect(batches.map((batch) => [batch.samples.length, batch.input])).toEqual([
    [8010, 3],
    [8000, 4],
    [10_000, null],
    [10_000, null],
    [1000, 5],
  ]);
});

test('a group without content still moves the position: the journal may trim it', () => {
  expect(drain(readerOf([group(1), group(2)])).batches.map((batch) => batch.input)).toEqual([2]);
});

describe('a hole in the journal is said aloud and passed', () => {
  const named = (name: string, fields = {}) => Object.assign(new Error('hole'), { name, ...fields });
  test.each([
    ['trimmed: reading goes on at the oldest record', named('JournalGap', { first: 3 }), 2, [2, 3]],
    ['damaged: only that record is left out', named('JournalCorrupt'), 1, [1, 3]],
  ])('%s', (_, error, at, positions) => {
    const { batches, logged } = drain(readerOf([group(3, 1)], { at, error }));
    expect(batches.map((batch) => batch.input)).toEqual(positions);
    expect(batches[0]?.entries[0]?.entry).toMatchObject({
      kind: 'quarantine',
      item: { detail: expect.stringMatching(/hole/) },
    });
    expect(logged).toEqual(['error']);
  });

  test('any other failure of the reader is not taken for a hole', () => {
    expect(() => drain(readerOf([], { at: 1, error: new Error('input/output') }))).toThrow('input/output');
  });
});
