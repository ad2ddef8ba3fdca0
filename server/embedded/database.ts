import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DatabaseWorkerData, DatabaseWorkerMessage } from './database-worker.ts';

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the closing zero included. */
const SOCKET_PATH_LIMIT = 100;
const PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${PORT}`;

export interface EmbeddedDatabase {
  /** For `pg`: a Unix socket in a directory that only the hub's own account may enter. */
  readonly url: string;
  /** Checkpoints, closes the files, ends the thread. Idempotent. */
  close(): Promise<void>;
}

/** The directory does not open; the message says how to mend it. */
export class EmbeddedDatabaseUnusable extends Error {
  readonly code = 'embedded-database-unusable';
}

/**
 * Starts PostgreSQL with TimescaleDB inside this process, in a thread of its own, persisted in `directory`.
 *
 * The caller holds the lock on the data directory: the database has none, and two owners destroy it. There is no
 * password; what keeps other accounts out is the mode (0700) of the socket's directory.
 * Rejects with {@link EmbeddedDatabaseUnusable} if the files cannot be opened.
 */
export async function startEmbeddedDatabase(options: { directory: string }): Promise<EmbeddedDatabase> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const socket = await socketDirectory(directory);
  const data: DatabaseWorkerData = { dataDir: join(directory, 'pgdata'), socketPath: join(socket.path, SOCKET_NAME) };
  // A socket file that a crash left behind would make `listen` fail; the lock says nobody uses it.
  await rm(data.socketPath, { force: true });
  const worker = new Worker(new URL(workerFile(import.meta.url), import.meta.url), { workerData: data });
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  try {
    await opened(worker, directory);
  } catch (error) {
    await worker.terminate();
    await socket.remove();
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(socket.path)}&port=${PORT}`,
    close: () => {
      closing ??= (async () => {
        worker.postMessage('close');
        await ended;
        await socket.remove();
      })();
      return closing;
    },
  };
}

/** The data directory itself, or a private one in the system's temporary directory where that path is too long. */
async function socketDirectory(directory: string): Promise<{ path: string; remove(): Promise<void> }> {
  if (Buffer.byteLength(join(directory, SOCKET_NAME)) <= SOCKET_PATH_LIMIT) {
    return { path: directory, remove: () => rm(join(directory, SOCKET_NAME), { force: true }) };
  }
  const path = await mkdtemp(join(tmpdir(), 'hub-db-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Beside this file: the compiled one where this is compiled, else the source. */
function workerFile(self: string): string {
  return self.endsWith('.ts') ? './database-worker.ts' : './database-worker.js';
}

function opened(worker: Worker, directory: string): Promise<void> {
  return new Promise((done, fail) => {
    const unusable = (reason: string) => fail(new EmbeddedDatabaseUnusable(mendingAdvice(directory, reason)));
    worker.on('error', (error) => unusable(error.message));
    worker.once('exit', () => unusable('its thread ended while opening'));
    worker.once('message', (message: DatabaseWorkerMessage) => {
      if (message.kind === 'failed') return unusable(message.reason);
      done();
    });
  });
}

function mendingAdvice(directory: string, reason: string): string {
  return (
    `The embedded database in ${directory} does not open: ${reason}. ` +
    `Stop the hub, rename this directory (for example to ${directory}.broken) and start again: a new database is made ` +
    'and filled with what the journal still holds. Samples older than the journal, accounts and units remain in the ' +
    'renamed directory. Where the data matter, set DATABASE_URL to a TimescaleDB server.'
  );
}
