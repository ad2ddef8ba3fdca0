import type { Login } from '#contract/people.ts';
import type { Audit } from './caller.ts';
import type { PasswordHasher } from './password.ts';
import { Refused } from './refusal.ts';
import type { Sessions } from './session.ts';
import type { Throttle } from './throttle.ts';
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
    const { users, sessions, hasher, throttle, audit } = this.#options;
    const account = username.toLowerCase();
    const attempt = throttle.admit(account, address);
    if ('wait' in attempt) {
      // Not in the trail: a flood must not fill it, and the failures that led here are there.
      const detail = `too many failed logins; try again in ${attempt.wait} s`;
      throw new Refused('too-many-attempts', detail, { retryAfter: attempt.wait });
    }
    const user = users.active(account);
    if (!(await hasher.verify(user?.passwordHash ?? null, password)) || user === null) {
      audit(account, 'session.refused', account, {}, address);
      throw new Refused('wrong-credentials', 'name or password is wrong');
    }
    attempt.succeeded();
    audit(account, 'session.create', account, {}, address);
    return sessions.start(account);
  }
}
