/** 128 random bits as hex, for `Idempotency-Key`. Not `crypto.randomUUID`: pages without HTTPS do not have it. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
