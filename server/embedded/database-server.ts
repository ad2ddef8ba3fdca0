import { PGlite } from '@electric-sql/pglite';
import { timescaledb } from '@electric-sql/pglite/timescaledb';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * What PGlite can serve. With a second client the socket server mixes up whose transaction is open, and rolls back the
 * wrong one; so a second is turned away, also the successor of a broken one until that is cleared away.
 */
const CONNECTIONS = 1;

/**
 * Opens the files in `dataDir` and serves the PostgreSQL protocol on the Unix socket `socketPath`, in this thread. `db`
 * is the same single session: only while the client is idle.
 */
export async function serveDatabase(options: {
  dataDir: string;
  socketPath: string;
}): Promise<{ readonly db: PGlite; close(): Promise<void> }> {
  const db = await PGlite.create({ dataDir: options.dataDir, extensions: { timescaledb } });
  // Before any client: a reopened directory knows the extension but has not loaded it, and then refuses its options.
  await db.exec(`LOAD 'timescaledb'`);
  const server = new PGLiteSocketServer({ db, path: options.socketPath, maxConnections: CONNECTIONS });
  await server.start();
  return {
    db,
    close: async () => {
      await server.stop();
      // A failing checkpoint must not keep the hub from stopping: the write-ahead log holds what the files lack.
      await db.exec('CHECKPOINT').catch(() => undefined);
      await db.close().catch(() => undefined);
    },
  };
}
