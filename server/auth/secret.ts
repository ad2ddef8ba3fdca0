import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Source of random bytes; `node:crypto` unless a test repeats itself. */
export type RandomBytes = (length: number) => Uint8Array;

/** 256 bits: nobody guesses it, so a plain SHA-256 of it may be stored. */
const SECRET_BYTES = 32;

/** @returns a new secret, base64url without padding. */
export function generateSecret(random: RandomBytes = randomBytes): string {
  return Buffer.from(random(SECRET_BYTES)).toString('base64url');
}

/** @returns SHA-256 of the text, hex: what is stored in a secret's place, and what memory looks it up by. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Compares two hex hashes in a time that does not tell where they differ. */
export function sameHash(left: string, right: string): boolean {
  const a = Buffer.from(left, 'hex');
  const b = Buffer.from(right, 'hex');
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
}

/** What is read out and typed: without 0 O 1 I, which look alike on a wall. */
const READABLE = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** @returns `length` readable characters of 5 bits each. */
export function generateCode(length: number, random: RandomBytes = randomBytes): string {
  // 32 characters divide 256 evenly, so no character is likelier than another.
  return Array.from(random(length), (byte) => READABLE[byte % READABLE.length]).join('');
}

/** What a person typed, as the code is kept: capitals, without the spaces and hyphens that make it readable. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '');
}
