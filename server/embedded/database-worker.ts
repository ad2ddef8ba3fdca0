import { parentPort, workerData } from 'node:worker_threads';
import { serveDatabase } from './database-server.ts';

/** What the starting side passes: where the files lie and where to listen. */
export interface DatabaseWorkerData {
  readonly dataDir: string;
  readonly socketPath: string;
}

export type DatabaseWorkerMessage = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: string };

/** Thread entry: WASM computes here, so it never blocks the sockets of the main thread. Any message means: close. */
async function run(port: NonNullable<typeof parentPort>, data: DatabaseWorkerData): Promise<void> {
  const tell = (message: DatabaseWorkerMessage) => port.postMessage(message);
  try {
    const server = await serveDatabase(data);
    port.once('message', () => void server.close().finally(() => port.close()));
    tell({ kind: 'ready' });
  } catch (error) {
    tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    port.close();
  }
}

if (parentPort !== null) await run(parentPort, workerData as DatabaseWorkerData);
