import { createHash } from 'node:crypto';
import type { Session } from './database.ts';
import { StoreRefused } from './errors.ts';
import { MIGRATIONS, type Migration } from './migrations/list.ts';

/** Any constant will do; it keeps two hubs from migrating one database at once. */
const MIGRATION_LOCK = 0x696f_6301;

const TABLE = `create table if not exists schema_migrations (
  number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`;

/**
 * Brings the schema up to this hub's version, each migration in a transaction of its own. Throws {@link StoreRefused}
 * if the database holds a migration that this hub does not know, or one whose text has changed since.
 */
export async function migrate(session: Session, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  for (;;) {
    await session.query('begin');
    try {
      await session.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await session.query(TABLE);
      // Read under the lock: another hub may have applied some while this one waited.
      const next = await nextMigration(session, migrations);
      if (next !== null) {
        await session.query(next.sql);
        const row = [next.number, next.name, checksum(next)];
        await session.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', row);
      }
      await session.query('commit');
      if (next === null) return;
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      throw error;
    }
  }
}

async function nextMigration(session: Session, migrations: readonly Migration[]): Promise<Migration | null> {
  const { rows } = await session.query<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from schema_migrations order by number',
  );
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const row of rows) {
    const migration = known.get(row.number);
    if (migration === undefined) {
      throw new StoreRefused(
        `The database has migration ${row.number} (${row.name}), which this hub does not know: it was used by a newer hub. ` +
          'Start that version, or restore a backup from before it.',
      );
    }
    if (checksum(migration) !== row.checksum) {
      throw new StoreRefused(
        `Migration ${row.number} (${row.name}) was applied to this database with another text than this hub has. ` +
          'Released migrations never change: install the unaltered version of the hub.',
      );
    }
  }
  return migrations.find((migration) => migration.number > (rows.at(-1)?.number ?? 0)) ?? null;
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
