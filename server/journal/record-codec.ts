import { crc32 } from 'node:zlib';
import { JournalCorrupt } from './journal-error.ts';

/**
 * Outcome records and facts as bytes: u32 CRC-32 of what follows, u8 kind (1 bytes, 2 JSON), then the content. Bytes
 * start at offset 8, so that a snapshot that holds columns stays aligned.
 */
const HEADER = 8;
const BYTES = 1;
const JSON_TEXT = 2;

/** @returns bytes in a buffer of their own. @throws TypeError for what JSON cannot hold. */
export function encodeRecord(value: unknown): Uint8Array<ArrayBuffer> {
  const content = value instanceof Uint8Array ? value : Buffer.from(jsonOf(value));
  const bytes = new Uint8Array(HEADER + content.length);
  bytes[4] = value instanceof Uint8Array ? BYTES : JSON_TEXT;
  bytes.set(content, HEADER);
  new DataView(bytes.buffer).setUint32(0, crc32(bytes.subarray(4)), true);
  return bytes;
}

/** @param what names the record in the error. @throws JournalCorrupt when a bit is not as it was written. */
export function decodeRecord<T>(bytes: Uint8Array, what: string): T {
  if (bytes.length < HEADER) throw new JournalCorrupt(what, `${bytes.length} bytes are fewer than a header`);
  const stored = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
  if (crc32(bytes.subarray(4)) !== stored) throw new JournalCorrupt(what, 'its checksum does not match');
  const content = bytes.subarray(HEADER);
  // Copied: what LMDB hands out may be a view that outlives its transaction badly.
  if (bytes[4] === BYTES) return new Uint8Array(content) as T;
  return JSON.parse(Buffer.from(content.buffer, content.byteOffset, content.length).toString('utf8')) as T;
}

function jsonOf(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} cannot be stored as JSON`);
  return text;
}
