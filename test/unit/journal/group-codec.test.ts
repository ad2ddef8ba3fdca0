import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupDraft, JournalEntry } from '#contract/journal-group.ts';
import { EMPTY_BATCH } from '#contract/sample-batch.ts';
import { decodeGroup, encodeGroup } from '../../../server/journal/group-codec.ts';
import { JournalCorrupt } from '../../../server/journal/journal-error.ts';

const sample = fc.record({
  series: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  time: fc.double({ noNaN: true }),
  value: fc.double(),
  flags: fc.integer({ min: 0, max: 255 }),
});
const entry: fc.Arbitrary<JournalEntry> = fc.record({
  kind: fc.constant('text' as const),
  series: fc.nat(),
  time: fc.nat(),
  text: fc.string({ unit: 'grapheme' }),
});
const draft: fc.Arbitrary<GroupDraft> = fc
  .record({ at: fc.double({ noNaN: true }), rows: fc.array(sample, { maxLength: 40 }), entries: fc.array(entry) })
  .map(({ at, rows, entries }) => ({
    at,
    samples: {
      length: rows.length,
      series: Uint32Array.from(rows, (row) => row.series),
      time: Float64Array.from(rows, (row) => row.time),
      value: Float64Array.from(rows, (row) => row.value),
      flags: Uint8Array.from(rows, (row) => row.flags),
    },
    entries,
  }));
const position = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

test('a group comes back as it went in, whatever it holds and however its bytes are aligned', () => {
  fc.assert(
    fc.property(draft, position, fc.integer({ min: 0, max: 7 }), (group, at, shift) => {
      const bytes = encodeGroup(group, at);
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      expect(decodeGroup(shifted, at)).toEqual({ ...group, position: at });
    }),
  );
});

test('any single flipped bit is found and named', () => {
  fc.assert(
    fc.property(draft, position, fc.nat(), (group, at, pick) => {
      const bytes = encodeGroup(group, at);
      const bit = pick % (bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeGroup(bytes, at)).toThrow(new RegExp(`input group ${at} is damaged`));
    }),
  );
});

test('every bit of one group is covered, header and checksum included', () => {
  const bytes = encodeGroup({ at: 5, samples: EMPTY_BATCH, entries: [] }, 1);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = Uint8Array.from(bytes);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => decodeGroup(damaged, 1), `bit ${bit}`).toThrow(JournalCorrupt);
  }
});

test('decoding aligned bytes copies no column', () => {
  const samples = {
    length: 1,
    series: Uint32Array.of(3),
    time: Float64Array.of(1),
    value: Float64Array.of(2),
    flags: Uint8Array.of(0),
  };
  const bytes = encodeGroup({ at: 5, samples, entries: [] }, 1);
  const { samples: decoded } = decodeGroup(bytes, 1);
  for (const column of [decoded.time, decoded.value, decoded.series, decoded.flags]) {
    expect(column.buffer).toBe(bytes.buffer);
  }
});

test.each([
  ['cut short of a header', (bytes: Uint8Array) => bytes.subarray(0, 16), 1],
  ['cut short of its entries', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 1],
  ['found under another position', (bytes: Uint8Array) => bytes, 2],
])('a group %s is refused', (_, damage, at) => {
  const entries = [{ kind: 'text' as const, series: 1, time: 2, text: 'mưa to' }];
  expect(() => decodeGroup(damage(encodeGroup({ at: 5, samples: EMPTY_BATCH, entries }, 1)), at)).toThrow(
    JournalCorrupt,
  );
});
