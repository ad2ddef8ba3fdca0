import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actorOf } from '../auth/policy.ts';
import { HttpProblem } from './problem.ts';

const DAY = 86_400_000;
const MAX_KEYS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface Entry {
  /** SHA-256 of the request's body. */
  readonly body: string;
  readonly until: number;
  answer: Answer | null;
}

export interface IdempotencyOptions {
  readonly now: () => number;
  readonly maxKeys?: number;
  readonly maxBytes?: number;
}

/**
 * Answers to writes, by principal, route and key, for 24 hours; the oldest is forgotten first when there are too many
 * or they are too large together. A write that failed is not kept: it may be tried again.
 */
export class IdempotencyMemory {
  readonly #now: () => number;
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(options: IdempotencyOptions) {
    this.#now = options.now;
    this.#maxKeys = options.maxKeys ?? MAX_KEYS;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @returns the answer given before, or null: then do it, and call {@link finish} or {@link abandon}. @throws HttpProblem */
  begin(key: string, body: string, keepFor = DAY): Answer | null {
    const entry = this.#entries.get(key);
    if (entry && entry.until > this.#now()) {
      if (entry.body !== body) throw new HttpProblem('idempotency-mismatch', 'this key came with another body before');
      if (!entry.answer) throw new HttpProblem('idempotency-running', 'ask again in a moment');
      return entry.answer;
    }
    this.abandon(key);
    this.#entries.set(key, { body, until: this.#now() + keepFor, answer: null });
    this.#trim();
    return null;
  }

  finish(key: string, answer: Answer): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.answer = answer;
    this.#bytes += answer.body.length;
    this.#trim();
  }

  abandon(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#bytes -= entry.answer?.body.length ?? 0;
    this.#entries.delete(key);
  }

  #trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxKeys && this.#bytes <= this.#maxBytes) return;
      this.abandon(key);
    }
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Under which the answer is to be kept; null without `Idempotency-Key`. */
    idempotencyKey: string | null;
  }
  interface FastifyContextConfig {
    /** How long the answer to a write may be repeated, ms; 0: never, such as where it sets a cookie. A day unless told. */
    repeatFor?: number;
  }
}

const KEY_PATTERN = /^[\x21-\x7e]{1,128}$/;

/** Makes every write honour `Idempotency-Key`. Runs after the policy check, so that an answer never reaches another. */
export function rememberWrites(app: FastifyInstance, memory: IdempotencyMemory): void {
  app.decorateRequest('idempotencyKey', null);
  app.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    const { repeatFor } = request.routeOptions.config;
    if (header === undefined || request.method !== 'POST' || repeatFor === 0 || request.principal === null) return;
    if (typeof header !== 'string' || !KEY_PATTERN.test(header)) {
      throw new HttpProblem('invalid-request', 'Idempotency-Key is 1 to 128 visible ASCII characters');
    }
    const key = JSON.stringify([actorOf(request.principal), request.url, header]);
    const answer = memory.begin(key, fingerprint(request), repeatFor);
    if (answer) {
      return reply
        .code(answer.status)
        .header('idempotency-replayed', 'true')
        .type(answer.type)
        .serializer((body: string) => body)
        .send(answer.body);
    }
    request.idempotencyKey = key;
    return;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotencyKey;
    if (key === null) return;
    if (reply.statusCode < 200 || reply.statusCode > 299 || (typeof payload !== 'string' && payload)) {
      memory.abandon(key);
      return;
    }
    const type = String(reply.getHeader('content-type') ?? 'application/json; charset=utf-8');
    memory.finish(key, { status: reply.statusCode, type, body: typeof payload === 'string' ? payload : '' });
  });
}

function fingerprint(request: FastifyRequest): string {
  const { body } = request;
  const bytes = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null);
  return createHash('sha256').update(bytes).digest('base64');
}
