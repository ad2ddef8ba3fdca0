import type { Login } from '#contract/people.ts';
import type { Audit, Caller } from './caller.ts';
import type { PasswordHasher } from './password.ts';
import { Refused } from './refusal.ts';
import type { Sessions } from './session.ts';
import type { Attempt, Throttle } from './throttle.ts';
import type { UserDirectory } from './user-directory.ts';

export interface SignInOptions {
  readonly users: UserDirectory;
  readonly sessions: Sessions;
  readonly hasher: PasswordHasher;
  readonly throttle: Throttle;
  readonly audit: Audit;
}

/** The one way a person gets a session. */
export class SignIn {
  readonly #options: SignInOptions;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /**
   * @param address of the client, as far as proxies that are trusted tell
   * @returns the session cookie's value. @throws Refused `wrong-credentials`, `too-many-attempts` or `busy`
   */
  async signIn({ username, password }: Login, address: string): Promise<string> {
    const { users, sessions, hasher, audit } = this.#options;
    const account = username.toLowerCase();
    const attempt = this.#admit(account, address);
    const user = users.active(account);
    if (!(await hasher.verify(user?.passwordHash ?? null, password)) || user === null) {
      audit(account, 'session.refused', account, {}, address);
      throw new Refused('wrong-credentials', 'name or password is wrong');
    }
    attempt.succeeded();
    audit(account, 'session.create', account, {}, address);
    return sessions.start(account);
  }

  /**
   * Changes the own password and ends the person's other sessions: whoever got in with the old one is out.
   * @param session the cookie's value of the session that stays. @throws as {@link UserDirectory.changePassword}
   */
  async changePassword(
    username: string,
    change: { readonly current: string; readonly next: string },
    by: Caller,
    session: string | null,
  ): Promise<void> {
    const attempt = this.#admit(username, by.from ?? 'hub');
    await this.#options.users.changePassword(username, change.current, change.next, by);
    attempt.succeeded();
    this.#options.sessions.endOthers(username, session);
  }

  #admit(account: string, address: string): Attempt {
    const attempt = this.#options.throttle.admit(account, address);
    if (!('wait' in attempt)) return attempt;
    // Not in the trail: a flood must not fill it, and the failures that led here are there.
    const detail = `too many wrong passwords; try again in ${attempt.wait} s`;
    throw new Refused('too-many-attempts', detail, { retryAfter: attempt.wait });
  }
}
