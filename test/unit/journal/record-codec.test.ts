import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JournalCorrupt } from '../../../server/journal/journal-error.ts';
import { decodeRecord, encodeRecord } from '../../../server/journal/record-codec.ts';

const value = fc.oneof(fc.jsonValue(), fc.uint8Array());

test('JSON and bytes come back as they went in', () => {
  fc.assert(
    fc.property(value, (original) => {
      const expected = original instanceof Uint8Array ? original : JSON.parse(JSON.stringify(original));
      expect(decodeRecord(encodeRecord(original), 'fact x')).toEqual(expected);
    }),
  );
});

test('any single flipped bit is found and named', () => {
  fc.assert(
    fc.property(value, fc.nat(), (original, pick) => {
      const bytes = encodeRecord(original);
      // Bytes 5 to 7 are padding that is checked like the rest.
      const bit = pick % (bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeRecord(bytes, 'fact x')).toThrow(/fact x is damaged/);
    }),
  );
});

test('what is not a record is refused', () => {
  expect(() => decodeRecord(new Uint8Array(3), 'fact x')).toThrow(JournalCorrupt);
  expect(() => encodeRecord(undefined)).toThrow(TypeError);
});

test('bytes are handed out as a copy, since the stored page may change under them', () => {
  const bytes = encodeRecord(Uint8Array.of(1, 2, 3));
  const decoded = decodeRecord<Uint8Array>(bytes, 'fact x');
  bytes.fill(0);
  expect(decoded).toEqual(Uint8Array.of(1, 2, 3));
});
