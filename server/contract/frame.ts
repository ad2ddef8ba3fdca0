/**
 * The binary `frame` of the live interface: the latest values of one layer's series inside one map tile, as columns.
 * Little-endian. Layout:
 *
 * | offset | type | what |
 * | --- | --- | --- |
 * | 0 | u8 | version, 1 |
 * | 1 | u8 | flags: 1 = whole tile, not only what changed |
 * | 2 | u16 | bytes of the header's text |
 * | 4 | u32 | n, number of series |
 * | 8 | f64 | server time, ms since the Unix epoch |
 * | 16 | u32 | catalogue version: fetch the layer again when it is another |
 * | 20 | u32 | zero |
 * | 24 | utf-8 | layer, space, tile; padded with zeros to a multiple of 8 |
 * | … | f64 × n | values |
 * | … | u32 × n | series numbers |
 * | … | i32 × n | sample time minus server time, ms, held at the ends of its range |
 * | … | u8 × n | bits 0–2 worst alert (0 none, 1 info … 5 critical), bit 3 stale |
 */
export interface Frame {
  readonly layer: string;
  readonly tile: string;
  readonly whole: boolean;
  readonly serverTime: number;
  readonly catalogue: number;
  readonly value: Float64Array;
  readonly series: Uint32Array;
  readonly age: Int32Array;
  readonly state: Uint8Array;
}

export const FRAME_VERSION = 1;
export const FRAME_STALE = 8;
export const FRAME_SEVERITY_MASK = 7;
const HEADER = 24;
const WHOLE = 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const padded = (bytes: number) => (bytes + 7) & ~7;

/** @returns the frame's bytes, in a buffer of their own. */
export function encodeFrame(frame: Frame): Uint8Array {
  const text = encoder.encode(`${frame.layer} ${frame.tile}`);
  const n = frame.series.length;
  const columns = HEADER + padded(text.length);
  const bytes = new Uint8Array(columns + n * 17);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAME_VERSION);
  view.setUint8(1, frame.whole ? WHOLE : 0);
  view.setUint16(2, text.length, true);
  view.setUint32(4, n, true);
  view.setFloat64(8, frame.serverTime, true);
  view.setUint32(16, frame.catalogue, true);
  bytes.set(text, HEADER);
  new Float64Array(bytes.buffer, columns, n).set(frame.value);
  new Uint32Array(bytes.buffer, columns + n * 8, n).set(frame.series);
  new Int32Array(bytes.buffer, columns + n * 12, n).set(frame.age);
  bytes.set(frame.state, columns + n * 16);
  return bytes;
}

/** @throws RangeError for bytes that are not a frame of this version. */
export function decodeFrame(input: ArrayBuffer | Uint8Array): Frame {
  const bytes = aligned(input);
  if (bytes.length < HEADER) throw new RangeError(`frame of ${bytes.length} bytes is shorter than its header`);
  const view = new DataView(bytes.buffer);
  if (view.getUint8(0) !== FRAME_VERSION) throw new RangeError(`frame version ${view.getUint8(0)} is not known here`);
  const textLength = view.getUint16(2, true);
  const n = view.getUint32(4, true);
  const columns = HEADER + padded(textLength);
  if (bytes.length !== columns + n * 17) throw new RangeError(`frame of ${bytes.length} bytes cannot hold ${n} series`);
  const [layer = '', tile = ''] = decoder.decode(bytes.subarray(HEADER, HEADER + textLength)).split(' ');
  return {
    layer,
    tile,
    whole: (view.getUint8(1) & WHOLE) !== 0,
    serverTime: view.getFloat64(8, true),
    catalogue: view.getUint32(16, true),
    value: new Float64Array(bytes.buffer, columns, n),
    series: new Uint32Array(bytes.buffer, columns + n * 8, n),
    age: new Int32Array(bytes.buffer, columns + n * 12, n),
    state: bytes.subarray(columns + n * 16),
  };
}

/** Typed-array views need an aligned start; a socket may hand us a slice that is not. */
function aligned(input: ArrayBuffer | Uint8Array): Uint8Array<ArrayBuffer> {
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  return new Uint8Array(input);
}
