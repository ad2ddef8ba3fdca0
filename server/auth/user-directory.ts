import type { NewUser, User } from '#contract/people.ts';
import type { UserRecord } from '#contract/records.ts';
import type { Audit, Caller } from './caller.ts';
import type { PasswordHasher } from './password.ts';
import { UNIT_ROLES } from './policy.ts';
import type { IdentityStore } from './ports.ts';
import { Refused, refuseField } from './refusal.ts';

export interface UserDirectoryOptions {
  readonly store: Pick<IdentityStore, 'createUser' | 'setPassword'>;
  readonly hasher: PasswordHasher;
  readonly unitExists: (unit: string) => boolean;
  readonly audit: Audit;
}

/** People, in memory as in the database: a write goes to the database first, so memory never knows more. */
export class UserDirectory {
  readonly #store: UserDirectoryOptions['store'];
  readonly #hasher: PasswordHasher;
  readonly #unitExists: (unit: string) => boolean;
  readonly #audit: Audit;
  readonly #users = new Map<string, UserRecord>();
  /** Names being created: two requests for one name must not both reach the database. */
  readonly #creating = new Set<string>();

  constructor(options: UserDirectoryOptions) {
    this.#store = options.store;
    this.#hasher = options.hasher;
    this.#unitExists = options.unitExists;
    this.#audit = options.audit;
  }

  restore(users: readonly UserRecord[]): void {
    for (const user of users) this.#users.set(user.username, user);
  }

  /** @returns the user unless unknown or disabled. */
  active(username: string): UserRecord | null {
    const user = this.#users.get(username);
    return user && !user.disabled ? user : null;
  }

  get hasAdministrator(): boolean {
    for (const user of this.#users.values()) if (user.role === 'administrator' && !user.disabled) return true;
    return false;
  }

  /** @param units confines to people of these units; null: all. @returns sorted by username. */
  list(units: readonly string[] | null): User[] {
    return [...this.#users.values()]
      .filter((user) => units === null || (user.unit !== null && units.includes(user.unit)))
      .map(publicUser)
      .sort((a, b) => (a.username < b.username ? -1 : 1));
  }

  /** @throws Refused `conflict` or `invalid-request`; what the store throws */
  async create(user: NewUser, by: Caller | string): Promise<User> {
    const unit = user.unit ?? null;
    if (unit !== null && !this.#unitExists(unit)) throw refuseField('/unit', `there is no unit "${unit}"`);
    if (unit === null && UNIT_ROLES.includes(user.role)) {
      throw refuseField('/unit', `the role ${user.role} acts for a unit: name it`);
    }
    if (this.#users.has(user.username) || this.#creating.has(user.username)) {
      throw new Refused('conflict', `there is a user "${user.username}" already`);
    }
    this.#creating.add(user.username);
    try {
      const record: UserRecord = {
        username: user.username,
        name: user.name.normalize('NFC'),
        role: user.role,
        unit,
        passwordHash: await this.#hasher.hash(user.password),
        disabled: false,
      };
      await this.#store.createUser(record);
      this.#users.set(record.username, record);
      this.#audit(by, 'user.create', record.username, { role: record.role, unit });
      return publicUser(record);
    } finally {
      this.#creating.delete(user.username);
    }
  }

  /** @throws Refused `invalid-request` when `current` is not the password; what the store throws */
  async changePassword(username: string, current: string, next: string, by: Caller): Promise<void> {
    const user = this.active(username);
    if (!(await this.#hasher.verify(user?.passwordHash ?? null, current)) || user === null) {
      this.#audit(by, 'user.password-refused', username);
      // Not `wrong-credentials`: pages take a 401 for the end of the session.
      throw refuseField('/current', 'is not the current password');
    }
    const passwordHash = await this.#hasher.hash(next);
    await this.#store.setPassword(username, passwordHash);
    this.#users.set(username, { ...user, passwordHash });
    this.#audit(by, 'user.password', username);
  }
}

export function publicUser(user: UserRecord): User {
  return { username: user.username, name: user.name, role: user.role, unit: user.unit };
}
