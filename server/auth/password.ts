import { hash, verify } from '@node-rs/argon2';
import { Refused } from './refusal.ts';

/**
 * argon2id (the library's default variant): 19 MiB, two passes, one lane, the least OWASP's password storage cheat
 * sheet accepts; 12 ms measured on two shared cores. More memory would let a flood of logins crowd out ingest.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

export interface PasswordHasherOptions {
  /** Hashes computed at the same time; one, so that a flood of logins holds one core at most. */
  readonly concurrency?: number;
  /** Callers that may wait for their turn; the next is refused as `busy`. */
  readonly maxWaiting?: number;
}

/** Hashes and checks passwords on libuv's threads, a bounded number at a time. */
export class PasswordHasher {
  readonly #concurrency: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #decoy: Promise<string> | null = null;

  constructor(options: PasswordHasherOptions = {}) {
    this.#concurrency = options.concurrency ?? 1;
    this.#maxWaiting = options.maxWaiting ?? 64;
  }

  /** @returns PHC string. @throws Refused `busy` */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(normalise(password), COST));
  }

  /**
   * @param stored PHC string, or null for an unknown user: then the same work is done and the answer is false, so that
   * the time taken does not tell which names exist.
   * @throws Refused `busy`
   */
  verify(stored: string | null, password: string): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#decoy ??= hash('nobody has this password', COST);
      const matches = await verify(stored ?? (await this.#decoy), normalise(password));
      return matches && stored !== null;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#concurrency) this.#running += 1;
    else {
      if (this.#waiting.length >= this.#maxWaiting) {
        throw new Refused('busy', 'too many logins at once; try again in a few seconds', { retryAfter: 5 });
      }
      // Whoever finishes hands its place over, so `#running` does not change and nobody overtakes.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

/** The same characters typed on two keyboards are the same password (RFC 8265 §4.2.1: NFC). */
function normalise(password: string): string {
  return password.normalize('NFC');
}
