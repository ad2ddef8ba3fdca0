import { crc32 } from 'node:zlib';
import type { GroupDraft, JournalEntry, JournalGroup } from '#contract/journal-group.ts';
import { JournalCorrupt } from './journal-error.ts';

/**
 * One group of the input log as bytes, little-endian:
 *
 * | offset | type | what |
 * | --- | --- | --- |
 * | 0 | u32 | CRC-32 of every byte after it |
 * | 4 | u8 | version, 1; then three zero bytes |
 * | 8 | f64 | log clock, ms since the Unix epoch |
 * | 16 | f64 | position |
 * | 24 | u32 | n, number of samples |
 * | 28 | u32 | bytes of the entries |
 * | 32 | f64 × n | time |
 * | … | f64 × n | value |
 * | … | u32 × n | series |
 * | … | u8 × n | flags |
 * | … | utf-8 | entries as a JSON array; nothing when there are none |
 *
 * Every column starts at a multiple of its element's size, so decoding copies nothing.
 */
const HEADER = 32;
const ROW = 21;
const VERSION = 1;
const NO_ENTRIES: readonly JournalEntry[] = [];

/** @returns bytes in a buffer of their own, which the journal may keep until they are written. */
export function encodeGroup(draft: GroupDraft, position: number): Uint8Array<ArrayBuffer> {
  const { samples, entries } = draft;
  const n = samples.length;
  const text = entries.length > 0 ? Buffer.from(JSON.stringify(entries)) : null;
  const bytes = new Uint8Array(HEADER + n * ROW + (text?.length ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint8(4, VERSION);
  view.setFloat64(8, draft.at, true);
  view.setFloat64(16, position, true);
  view.setUint32(24, n, true);
  view.setUint32(28, text?.length ?? 0, true);
  if (n > 0) {
    const columns = columnsOf(bytes.buffer, 0, n);
    columns.time.set(samples.time);
    columns.value.set(samples.value);
    columns.series.set(samples.series);
    columns.flags.set(samples.flags);
  }
  if (text) bytes.set(text, HEADER + n * ROW);
  view.setUint32(0, crc32(bytes.subarray(4)), true);
  return bytes;
}

/**
 * @param input the stored bytes; the group's columns are views into them, so the caller must own them
 * @throws JournalCorrupt when a bit is not as it was written, or the value belongs to another position
 */
export function decodeGroup(input: Uint8Array, position: number): JournalGroup {
  const fail = (reason: string) => new JournalCorrupt(`input group ${position}`, reason);
  if (input.length < HEADER) throw fail(`${input.length} bytes are fewer than a header`);
  // Typed-array views need an aligned start; bytes out of a shared buffer may not have one.
  const bytes = input.byteOffset % 8 === 0 ? input : new Uint8Array(input);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (crc32(bytes.subarray(4)) !== view.getUint32(0, true)) throw fail('its checksum does not match');
  if (view.getUint8(4) !== VERSION) throw fail(`version ${view.getUint8(4)} is not known here`);
  const stored = view.getFloat64(16, true);
  if (stored !== position) throw fail(`it was written as group ${stored}`);
  const n = view.getUint32(24, true);
  const textStart = HEADER + n * ROW;
  if (bytes.length !== textStart + view.getUint32(28, true)) throw fail('its length does not match its header');
  return {
    position,
    at: view.getFloat64(8, true),
    samples: { length: n, ...columnsOf(bytes.buffer, bytes.byteOffset, n) },
    entries: textStart === bytes.length ? NO_ENTRIES : parseEntries(bytes.subarray(textStart)),
  };
}

function columnsOf<B extends ArrayBufferLike>(buffer: B, start: number, n: number) {
  const time = start + HEADER;
  return {
    time: new Float64Array(buffer, time, n),
    value: new Float64Array(buffer, time + n * 8, n),
    series: new Uint32Array(buffer, time + n * 16, n),
    flags: new Uint8Array(buffer, time + n * 20, n),
  };
}

function parseEntries(bytes: Uint8Array): readonly JournalEntry[] {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as JournalEntry[];
}
