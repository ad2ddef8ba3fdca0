import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Auth } from '../auth/auth.ts';
import { ensureFirstAdministrator } from '../auth/first-administrator.ts';
import type { HubConfig } from '../config/hub-config.ts';
import { isSecure, type Settings } from '../config/settings.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../observe/logger.ts';
import type { Store } from '../store/start.ts';
import { type Account, type Demo, ensureDemoAccounts } from './demo.ts';

export interface IdentityOptions {
  readonly settings: Settings;
  readonly config: () => HubConfig;
  readonly store: Store;
  readonly journal: Journal;
  readonly demo: Demo | null;
  readonly now: () => number;
  readonly log: Logger;
}

/** An account made at this start; the password is null when it was given in the environment. */
export type NewAccount = Pick<Account, 'username' | 'role'> & { readonly password: string | null };

export const INITIAL_PASSWORD_FILE = 'initial-admin-password';

/** Loads who may enter, and makes the first accounts where there are none. */
export async function openIdentity(options: IdentityOptions): Promise<{ auth: Auth; accounts: readonly NewAccount[] }> {
  const { settings, config, store, journal, demo, now, log } = options;
  const auth = new Auth({
    identity: store.identity,
    units: store.units,
    sources: store.sources,
    trail: { record: (entry) => void journal.appendOutcome([{ kind: 'audit', entry }]) },
    log,
    now,
    secure: isSecure(settings),
    publicUrl: settings.http.publicUrl,
    wallExists: (wall) => config().walls.has(wall),
  });
  await auth.load();
  configureIdentity(auth, config(), demo);
  const accounts: NewAccount[] = [];
  const first = await ensureFirstAdministrator({
    users: auth.users,
    password: settings.adminPassword,
    keep: (password) =>
      writeFile(join(settings.dataDir, INITIAL_PASSWORD_FILE), `${password}\n`, { mode: 0o600, flag: 'w' }),
  });
  if (first) accounts.push({ ...first, role: 'administrator' });
  if (demo) accounts.push(...(await ensureDemoAccounts(auth.users, settings.dataDir)));
  return { auth, accounts };
}

/** Takes units and sources of the configuration over, at start and after a reload. */
export function configureIdentity(auth: Auth, config: HubConfig, demo: Demo | null): void {
  auth.units.configure(config.units);
  auth.sources.configure([...config.sources.map(({ source }) => source), ...(demo?.sources ?? [])]);
}
