import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveDatabase } from '../../../server/embedded/database-server.ts';
import { inspectServer } from '../../../server/store/inspect.ts';
import { findPostgres, startPostgres } from './plain-postgres.ts';
import { serve, TestJournal } from './store-fixture.ts';

const binaries = await findPostgres();

/** Needs a PostgreSQL on this machine; there is none to be had from npm. */
const withPostgres = test.skipIf(binaries === null);

withPostgres('a server without TimescaleDB is refused, with the remedy', async () => {
  const server = await startPostgres(binaries ?? '');
  const journal = await TestJournal.make();
  try {
    const start = serve(server.url, journal, { kind: 'external' });
    await expect(start).rejects.toMatchObject({ code: 'store-refused' });
    await expect(start).rejects.toThrow(/TimescaleDB.*shared_preload_libraries/);
    const { problems } = await inspectServer(server.url);
    expect(problems).toEqual([expect.stringMatching(/cannot load TimescaleDB/)]);
  } finally {
    await journal.remove();
    await server.stop();
  }
});

withPostgres('a server that does not sync is refused by name of its setting', async () => {
  const server = await startPostgres(binaries ?? '', { fsync: 'off', full_page_writes: 'off' });
  const journal = await TestJournal.make();
  try {
    const start = serve(server.url, journal, { kind: 'external' });
    await expect(start).rejects.toThrow(/fsync and full_page_writes = off/);
    expect((await inspectServer(server.url)).problems).toHaveLength(2);
  } finally {
    await journal.remove();
    await server.stop();
  }
});

test('nobody at the address is an outage, not a refusal: the store starts and waits', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hub-test-nobody-'));
  const journal = await TestJournal.make();
  const url = `postgres://postgres@/postgres?host=${encodeURIComponent(directory)}&port=5432`;
  const service = await serve(url, journal, { kind: 'external' });
  expect(service.status()).toMatchObject({ state: 'down', kind: 'external' });
  await service.close();
  expect((await inspectServer(url)).problems).toEqual([expect.stringMatching(/does not answer/)]);
  await journal.remove();
  await rm(directory, { recursive: true });
});

test('a directory that is no database does not open', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hub-test-broken-'));
  await writeFile(join(directory, 'PG_VERSION'), 'nonsense');
  await expect(serveDatabase({ dataDir: directory, socketPath: join(directory, '.s.PGSQL.5432') })).rejects.toThrow();
  await rm(directory, { recursive: true });
});
