import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnDatabase, StartDatabase } from '../../server/assembly/storage.ts';

const SOCKET = '.s.PGSQL.5432';

/** The real embedded database behind a wire that a test can cut: for the hub the server is gone, its files are not. */
export class BreakableDatabase {
  readonly #start: StartDatabase;
  #directory = '';
  #upstream = '';
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  constructor(start: StartDatabase) {
    this.#start = start;
  }

  readonly start: StartDatabase = async (options): Promise<OwnDatabase> => {
    const database = await this.#start(options);
    const url = new URL(database.url.replace('postgres://postgres@/', 'postgres://postgres@localhost/'));
    this.#upstream = join(url.searchParams.get('host') ?? '', SOCKET);
    this.#directory = await mkdtemp(join(tmpdir(), 'wire-'));
    await this.mend();
    return {
      url: `postgres://postgres@/postgres?host=${encodeURIComponent(this.#directory)}&port=5432`,
      close: async () => {
        await this.cut();
        await database.close();
        await rm(this.#directory, { recursive: true, force: true });
      },
    };
  };

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async mend(): Promise<void> {
    const path = join(this.#directory, SOCKET);
    await rm(path, { force: true });
    const server = createServer((client) => {
      const upstream = connect(this.#upstream);
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    this.#server = server;
  }
}
