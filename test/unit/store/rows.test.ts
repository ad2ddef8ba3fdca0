import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '#contract/journal-group.ts';
import { SampleBuilder } from '#contract/sample-batch.ts';
import { float8Array, int2Array, int4Array, timestamptzArray } from '../../../server/store/array-parameter.ts';
import { type Batch, halve, joinGroups, sliceBatch } from '../../../server/store/batch.ts';
import { RowBuilder, SeriesIds } from '../../../server/store/sample-rows.ts';

const sample = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }), fc.double());

function batchOf(samples: readonly (readonly [number, number, number])[]) {
  const builder = new SampleBuilder();
  for (const [series, time, value] of samples) builder.push(series, time, value, 0);
  return builder.take();
}

test('rows are the last sample of each series and instant, whatever the order; unknown series are named', () => {
  const ids = new SeriesIds();
  // Number 4 is never declared. The builder is used again and again, so state must not leak from batch to batch.
  for (const number of [1, 2, 3]) ids.set(number, number * 100);
  const rowBuilder = new RowBuilder(ids);
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
      const rows = rowBuilder.build(batchOf(samples));
      const last = new Map(
        samples.filter(([series]) => series < 4).map(([series, time, value]) => [`${series * 100} ${time}`, value]),
      );
      const got = Array.from({ length: rows.length }, (_, i) => [`${rows.seriesId[i]} ${rows.time[i]}`, rows.value[i]]);
      expect(new Map(got as [string, number][])).toEqual(last);
      expect(got).toHaveLength(last.size);
      expect(rows.unknown).toEqual(new Set(samples.map(([series]) => series).filter((series) => series === 4)));
      const times = samples.filter(([series]) => series < 4).map(([, time]) => time);
      expect([rows.earliest, rows.latest]).toEqual([Math.min(...times), Math.max(...times)]);
    }),
  );
});

describe('binary arrays', () => {
  test('have the header and elements of array_send', () => {
    // ndim 1, no nulls, oid 23, 2 elements from 1; each its length and value.
    const words = [1, 0, 23, 2, 1, 4, 7, 4, -1];
    const bytes = Buffer.alloc(words.length * 4);
    for (const [i, word] of words.entries()) bytes.writeInt32BE(word, i * 4);
    expect(int4Array(Int32Array.of(7, -1, 99), 2)).toEqual(bytes);
    expect(int2Array(Uint8Array.of(3), 1).subarray(20).toString('hex')).toBe('000000020003');
    expect(float8Array(Float64Array.of(-0.5), 1).readDoubleBE(24)).toBe(-0.5);
  });

  test('times are whole microseconds since 2000, before and after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (milliseconds) => {
        const micros = timestamptzArray(Float64Array.of(milliseconds), 1).readBigInt64BE(24);
        // Beyond 2^53 microseconds (the year 2285) the arithmetic rounds; within, it is exact.
        const exact = (BigInt(milliseconds) - 946_684_800_000n) * 1000n;
        const off = micros > exact ? micros - exact : exact - micros;
        expect(off <= (exact ** 2n > 2n ** 106n ? 1024n : 0n)).toBe(true);
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.7e15])('%s is no time', (time) => {
    expect(() => timestamptzArray(Float64Array.of(time), 1)).toThrow(RangeError);
  });
});

/** All records of batches, in the order in which they would be written. */
function records(batches: readonly Batch[]): unknown[] {
  return batches.flatMap(({ entries, samples, outcomes }) => [
    ...entries.map((entry) => `entry ${entry.position}/${entry.index}`),
    ...Array.from({ length: samples.length }, (_, i) => `sample ${samples.series[i]} ${samples.time[i]}`),
    ...outcomes.map((outcome) => `outcome ${outcome.position}`),
  ]);
}

const batch = fc
  .record({ samples: fc.array(sample, { maxLength: 9 }), entries: fc.nat(3), outcomes: fc.nat(3), groups: fc.nat(2) })
  .map(({ samples, entries, outcomes, groups }) => {
    const entry: JournalEntry = { kind: 'text', series: 1, time: 0, text: '' };
    const group = { at: 0, samples: batchOf(samples), entries: Array(entries).fill(entry) as JournalEntry[] };
    const audit = { at: '', actor: '', action: '', subject: '', from: null, detail: {} };
    return joinGroups(
      Array.from({ length: groups + 1 }, (_, i) => ({ ...group, position: i + 1 })),
      Array.from({ length: outcomes }, (_, i) => ({
        position: i + 1,
        record: { kind: 'audit', entry: audit } as const,
      })),
    );
  });

/** Only what comes last may say how far the journal has been written. */
function expectPositionsLast(parts: readonly Batch[], whole: Batch): void {
  for (const part of parts.slice(0, -1)) expect([part.input, part.outcome]).toEqual([null, null]);
  expect([parts.at(-1)?.input, parts.at(-1)?.outcome]).toEqual([whole.input, whole.outcome]);
}

test('a batch cut in slices loses nothing and no slice is too long', () => {
  fc.assert(
    fc.property(batch, fc.integer({ min: 1, max: 10 }), (whole, most) => {
      const parts = sliceBatch(whole, most);
      expect(records(parts).sort()).toEqual(records([whole]).sort());
      expect(parts.every((part) => part.samples.length <= most)).toBe(true);
      expectPositionsLast(parts, whole);
    }),
  );
});

test('halving again and again comes down to single records, in order', () => {
  const takeApart = (whole: Batch): Batch[] => {
    const parts = halve(whole);
    if (parts === null) return [whole];
    expectPositionsLast(parts, whole);
    return parts.flatMap(takeApart);
  };
  fc.assert(
    fc.property(batch, (whole) => {
      const leaves = takeApart(whole);
      expect(records(leaves)).toEqual(records([whole]));
      for (const leaf of leaves) expect(records([leaf]).length).toBeLessThanOrEqual(1);
    }),
  );
});
