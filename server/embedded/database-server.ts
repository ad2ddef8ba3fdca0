import { PGlite } from '@electric-sql/pglite';
import { timescaledb } from '@electric-sql/pglite/timescaledb';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * One connection is what PGlite can serve. The others are head-room for the moment in which a client that was cut off
 * is still being cleared away while its successor knocks; the store never opens two on purpose.
 */
const CONNECTIONS = 4;

/** Opens the files in `dataDir` and serves the PostgreSQL protocol on the Unix socket `socketPath`, in this thread. */
export async function serveDatabase(options: {
  dataDir: string;
  socketPath: string;
}): Promise<{ close(): Promise<void> }> {
  const db = await PGlite.create({ dataDir: options.dataDir, extensions: { timescaledb } });
  // Before any client: a reopened directory knows the extension but has not loaded it, and then refuses its options.
  await db.exec(`LOAD 'timescaledb'`);
  const server = new PGLiteSocketServer({ db, path: options.socketPath, maxConnections: CONNECTIONS });
  await server.start();
  return {
    close: async () => {
      await server.stop();
      // A failing checkpoint must not keep the hub from stopping: the write-ahead log holds what the files lack.
      await db.exec('CHECKPOINT').catch(() => undefined);
      await db.close().catch(() => undefined);
    },
  };
}
