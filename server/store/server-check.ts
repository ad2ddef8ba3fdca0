import type { Session, StoreKind } from './database.ts';
import { failureKind, reasonOf, StoreRefused } from './errors.ts';

const NEEDED = [2, 14] as const;
/** Few large chunks inside the process: one file set a week, where a server has one a day. */
const EMBEDDED_CHUNK = '7 days';

/**
 * Looks whether this server can be relied on, and loads TimescaleDB. Returns its version for the status line.
 * Throws {@link StoreRefused} for a server without TimescaleDB 2.14, or one that does not write to disk before it
 * answers (`fsync` or `full_page_writes` off): what it calls committed would not survive a power cut.
 */
export async function checkServer(session: Session, kind: StoreKind): Promise<string> {
  if (kind === 'external') await refuseUnsafe(session);
  try {
    await session.query('create extension if not exists timescaledb');
  } catch (error) {
    if (failureKind(error) === 'connection') throw error;
    throw new StoreRefused(
      `The database server cannot load TimescaleDB: ${reasonOf(error)}. Install TimescaleDB 2.14 or newer, add it to ` +
        'shared_preload_libraries, restart the server, and let the database owner run CREATE EXTENSION timescaledb.',
    );
  }
  const { rows } = await session.query<{ server: string; extension: string }>(
    `select current_setting('server_version') as server, extversion as extension
     from pg_extension where extname = 'timescaledb'`,
  );
  const { server, extension } = rows[0]!;
  if (!isNewEnough(extension)) {
    throw new StoreRefused(
      `The database has TimescaleDB ${extension}; the hub needs ${NEEDED.join('.')} or newer. ` +
        'Upgrade the package, then run ALTER EXTENSION timescaledb UPDATE in this database.',
    );
  }
  return `PostgreSQL ${server}, TimescaleDB ${extension}`;
}

/** Sets what depends on the kind of server and so cannot be part of a migration. */
export async function tuneStorage(session: Session, kind: StoreKind): Promise<void> {
  if (kind === 'embedded')
    await session.query(`select set_chunk_time_interval('sample', interval '${EMBEDDED_CHUNK}')`);
}

async function refuseUnsafe(session: Session): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `select name from pg_settings where name in ('fsync', 'full_page_writes') and setting = 'off'`,
  );
  if (rows.length === 0) return;
  const names = rows.map((row) => row.name).join(' and ');
  throw new StoreRefused(
    `The database server runs with ${names} = off: what it calls committed can be lost or torn in a power cut. ` +
      `Set ${names} = on in postgresql.conf and reload the server.`,
  );
}

/** `2.23.0-dev` counts as 2.23. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}
