import { createHash } from 'node:crypto';

/**
 * UUIDv7 (RFC 9562 §5.7) whose time is the start of the episode and whose other bits come from rule, series and start:
 * the same alert after every replay and on every hub.
 * @param startsAt milliseconds since the Unix epoch
 */
export function alertId(rule: string, seriesId: string, startsAt: number): string {
  const bytes = createHash('sha256').update(`${rule}|${seriesId}|${startsAt}`).digest().subarray(0, 16);
  bytes.writeUIntBE(Math.max(0, Math.floor(startsAt)), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
