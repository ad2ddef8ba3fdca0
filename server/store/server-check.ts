import type { Session, StoreKind } from './database.ts';
import { failureKind, reasonOf, StoreRefused } from './errors.ts';

const NEEDED = [2, 14] as const;
/** Few large chunks inside the process: one file set a week, where a server has one a day. */
const EMBEDDED_CHUNK = '7 days';

/**
 * Loads TimescaleDB and looks whether this server can be relied on. Returns its version for the status line.
 * Throws {@link StoreRefused} for a server without TimescaleDB 2.14, or one that does not write to disk before it
 * answers (`fsync` or `full_page_writes` off): what it calls committed would not survive a power cut.
 */
export async function checkServer(session: Session, kind: StoreKind): Promise<string> {
  const unsafe = kind === 'external' ? await unsafeSettings(session) : null;
  if (unsafe !== null) throw new StoreRefused(unsafe);
  try {
    await session.query('create extension if not exists timescaledb');
  } catch (error) {
    if (failureKind(error) === 'connection') throw error;
    throw new StoreRefused(cannotLoad(reasonOf(error)));
  }
  const { rows } = await session.query<{ server: string; extension: string }>(
    `select current_setting('server_version') as server, extversion as extension
     from pg_extension where extname = 'timescaledb'`,
  );
  const { server, extension } = rows[0]!;
  if (!isNewEnough(extension)) throw new StoreRefused(tooOld(extension));
  return `PostgreSQL ${server}, TimescaleDB ${extension}`;
}

/** What {@link checkServer} would refuse, without changing anything. */
export async function findProblems(session: Session): Promise<{ problems: string[]; version: string }> {
  const unsafe = await unsafeSettings(session);
  const { rows } = await session.query<{ server: string; extension: string | null }>(
    `select current_setting('server_version') as server,
       (select coalesce(installed_version, default_version) from pg_available_extensions where name = 'timescaledb')
         as extension`,
  );
  const { server, extension } = rows[0]!;
  const problems = unsafe === null ? [] : [unsafe];
  if (extension === null) problems.push(cannotLoad('the extension is not installed on the server'));
  else if (!isNewEnough(extension)) problems.push(tooOld(extension));
  return { problems, version: `PostgreSQL ${server}, TimescaleDB ${extension ?? 'missing'}` };
}

/** Sets what depends on the kind of server and so cannot be part of a migration. */
export async function tuneStorage(session: Session, kind: StoreKind): Promise<void> {
  if (kind === 'embedded')
    await session.query(`select set_chunk_time_interval('sample', interval '${EMBEDDED_CHUNK}')`);
}

const cannotLoad = (reason: string) =>
  `The database server cannot load TimescaleDB: ${reason}. Install TimescaleDB ${NEEDED.join('.')} or newer, add it to ` +
  'shared_preload_libraries, restart the server, and let the database owner run CREATE EXTENSION timescaledb.';

const tooOld = (version: string) =>
  `The database has TimescaleDB ${version}; the hub needs ${NEEDED.join('.')} or newer. ` +
  'Upgrade the package, then run ALTER EXTENSION timescaledb UPDATE in this database.';

async function unsafeSettings(session: Session): Promise<string | null> {
  const { rows } = await session.query<{ name: string }>(
    `select name from pg_settings where name in ('fsync', 'full_page_writes') and setting = 'off' order by name`,
  );
  if (rows.length === 0) return null;
  const names = rows.map((row) => row.name).join(' and ');
  return (
    `The database server runs with ${names} = off: what it calls committed can be lost or torn in a power cut. ` +
    `Set ${names} = on in postgresql.conf and reload the server.`
  );
}

/** `2.23.0-dev` counts as 2.23. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}
