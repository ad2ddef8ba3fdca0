import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../../../server/store/service.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';
import { caughtUp, makeSeries, serve, T0, TestJournal, until } from './store-fixture.ts';

let database: TestDatabase;
let journal: TestJournal;
let service: Service;
/** Each test has its own hub and series, on one database. */
let base = 0;
const one = () => makeSeries(base + 1);
const declared = (...numbers: number[]) =>
  numbers.map((number) => ({ kind: 'series', series: makeSeries(base + number) }) as const);
const start = () => serve(database.url, journal, { hub: `hub-${base}`, holder: `hub-${base}/test` });

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.remove());
beforeEach(async () => {
  base += 10;
  journal = await TestJournal.make();
  service = await start();
});
afterEach(async () => {
  await service.close();
  await journal.remove();
});

async function stored(number = 1): Promise<[time: string, value: number | null, quality: string][]> {
  const page = await service.calls.series.samples({
    id: makeSeries(base + number).id,
    from: '1970-01-01T00:00:00Z',
    to: '2100-01-01T00:00:00Z',
    limit: 1000,
  });
  return page.items.map(({ time, value, quality }) => [time, value, quality]);
}

describe('what the journal holds reaches the database', () => {
  test('samples of several series, in groups, with their quality', async () => {
    await journal.append([[base + 1, T0, 4.5]], declared(1, 2));
    const last = await journal.append([
      [base + 2, T0 + 1, -0.1],
      [base + 1, T0 + 1000, 4.75, 1],
    ]);
    await caughtUp(service, last);
    expect(await stored()).toEqual([
      ['2026-03-01T00:00:00.000Z', 4.5, 'live'],
      ['2026-03-01T00:00:01.000Z', 4.75, 'late'],
    ]);
    expect(await stored(2)).toEqual([['2026-03-01T00:00:00.001Z', -0.1, 'live']]);
    expect(service.status()).toMatchObject({ rows: 3, corrections: 0, setAside: 0, state: 'up', kind: 'embedded' });
  });

  test('a sample twice is one; another value for its instant corrects it and is counted', async () => {
    await journal.append([[base + 1, T0, 1]], declared(1));
    await journal.append([
      [base + 1, T0, 1],
      [base + 1, T0 + 5, 2],
    ]);
    await caughtUp(service, 2);
    expect(service.status()).toMatchObject({ rows: 2, corrections: 0 });
    await caughtUp(service, await journal.append([[base + 1, T0, 9]]));
    expect(service.status()).toMatchObject({ rows: 2, corrections: 1 });
    expect((await stored()).map(([, value]) => value)).toEqual([9, 2]);
  });

  test('within one group the last of an instant wins', async () => {
    const samples = [3, 1, 2].map((value) => [base + 1, T0, value] as const);
    await caughtUp(service, await journal.append(samples, declared(1)));
    expect(await stored()).toEqual([['2026-03-01T00:00:00.000Z', 2, 'live']]);
  });

  test('a group larger than a transaction is written whole', async () => {
    const samples = Array.from({ length: 12_345 }, (_, i) => [base + 1, T0 + i, i] as const);
    await caughtUp(service, await journal.append(samples, declared(1)));
    expect(service.status().rows).toBe(12_345);
  });
});

describe('exactly once', () => {
  test('a restart goes on from the position in the database', async () => {
    await caughtUp(service, await journal.append([[base + 1, T0, 1]], declared(1)));
    await service.close();
    await journal.append([[base + 1, T0 + 1, 2]]);
    service = await start();
    await caughtUp(service, 2);
    expect(service.status().rows).toBe(1);
    expect((await stored()).map(([, value]) => value)).toEqual([1, 2]);
  });

  test('a crash after rows but before their position would have been known repeats nothing', async () => {
    await caughtUp(service, await journal.append([[base + 1, T0, 1]], declared(1)));
    await service.close();
    // What a hub sees that never heard of its last commit: it stands before rows that are there already.
    await database.query('update log_position set input = 0 where hub = $1', [`hub-${base}`]);
    service = await start();
    await caughtUp(service, 1);
    expect(service.status()).toMatchObject({ rows: 0, corrections: 0 });
    expect(await stored()).toHaveLength(1);
  });

  test('a new journal is read from its beginning though the database stood further in the old one', async () => {
    await journal.append([[base + 1, T0, 1]], declared(1));
    await caughtUp(service, await journal.append([[base + 1, T0 + 1, 2]]));
    await service.close();
    await journal.remove();
    journal = await TestJournal.make();
    service = await start();
    await caughtUp(service, await journal.append([[base + 1, T0 + 2, 3]], declared(1)));
    expect((await stored()).map(([, value]) => value)).toEqual([1, 2, 3]);
  });
});

describe('a record that cannot be stored', () => {
  test('goes to quarantine with its reason; those around it are stored', async () => {
    const beyond = 9e15;
    const samples = [T0, beyond, T0 + 1].map((time, i) => [base + 1, time, i] as const);
    await caughtUp(service, await journal.append(samples, declared(1)));
    expect((await stored()).map(([, value]) => value)).toEqual([0, 2]);
    expect(service.status().setAside).toBe(1);
    const { items } = await service.calls.quarantine.list({ limit: 10 });
    expect(items.filter((item) => item.excerpt.includes(String(beyond)))).toMatchObject([{ reason: 'bad-value' }]);
  });

  test('an event with a character that PostgreSQL has no room for holds up nobody', async () => {
    const event = { unit: 'so-nnmt', source: 'gauges', type: 'report', thing: null, time: T0, position: null };
    const entries = ['good', 'bad\u0000', 'fine'].map(
      (title) => ({ kind: 'event', event: { ...event, id: `${base}-${title}`, title, data: {} } }) as const,
    );
    await caughtUp(service, await journal.append([[base + 1, T0, 1]], [...declared(1), ...entries]));
    const events = await service.calls.events.list({ types: ['report'], limit: 10 });
    expect(events.map((one) => one.title).sort()).toEqual(['fine', 'good']);
    expect(await stored()).toHaveLength(1);
    expect(service.status().setAside).toBe(1);
  });

  test('samples under a number that was never declared are named, once a series', async () => {
    const samples = [0, 1].map((i) => [base + 7, T0 + i, i] as const);
    await caughtUp(service, await journal.append([...samples, [base + 1, T0, 5]], declared(1)));
    expect(await stored()).toHaveLength(1);
    const { items } = await service.calls.quarantine.list({ limit: 100 });
    expect(items.filter((item) => item.excerpt.includes(`"series":${base + 7},`))).toHaveLength(1);
  });

  test('the registry at start makes up for declarations that were trimmed', async () => {
    await service.close();
    service = await serve(database.url, journal, { hub: `hub-${base}`, series: [one()] });
    await caughtUp(service, await journal.append([[base + 1, T0, 5]]));
    expect(await stored()).toHaveLength(1);
  });
});

test('an outage only delays: queries fail at once, the writer goes on where it was', async () => {
  await caughtUp(service, await journal.append([[base + 1, T0, 1]], declared(1)));
  await database.stop();
  await journal.append([[base + 1, T0 + 1, 2]]);
  service.notify();
  await until(() => service.status().state === 'down');
  expect(service.status().reason).not.toBe('');
  const began = performance.now();
  await expect(service.calls.units.load()).rejects.toMatchObject({ code: 'store-down' });
  expect(performance.now() - began).toBeLessThan(50);
  await database.start();
  await until(() => service.status().state === 'up');
  await caughtUp(service, 2);
  expect((await stored()).map(([, value]) => value)).toEqual([1, 2]);
});
