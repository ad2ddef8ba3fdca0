import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame, FRAME_STALE } from '#contract/frame.ts';

const column = fc.array(
  fc.record({
    value: fc.double({ noNaN: true }),
    series: fc.nat(),
    age: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    state: fc.constantFrom(0, 1, 5, FRAME_STALE, FRAME_STALE | 5),
  }),
  { maxLength: 50 },
);

test('a frame comes back as it went in, whatever it holds and however its bytes are aligned', () => {
  fc.assert(
    fc.property(column, fc.boolean(), fc.integer({ min: 0, max: 7 }), (rows, whole, shift) => {
      const frame = {
        layer: 'stations',
        tile: '8/202/113',
        whole,
        serverTime: 1_700_000_000_123,
        catalogue: 7,
        value: Float64Array.from(rows, (row) => row.value),
        series: Uint32Array.from(rows, (row) => row.series),
        age: Int32Array.from(rows, (row) => row.age),
        state: Uint8Array.from(rows, (row) => row.state),
      };
      const bytes = encodeFrame(frame);
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      expect(decodeFrame(shifted)).toEqual(frame);
    }),
  );
});

test.each([
  ['shorter than a header', new Uint8Array(10)],
  ['of another version', new Uint8Array(24).fill(9)],
  ['that promises more series than it has bytes', encodeEmpty(4)],
])('bytes %s are refused', (_, bytes) => {
  expect(() => decodeFrame(bytes)).toThrow(RangeError);
});

function encodeEmpty(claimed: number): Uint8Array {
  const none = { value: new Float64Array(), series: new Uint32Array(), age: new Int32Array(), state: new Uint8Array() };
  const bytes = encodeFrame({ layer: 'a', tile: 'b', whole: true, serverTime: 0, catalogue: 0, ...none });
  new DataView(bytes.buffer).setUint32(4, claimed, true);
  return bytes;
}
