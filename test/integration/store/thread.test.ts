import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { startEmbeddedDatabase } from '../../../server/embedded/database.ts';
import type { Store, startStore } from '../../../server/store/start.ts';
import { makeSeries, T0, TestJournal, until } from './store-fixture.ts';

// Threads run compiled files only: `npm test` builds first, by hand it is `npm run build:server`.
const dist = new URL('../../../dist/server/', import.meta.url);
const { startStore: start } = (await import(new URL('store/start.js', dist).href)) as { startStore: typeof startStore };
const { startEmbeddedDatabase: startDatabase } = (await import(new URL('embedded/database.js', dist).href)) as {
  startEmbeddedDatabase: typeof startEmbeddedDatabase;
};

let directory: string;
let journal: TestJournal;
let database: Awaited<ReturnType<typeof startDatabase>>;
let store: Store;
const open = () =>
  start({
    url: database.url,
    kind: 'embedded',
    hub: 'hub-1',
    journal: { module: new URL('journal/journal-reader.js', dist).href, path: journal.path },
    log: () => undefined,
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hub-test-thread-'));
  journal = await TestJournal.make();
  database = await startDatabase({ directory: join(directory, 'database') });
  store = await open();
});
afterAll(async () => {
  await store.close();
  await database.close();
  await journal.remove();
  await rm(directory, { recursive: true, force: true });
});

test('a notice is enough: samples arrive, the position is told, calls are answered across the thread', async () => {
  const positions: number[] = [];
  store.onPosition((status) => positions.push(status.inputPosition));
  const last = await journal.append([[1, T0, 4.5]], [{ kind: 'series', series: makeSeries(1) }]);
  store.notify();
  await until(() => store.status().inputPosition === last);
  expect(positions.at(-1)).toBe(last);
  expect(store.status()).toMatchObject({
    state: 'up',
    kind: 'embedded',
    rows: 1,
    version: expect.stringMatching(/TimescaleDB 2/),
  });
  const query = { id: makeSeries(1).id, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', limit: 5 };
  expect((await store.series.samples(query)).items).toEqual([
    { time: '2026-03-01T00:00:00.000Z', value: 4.5, quality: 'live' },
  ]);
  await expect(store.audit.list({ limit: 1, cursor: 'forged' })).rejects.toMatchObject({ code: 'bad-query' });
});

test('only the own account may come near the socket', async () => {
  expect((await stat(join(directory, 'database'))).mode & 0o077).toBe(0);
  expect(new URL(database.url.replace('@/', '@x/')).searchParams.get('host')).toBe(join(directory, 'database'));
});

test('a thread that ends is followed by another, which goes on where the database stands', async () => {
  await store.close();
  // A reader that lets the thread crash once, shortly after its start.
  const module = join(directory, 'crashing-reader.mjs');
  const crashed = join(directory, 'crashed');
  await writeFile(
    module,
    `import { existsSync, writeFileSync } from 'node:fs';
     export { openJournalReader } from '${new URL('journal/journal-reader.js', dist).href}';
     if (!existsSync('${crashed}')) setTimeout(() => { writeFileSync('${crashed}', ''); throw new Error('torn wire'); }, 300);`,
  );
  const states: string[] = [];
  const restarted = await start({
    url: database.url,
    kind: 'embedded',
    hub: 'hub-1',
    journal: { module, path: journal.path },
    log: () => undefined,
  });
  restarted.onStatus(({ state, reason }) => states.push(`${state}: ${reason}`));
  await until(() => states.includes('down: torn wire'));
  await until(() => restarted.status().state === 'up');
  const last = await journal.append([[1, T0 + 1000, 4.6]]);
  restarted.notify();
  await until(() => restarted.status().inputPosition === last);
  await restarted.close();
  store = await open();
});

test('both end in order, and the files open again with everything in them', async () => {
  await store.close();
  await expect(store.units.load()).rejects.toMatchObject({ code: 'store-closed' });
  await database.close();
  database = await startDatabase({ directory: join(directory, 'database') });
  store = await open();
  await until(() => store.status().state === 'up' && store.status().inputPosition > 0);
  expect(store.status().inputPosition).toBe(journal.journal.lastInput());
  expect((await store.series.list({ limit: 5 })).items).toHaveLength(1);
});

test('a directory that does not open is refused with what to do', async () => {
  const broken = join(directory, 'broken');
  await mkdir(join(broken, 'pgdata'), { recursive: true });
  await writeFile(join(broken, 'pgdata', 'PG_VERSION'), 'nonsense');
  const opening = startDatabase({ directory: broken });
  await expect(opening).rejects.toMatchObject({ code: 'embedded-database-unusable' });
  await expect(opening).rejects.toThrow(/rename this directory.*journal still holds/s);
});

test('a database whose thread ends by itself is opened again at the same address, with everything in it', async () => {
  const crashes: string[] = [];
  const threads: Worker[] = [];
  process.on('worker', (worker) => threads.push(worker));
  const path = join(directory, 'crashing');
  const fragile = await startDatabase({ directory: path, onCrash: (reason) => crashes.push(reason) });
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: fragile.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await query('create table kept as select 1 as x');
  // As an abort of the WASM code: no checkpoint, no farewell.
  await threads.at(-1)?.terminate();
  await until(() => crashes.length === 1);
  await expect(query('select 1')).rejects.toThrow();
  await until(() => threads.length === 2);
  await expect.poll(() => query('select x from kept').catch(() => null), { timeout: 20_000 }).toEqual([{ x: 1 }]);
  await fragile.close();
});
