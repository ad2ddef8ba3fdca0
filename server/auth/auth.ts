import type { Principal } from '#contract/people.ts';
import { type Audit, auditWith } from './caller.ts';
import { type HubCookies, hubCookies, readCookie } from './cookie.ts';
import { isOwnOrigin, originOf } from './origin.ts';
import { PasswordHasher } from './password.ts';
import { unitsOf } from './policy.ts';
import type { AuditTrail, AuthLog, IdentityStore, SourceStore, UnitStore } from './ports.ts';
import { Sessions } from './session.ts';
import { SignIn } from './sign-in.ts';
import { SourceDirectory } from './source-directory.ts';
import { Throttle } from './throttle.ts';
import { TokenRegister } from './token-register.ts';
import { UnitDirectory } from './unit-directory.ts';
import { UserDirectory } from './user-directory.ts';
import { WallPairings, type WallScreenSummary } from './wall-pairing.ts';

export interface AuthOptions {
  readonly identity: IdentityStore;
  readonly units: UnitStore;
  readonly sources: SourceStore;
  readonly trail: AuditTrail;
  readonly log: AuthLog;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** People reach the hub over HTTPS: cookies get the `__Host-` prefix and Secure. */
  readonly secure: boolean;
  /** `HUB_PUBLIC_URL`, null when unset. */
  readonly publicUrl: string | null;
  readonly wallExists: (wall: string) => boolean;
}

/** What somebody shows to be known by. */
export interface Credentials {
  readonly cookie?: string | undefined;
  /** A machine's token, without `Bearer`. */
  readonly token?: string | undefined;
}

/** What a request or a socket's opening shows of itself. */
export interface Handshake extends Credentials {
  readonly origin?: string | undefined;
  readonly fetchSite?: string | undefined;
  /** `scheme://host` the request was sent to. */
  readonly own?: string | undefined;
}

/** Who is who and what they hold. Answers from memory; only writes need the database. */
export class Auth {
  readonly users: UserDirectory;
  readonly units: UnitDirectory;
  readonly sources: SourceDirectory;
  readonly sessions: Sessions;
  readonly tokens: TokenRegister;
  readonly walls: WallPairings;
  readonly signIn: SignIn;
  readonly cookies: HubCookies;
  readonly audit: Audit;
  readonly #options: AuthOptions;
  readonly #publicOrigin: string | null;
  readonly #revokedListeners = new Set<() => void>();
  readonly #unpairedListeners = new Set<(screen: WallScreenSummary) => void>();

  constructor(options: AuthOptions) {
    const { identity, now, log } = options;
    this.#options = options;
    this.#publicOrigin = originOf(options.publicUrl);
    this.cookies = hubCookies(options.secure);
    const audit = auditWith(options.trail, now);
    this.audit = audit;
    const revoked = () => this.#revoked();
    const hasher = new PasswordHasher();
    this.units = new UnitDirectory({ store: options.units, audit });
    const unitExists = (unit: string) => this.units.has(unit);
    this.sources = new SourceDirectory({ store: options.sources, unitExists, now, audit });
    this.users = new UserDirectory({ store: identity, hasher, unitExists, audit });
    this.tokens = new TokenRegister({ store: identity, unitExists, now, audit, revoked });
    this.sessions = new Sessions({ store: identity, user: (name) => this.users.active(name), now, log, revoked });
    this.walls = new WallPairings({
      store: identity,
      wallExists: options.wallExists,
      now,
      audit,
      revoked: (screen) => {
        revoked();
        for (const listener of this.#unpairedListeners) listener(screen);
      },
    });
    const throttle = new Throttle({ now });
    this.signIn = new SignIn({ users: this.users, sessions: this.sessions, hasher, throttle, audit });
  }

  /** Fills memory from the database. Call once, before the first request. @throws what the stores throw */
  async load(): Promise<void> {
    const [identity, units, sources] = await Promise.all([
      this.#options.identity.load(),
      this.#options.units.load(),
      this.#options.sources.load(),
    ]);
    this.units.restore(units);
    this.sources.restore(sources.sources, sources.credentials);
    this.users.restore(identity.users);
    this.tokens.restore(identity.tokens);
    this.sessions.restore(identity.sessions);
    this.walls.restore(identity.screens);
  }

  /** @returns who asks, null when they show nothing valid. A token counts before a cookie, a person before a screen. */
  identify({ cookie, token }: Credentials): Principal | null {
    if (token !== undefined) return this.tokens.principal(token);
    const session = readCookie(cookie, this.cookies.session);
    const person = session === null ? null : this.sessions.principal(session);
    if (person) return person;
    const screen = readCookie(cookie, this.cookies.screen);
    return screen === null ? null : this.walls.principal(screen);
  }

  /** As {@link identify}, for a socket: a cookie counts only if the page that opened the socket is ours. */
  authenticate(handshake: Handshake): Principal | null {
    if (handshake.token === undefined && !this.ownOrigin(handshake)) return null;
    return this.identify(handshake);
  }

  /** @returns false for a request that a foreign site's page sent. */
  ownOrigin({ origin, fetchSite, own }: Handshake): boolean {
    return isOwnOrigin({ origin, fetchSite, own }, this.#publicOrigin);
  }

  /** Units whose alerts this principal sees; null: all. */
  alertUnits(principal: Principal): readonly string[] | null {
    return unitsOf(principal, 'alerts:read');
  }

  /** Called after anything that may end a right: ask {@link identify} again for every open connection. */
  onRevoked(listener: () => void): void {
    this.#revokedListeners.add(listener);
  }

  onUnpaired(listener: (screen: WallScreenSummary) => void): void {
    this.#unpairedListeners.add(listener);
  }

  /** Ends what is over and writes what waits for the database. Call every few seconds, and when it returns. */
  async tend(): Promise<void> {
    this.sessions.sweep();
    await this.sessions.flush();
  }

  #revoked(): void {
    for (const listener of this.#revokedListeners) listener();
  }
}
