import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DatabaseWorkerData, DatabaseWorkerMessage } from './database-worker.ts';

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the closing zero included. */
const SOCKET_PATH_LIMIT = 100;
const PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${PORT}`;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 30_000;

export interface EmbeddedDatabaseOptions {
  /** Made when missing, with mode 0700. */
  readonly directory: string;
  /** Told when the thread ended by itself; it is opened again after a pause. */
  readonly onCrash?: (reason: string) => void;
}

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
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const socket = await socketDirectory(directory);
  const data: DatabaseWorkerData = { dataDir: join(directory, 'pgdata'), socketPath: join(socket.path, SOCKET_NAME) };
  const thread = new DatabaseThread(data, options.onCrash ?? (() => undefined));
  try {
    await thread.open();
  } catch (error) {
    await socket.remove();
    throw new EmbeddedDatabaseUnusable(mendingAdvice(directory, error instanceof Error ? error.message : `${error}`));
  }
  let closing: Promise<void> | undefined;
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(socket.path)}&port=${PORT}`,
    close: () => {
      closing ??= thread.close().then(() => socket.remove());
      return closing;
    },
  };
}

class DatabaseThread {
  readonly #data: DatabaseWorkerData;
  readonly #onCrash: (reason: string) => void;
  #worker: Worker | null = null;
  #ended: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(data: DatabaseWorkerData, onCrash: (reason: string) => void) {
    this.#data = data;
    this.#onCrash = onCrash;
  }

  /** Resolves when the socket listens. */
  async open(): Promise<void> {
    // A socket file that a crash left behind would make `listen` fail; the lock says nobody uses it.
    await rm(this.#data.socketPath, { force: true });
    // Without this process's own flags: the thread's files are compiled, whatever the process was told to resolve.
    const file = new URL(workerFile(import.meta.url), import.meta.url);
    const worker = new Worker(file, { workerData: this.#data, execArgv: [] });
    let reason = 'its thread ended';
    worker.on('error', (error) => {
      reason = error.message;
    });
    let opened = false;
    this.#ended = new Promise((done) => {
      worker.once('exit', () => {
        done();
        if (opened && !this.#closing) this.#crashed(reason, FIRST_RETRY);
      });
    });
    await new Promise<void>((done, fail) => {
      worker.once('exit', () => fail(new Error(reason)));
      worker.once('message', (message: DatabaseWorkerMessage) => {
        if (message.kind === 'ready') done();
        else reason = message.reason;
      });
    });
    opened = true;
    this.#worker = worker;
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    this.#worker?.postMessage('close');
    await this.#ended;
  }

  /** WASM can abort; the files are those of a killed server, which opens again. Meanwhile the store waits. */
  #crashed(reason: string, pause: number): void {
    this.#worker = null;
    this.#onCrash(reason);
    this.#retry = setTimeout(() => {
      this.open().catch((error: Error) => {
        if (!this.#closing) this.#crashed(error.message, Math.min(pause * 2, LAST_RETRY));
      });
    }, pause);
  }
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

function mendingAdvice(directory: string, reason: string): string {
  return (
    `The embedded database in ${directory} does not open: ${reason}. ` +
    `Stop the hub, rename this directory (for example to ${directory}.broken) and start again: a new database is made ` +
    'and filled with what the journal still holds. Samples older than the journal, accounts and units remain in the ' +
    'renamed directory. Where the data matter, set DATABASE_URL to a TimescaleDB server.'
  );
}
