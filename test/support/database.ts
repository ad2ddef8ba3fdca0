import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { serveDatabase } from '../../server/embedded/database-server.ts';

export interface TestDatabase {
  readonly url: string;
  /** Ends the server; the files stay. */
  stop(): Promise<void>;
  /** Opens the same files again at the same address. */
  start(): Promise<void>;
  /** One statement on a connection of its own. The database has a single session: only while nobody is in a transaction. */
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  remove(): Promise<void>;
}

/** A real TimescaleDB in this process, in a directory of its own. Takes about three seconds: share one in a file. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'hub-test-db-'));
  const files = { dataDir: join(directory, 'pgdata'), socketPath: join(directory, '.s.PGSQL.5432') };
  const url = `postgres://postgres@/postgres?host=${encodeURIComponent(directory)}&port=5432`;
  let server: Awaited<ReturnType<typeof serveDatabase>> | null = await serveDatabase(files);
  const stop = async () => {
    await server?.close();
    server = null;
  };
  return {
    url,
    stop,
    start: async () => {
      server = await serveDatabase(files);
    },
    query: async <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<R>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
