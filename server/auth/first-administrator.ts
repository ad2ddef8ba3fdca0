import { generateSecret } from './secret.ts';
import type { UserDirectory } from './user-directory.ts';

export interface FirstAdministratorOptions {
  readonly users: UserDirectory;
  /** `HUB_ADMIN_PASSWORD`, null when unset. */
  readonly password: string | null;
  /** Keeps a generated password in the data directory, mode 0600; called before the account exists. */
  readonly keep: (password: string) => Promise<void>;
}

export const FIRST_ADMINISTRATOR = 'admin';

/**
 * Makes the first administrator if there is none. A later `HUB_ADMIN_PASSWORD` changes nothing: whoever can set the
 * environment must not quietly take over an account that is in use.
 * @returns what to print once: the generated password, or null when it was given; null altogether when one exists
 */
export async function ensureFirstAdministrator(
  options: FirstAdministratorOptions,
): Promise<{ readonly username: string; readonly password: string | null } | null> {
  const { users, keep } = options;
  if (users.hasAdministrator) return null;
  const generated = options.password === null ? generateSecret().slice(0, 20) : null;
  // Kept first: a crash in between leaves a file without an account, made again at the next start, never an account
  // that nobody can enter.
  if (generated !== null) await keep(generated);
  await users.create(
    {
      username: FIRST_ADMINISTRATOR,
      name: 'Quản trị hệ thống',
      role: 'administrator',
      password: generated ?? options.password ?? '',
    },
    'hub',
  );
  return { username: FIRST_ADMINISTRATOR, password: generated };
}
