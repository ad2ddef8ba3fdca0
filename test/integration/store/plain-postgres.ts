import { execFile, spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DEBIAN = '/usr/lib/postgresql';
const NOBODY = 65_534;

/** Where Debian keeps its newest PostgreSQL; null where there is none. */
export async function findPostgres(): Promise<string | null> {
  const versions = await readdir(DEBIAN).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  return newest === undefined ? null : join(DEBIAN, String(newest), 'bin');
}

/** A PostgreSQL without TimescaleDB, on a Unix socket, with the given settings. */
export async function startPostgres(
  binaries: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'hub-test-pg-'));
  // The server refuses to run as root; containers often have nobody else.
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (account.uid !== undefined) await chown(directory, NOBODY, NOBODY);
  const data = join(directory, 'data');
  const environment = { cwd: directory, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }, ...account };
  await promisify(execFile)(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    environment,
  );
  const options = Object.entries({ listen_addresses: '', unix_socket_directories: directory, ...settings });
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...environment, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((ready, fail) => {
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('ready to accept connections')) ready();
    });
    server.once('exit', () => fail(new Error(said)));
  });
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(directory)}&port=5432`,
    stop: async () => {
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
