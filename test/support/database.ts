import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveDatabase } from '../../server/embedded/database-server.ts';

export interface TestDatabase {
  readonly url: string;
  /** Ends the server; the files stay. */
  stop(): Promise<void>;
  /** Opens the same files again at the same address. */
  start(): Promise<void>;
  /** One statement in the server's only session: while nobody is in a transaction. */
  query<R>(text: string, values?: unknown[]): Promise<R[]>;
  /** As `query`, for several statements at once; the rows are those of the last. */
  execute<R>(text: string): Promise<R[]>;
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
    query: async <R>(text: string, values?: unknown[]) => {
      if (server === null) throw new Error('the test database is stopped');
      return (await server.db.query<R>(text, values)).rows;
    },
    execute: async <R>(text: string) => {
      if (server === null) throw new Error('the test database is stopped');
      return ((await server.db.exec(text)).at(-1)?.rows ?? []) as R[];
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
