import { randomBytes } from 'node:crypto';
import type { QuarantineItem, QuarantineReason } from '#contract/quarantine.ts';
import type { Admission } from './admit.ts';
import type { SourceState } from './source-state.ts';

const EXCERPT_BYTES = 512;
const MAX_DETAIL = 1000;

/** What could not be understood, before it is bounded and numbered. */
export interface Misfit {
  readonly source: SourceState | null;
  readonly transport: 'mqtt' | 'http';
  readonly topic: string | null;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly payload: Buffer;
}

/** One reason of one source above its rate: counted, kept as one item. */
interface Excess {
  readonly first: Misfit;
  count: number;
  bytes: number;
  since: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  excess: Map<QuarantineReason, Excess>;
}

export interface QuarantineOptions {
  readonly admission: Admission;
  /** Items a second and source that are kept one by one (20); five seconds' worth may come at once. */
  readonly rate?: number;
  /** How often what exceeded the rate is summed up, milliseconds (1,000). */
  readonly summaryEvery?: number;
}

/**
 * Turns misfits into journal entries. A broken device cannot fill the journal: above the rate its misfits are counted
 * and written as one summary a second and reason. Nothing vanishes without a trace.
 */
export class Quarantine {
  readonly #admission: Admission;
  readonly #rate: number;
  readonly #summaryEvery: number;
  #buckets = new Map<string, Bucket>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: QuarantineOptions) {
    this.#admission = options.admission;
    this.#rate = options.rate ?? 20;
    this.#summaryEvery = options.summaryEvery ?? 1000;
  }

  /** Adds to the group under way; the caller decides when to acknowledge. */
  take(misfit: Misfit): void {
    const now = this.#admission.now();
    if (misfit.source !== null) misfit.source.quarantined++;
    const bucket = this.#bucket(misfit.source?.record.id ?? '', now);
    if (bucket.tokens >= 1) {
      bucket.tokens--;
      this.#write(misfit, misfit.detail, misfit.payload.length, now);
      return;
    }
    const excess = bucket.excess.get(misfit.reason);
    if (excess === undefined) {
      // The payload is a view into the socket's buffer: only what is shown may outlive this call.
      const payload = Buffer.from(misfit.payload.subarray(0, EXCERPT_BYTES));
      const first = { ...misfit, payload };
      bucket.excess.set(misfit.reason, { first, count: 1, bytes: misfit.payload.length, since: now });
    } else {
      excess.count++;
      excess.bytes += misfit.payload.length;
    }
    this.#timer ??= setTimeout(() => this.sumUp(), this.#summaryEvery);
  }

  /** Writes the summaries now; also called before the hub stops. */
  sumUp(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = this.#admission.now();
    for (const bucket of this.#buckets.values()) {
      for (const { first, count, bytes, since } of bucket.excess.values()) {
        const span = `${new Date(since).toISOString()} and ${new Date(now).toISOString()}`;
        const detail = `${count} more between ${span}, beyond ${this.#rate} a second; the first of them: ${first.detail}`;
        this.#write(first, detail, bytes, now);
      }
      bucket.excess.clear();
    }
  }

  #bucket(key: string, now: number): Bucket {
    const burst = this.#rate * 5;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { tokens: burst, filledAt: now, excess: new Map() };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) * this.#rate) / 1000);
    bucket.filledAt = now;
    return bucket;
  }

  #write(misfit: Misfit, detail: string, size: number, now: number): void {
    const item: QuarantineItem = {
      id: uuidV7(now, randomBytes(10)),
      at: new Date(now).toISOString(),
      source: misfit.source?.record.id ?? null,
      transport: misfit.transport,
      topic: misfit.topic === null ? null : escapeControls(misfit.topic).slice(0, 1024),
      reason: misfit.reason,
      detail: escapeControls(detail).slice(0, MAX_DETAIL),
      excerpt: excerpt(misfit.payload),
      size,
    };
    this.#admission.entry({ kind: 'quarantine', item }, 2048);
  }
}

/** The first bytes as text; bytes that are no text become `\xNN`. */
function excerpt(payload: Buffer): string {
  const head = payload.subarray(0, EXCERPT_BYTES);
  const text = head.toString('utf8');
  // A character cut at the end is not the sender's fault.
  const whole = payload.length > EXCERPT_BYTES ? text.replace(/\uFFFD{1,3}$/, '') : text;
  if (!whole.includes('\uFFFD')) return escapeControls(whole);
  let escaped = '';
  for (const byte of head) {
    escaped += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

/** Controls and bidirectional overrides become visible, so that text from outside cannot disguise itself on a desk. */
function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\u200E\u200F]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

/** UUIDv7 (RFC 9562 §5.7) from a time and ten random bytes. */
function uuidV7(time: number, random: Uint8Array): string {
  const stamp = Math.floor(time).toString(16).padStart(12, '0');
  const tail = Buffer.from(random);
  tail[0] = (tail[0]! & 0x0f) | 0x70;
  tail[2] = (tail[2]! & 0x3f) | 0x80;
  const hex = tail.toString('hex');
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}
