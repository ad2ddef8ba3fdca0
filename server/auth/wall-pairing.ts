import { randomUUID } from 'node:crypto';
import type { Principal } from '#contract/people.ts';
import type { WallScreenRecord } from '#contract/records.ts';
import type { WallPairing } from '#contract/wall.ts';
import type { Audit, Caller } from './caller.ts';
import { actorOf } from './policy.ts';
import type { IdentityStore } from './ports.ts';
import { Refused } from './refusal.ts';
import { generateCode, generateSecret, hashSecret, normaliseCode } from './secret.ts';
import { Throttle } from './throttle.ts';

/** A code must outlive the walk from the wall to the desk, not more. */
export const PAIRING_LIFE = 10 * 60_000;
const CODE_LENGTH = 8;
/** Screens waiting at the same time; anybody may start a pairing, so the number is bounded, over all and by address. */
const MAX_PAIRINGS = 100;
const MAX_PAIRINGS_BY_ADDRESS = 10;

export interface WallPairingsOptions {
  readonly store: Pick<IdentityStore, 'createScreen' | 'deleteScreen'>;
  readonly wallExists: (wall: string) => boolean;
  readonly now: () => number;
  readonly audit: Audit;
  readonly revoked: (screen: WallScreenSummary) => void;
}

/** A paired screen as the desk may see it. `lastSeenAt` since the hub started. */
export type WallScreenSummary = Omit<WallScreenRecord, 'hash'> & { readonly lastSeenAt: string | null };

interface Pairing {
  readonly wall: string;
  readonly code: string;
  readonly address: string;
  readonly expiresAt: number;
  /** Who entered the code; null while it waits. */
  claimedBy: string | null;
}

/**
 * Pairs screens with walls: the screen shows a code, a person enters it at the desk, the screen fetches its own
 * secret. The code alone gives nothing to who reads it from the wall: only the screen that asked holds the pairing.
 */
export class WallPairings {
  readonly #options: WallPairingsOptions;
  readonly #pairings = new Map<string, Pairing>();
  readonly #screens = new Map<string, WallScreenRecord>();
  readonly #seen = new Map<string, number>();
  readonly #throttle: Throttle;

  constructor(options: WallPairingsOptions) {
    this.#options = options;
    this.#throttle = new Throttle({ now: options.now, maxEntries: 1000 });
  }

  restore(screens: readonly WallScreenRecord[]): void {
    for (const screen of screens) this.#screens.set(screen.hash, screen);
  }

  /**
   * @param previous secret of the pairing this screen asked for before, if any: it is given up, so that a page which
   * is loaded again and again holds one place
   * @returns the pairing and the secret that its screen keeps. @throws Refused `not-found` or `too-many-attempts`
   */
  start(
    wall: string,
    address: string,
    previous: string | null = null,
  ): { readonly pairing: WallPairing; readonly secret: string } {
    if (!this.#options.wallExists(wall)) throw new Refused('not-found', `there is no wall "${wall}"`);
    if (previous !== null) this.#pairings.delete(hashSecret(previous));
    this.#expire();
    // One address takes places from itself alone; only all together can fill the house.
    const here = [...this.#pairings].filter(([, pairing]) => pairing.address === address);
    if (here.length >= MAX_PAIRINGS_BY_ADDRESS) this.#pairings.delete(here[0]![0]);
    if (this.#pairings.size >= MAX_PAIRINGS) {
      throw new Refused('too-many-attempts', 'too many screens wait to be paired', { retryAfter: 60 });
    }
    const secret = generateSecret();
    const pairing: Pairing = {
      wall,
      code: generateCode(CODE_LENGTH),
      address,
      expiresAt: this.#options.now() + PAIRING_LIFE,
      claimedBy: null,
    };
    this.#pairings.set(hashSecret(secret), pairing);
    return { pairing: show(pairing, 'waiting'), secret };
  }

  /**
   * A person at the desk enters what the wall shows.
   * @throws Refused `not-found` for a code that is not waiting, `too-many-attempts` for one who tries many
   */
  claim(typed: string, by: Caller): { readonly wall: string } {
    const attempt = this.#throttle.admit(actorOf(by.principal), by.from ?? 'hub');
    if ('wait' in attempt) {
      throw new Refused('too-many-attempts', 'too many wrong codes', { retryAfter: attempt.wait });
    }
    this.#expire();
    const code = normaliseCode(typed);
    const now = this.#options.now();
    const found = [...this.#pairings.values()].find(
      (pairing) => pairing.code === code && pairing.claimedBy === null && pairing.expiresAt > now,
    );
    if (!found) {
      this.#options.audit(by, 'wall.claim-refused', 'code');
      throw new Refused('not-found', 'no screen shows this code now; look at the wall again');
    }
    attempt.succeeded();
    found.claimedBy = actorOf(by.principal);
    this.#options.audit(by, 'wall.pair', found.wall);
    return { wall: found.wall };
  }

  /**
   * What the waiting screen asks for, again and again.
   * @returns with state `paired` also the screen's own secret, once. @throws what the store throws: then ask again
   */
  async collect(
    secret: string | null,
  ): Promise<{ readonly pairing: WallPairing; readonly screenSecret: string | null }> {
    const key = secret === null ? '' : hashSecret(secret);
    const pairing = this.#pairings.get(key);
    if (!pairing) throw new Refused('not-found', 'this screen has not asked to be paired');
    if (pairing.expiresAt <= this.#options.now()) {
      this.#pairings.delete(key);
      return { pairing: show(pairing, 'expired'), screenSecret: null };
    }
    if (pairing.claimedBy === null) return { pairing: show(pairing, 'waiting'), screenSecret: null };
    // Taken out first: two polls at once must not make two screens. Put back if the database does not take it.
    this.#pairings.delete(key);
    const screenSecret = generateSecret();
    const screen: WallScreenRecord = {
      id: randomUUID(),
      hash: hashSecret(screenSecret),
      wall: pairing.wall,
      pairedBy: pairing.claimedBy,
      pairedAt: new Date(this.#options.now()).toISOString(),
    };
    try {
      await this.#options.store.createScreen(screen);
    } catch (error) {
      this.#pairings.set(key, pairing);
      throw error;
    }
    this.#screens.set(screen.hash, screen);
    return { pairing: show(pairing, 'paired'), screenSecret };
  }

  /** @returns the paired screen as a principal, null when the secret is not (or no longer) one's. */
  principal(secret: string): Principal | null {
    const screen = this.#screens.get(hashSecret(secret));
    if (!screen || !this.#options.wallExists(screen.wall)) return null;
    this.#seen.set(screen.id, this.#options.now());
    return { kind: 'wall', name: screen.id, wall: screen.wall };
  }

  list(): WallScreenSummary[] {
    return [...this.#screens.values()].map((screen) => this.#summary(screen));
  }

  /** @throws Refused `not-found`; what the store throws */
  async unpair(id: string, by: Caller): Promise<void> {
    const screen = [...this.#screens.values()].find((candidate) => candidate.id === id);
    if (!screen) throw new Refused('not-found', `there is no screen "${id}"`);
    await this.#options.store.deleteScreen(id);
    this.#screens.delete(screen.hash);
    const summary = this.#summary(screen);
    this.#seen.delete(id);
    this.#options.audit(by, 'wall.unpair', screen.wall, { screen: id });
    this.#options.revoked(summary);
  }

  #summary({ hash: _, ...screen }: WallScreenRecord): WallScreenSummary {
    const seen = this.#seen.get(screen.id);
    return { ...screen, lastSeenAt: seen === undefined ? null : new Date(seen).toISOString() };
  }

  /** Forgets screens that never came back. Those that did learn `expired` first, so they get a while longer. */
  #expire(): void {
    const now = this.#options.now();
    for (const [key, pairing] of this.#pairings) {
      if (pairing.expiresAt + PAIRING_LIFE <= now) this.#pairings.delete(key);
    }
  }
}

function show(pairing: Pairing, state: WallPairing['state']): WallPairing {
  const { wall, code, expiresAt } = pairing;
  return { wall, code, state, expiresAt: new Date(expiresAt).toISOString() };
}
