import { isIPv6 } from 'node:net';

/** How one kind of failure slows down what follows it. */
interface Gate {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Seconds after the first failure beyond; doubles with each. */
  readonly base: number;
  readonly longest: number;
  /** Milliseconds in which half of the failures are forgotten. */
  readonly halfLife: number;
}

const MINUTE = 60_000;
const GATES = {
  /** One person at one place: slow soon. */
  pair: { free: 5, base: 1, longest: 300, halfLife: 10 * MINUTE },
  /** One place trying many names. */
  address: { free: 20, base: 1, longest: 900, halfLife: 10 * MINUTE },
  /** One name tried from many places. Never asked for where the person logged in before. */
  account: { free: 10, base: 1, longest: 30, halfLife: 10 * MINUTE },
  /** Many places trying many names. Never asked for at an address with a login behind it. */
  global: { free: 200, base: 1, longest: 10, halfLife: MINUTE },
} as const satisfies Record<string, Gate>;

interface Failures {
  count: number;
  last: number;
}

export interface ThrottleOptions {
  readonly now: () => number;
  /** Entries of each table; beyond it the one untouched longest is forgotten. */
  readonly maxEntries?: number;
}

/** One attempt that was let through. Exactly one of the two is called, or neither: then it counts as failed. */
export interface Attempt {
  succeeded(): void;
}

/**
 * Slows down guessing: by name and address, by address, by name, and overall. It delays and never locks, and a person
 * at an address where they logged in before is not held up by what others do to their name (ASVS 5.0, 6.1.1).
 */
export class Throttle {
  readonly #now: () => number;
  readonly #maxEntries: number;
  readonly #failures = new Map<string, Failures>();
  readonly #known = new Map<string, number>();

  constructor(options: ThrottleOptions) {
    this.#now = options.now;
    this.#maxEntries = options.maxEntries ?? 10_000;
  }

  /** Entries held, for the tests of the bound. */
  get size(): number {
    return this.#failures.size + this.#known.size;
  }

  /**
   * Counts the attempt as failed at once, so that a thousand sent together are not a thousand free guesses; success
   * takes it back.
   * @returns the attempt, or the seconds to wait. A refused attempt is not counted: waiting as told always suffices.
   */
  admit(account: string, address: string): Attempt | { readonly wait: number } {
    const place = network(address);
    const keys = this.#keys(account, place);
    const wait = Math.max(...keys.map(([key, gate]) => this.#wait(key, gate)));
    if (wait > 0) return { wait: Math.ceil(wait / 1000) };
    for (const [key, gate] of keys) this.#count(key, gate);
    return { succeeded: () => this.#succeed(account, place, keys) };
  }

  #keys(account: string, place: string): (readonly [string, Gate])[] {
    const keys: (readonly [string, Gate])[] = [
      [`pair ${account} ${place}`, GATES.pair],
      [`address ${place}`, GATES.address],
    ];
    if (this.#known.has(`${account} ${place}`)) return keys;
    keys.push([`account ${account}`, GATES.account]);
    keys.push(['global', GATES.global]);
    return keys;
  }

  #succeed(account: string, place: string, keys: readonly (readonly [string, Gate])[]): void {
    touch(this.#known, `${account} ${place}`, this.#now(), this.#maxEntries);
    for (const [key] of keys) {
      const entry = this.#failures.get(key);
      if (entry) entry.count = Math.max(0, entry.count - 1);
    }
    // Not the address as a whole: an attacker with one account of their own would wipe their slate with it.
    this.#failures.delete(`pair ${account} ${place}`);
  }

  #wait(key: string, gate: Gate): number {
    const entry = this.#failures.get(key);
    if (!entry) return 0;
    const beyond = this.#decayed(entry, gate) - gate.free;
    if (beyond <= 0) return 0;
    const delay = Math.min(gate.longest, gate.base * 2 ** (beyond - 1)) * 1000;
    return Math.max(0, entry.last + delay - this.#now());
  }

  #count(key: string, gate: Gate): void {
    const entry = this.#failures.get(key);
    const count = (entry ? this.#decayed(entry, gate) : 0) + 1;
    touch(this.#failures, key, { count, last: this.#now() }, this.#maxEntries);
  }

  #decayed(entry: Failures, gate: Gate): number {
    return entry.count * 0.5 ** (Math.max(0, this.#now() - entry.last) / gate.halfLife);
  }
}

/** Sets and moves to the end, so that the first entry is the one untouched longest. */
function touch<V>(map: Map<string, V>, key: string, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

/** One IPv6 customer holds a whole /64, so that is what counts as one address. */
function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
