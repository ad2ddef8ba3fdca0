import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Service } from '../../../server/store/service.ts';
import type { SampleFunction } from '../../../server/store/surface.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';
import { caughtUp, makeSeries, type SampleTuple, serve, T0, TestJournal } from './store-fixture.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const series = makeSeries(1);

let database: TestDatabase;
let journal: TestJournal;
let service: Service;
let now = T0;
/** What the database ought to hold: time → value. The oracle adds it up by hand. */
const truth = new Map<number, number>();

beforeAll(async () => {
  database = await startTestDatabase();
  journal = await TestJournal.make();
  await journal.append([], [{ kind: 'series', series }]);
});
beforeEach(async () => {
  // A new service each time: an hour of its tidying has not passed, so every round tidies.
  service = await serve(database.url, journal, { now: () => now });
});
afterEach(() => service.close());
afterAll(async () => {
  await journal.remove();
  await database.remove();
});

async function write(samples: readonly (readonly [time: number, value: number])[]): Promise<void> {
  for (const [time, value] of samples) truth.set(time, value);
  await caughtUp(service, await journal.append(samples.map(([time, value]): SampleTuple => [1, time, value])));
}

const numbers = (from: number, step: number, count: number) =>
  Array.from({ length: count }, (_, i) => [from + i * step, (i * 7) % 101] as const);

async function buckets(
  from: number,
  to: number,
  bucket: number,
  fn: SampleFunction,
): Promise<[number, number | null][]> {
  const page = await service.calls.series.samples({
    id: series.id,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bucket,
    fn,
    limit: 10_000,
  });
  return page.items.map((point) => [Date.parse(point.time), point.value]);
}

function expected(from: number, to: number, bucket: number, fn: SampleFunction): [number, number][] {
  const groups = new Map<number, number[]>();
  for (const [time, value] of [...truth].sort(([a], [b]) => a - b)) {
    if (time < from || time >= to) continue;
    const start = Math.floor(time / bucket) * bucket;
    groups.set(start, [...(groups.get(start) ?? []), value]);
  }
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const fold: Record<SampleFunction, (values: number[]) => number> = {
    avg: (values) => sum(values) / values.length,
    sum,
    min: (values) => Math.min(...values),
    max: (values) => Math.max(...values),
    count: (values) => values.length,
    last: (values) => values.at(-1) ?? Number.NaN,
  };
  return [...groups].map(([start, values]) => [start, fold[fn](values)]);
}

/** Spans that begin and end inside minutes, so that edges are partial. */
async function agrees(from = T0 - 2 * DAY + 1234, to = T0 + 3 * HOUR + 4321): Promise<void> {
  for (const bucket of [30_000, MINUTE, 15 * MINUTE, HOUR]) {
    for (const fn of ['avg', 'min', 'max', 'sum', 'count', 'last'] as const) {
      expect(await buckets(from, to, bucket, fn), `${fn} over ${bucket}`).toEqual(expected(from, to, bucket, fn));
    }
  }
}

const state = () =>
  database.query<{ covered: Date; dirty: Date | null; refreshing: Date | null }>(
    'select covered_until as covered, dirty_from as dirty, refreshing_from as refreshing from aggregate_state',
  );

test('buckets are right before any aggregate, after a refresh, and at once after a late sample', async () => {
  await write(numbers(T0 - DAY, 17_000, 600));
  await write(numbers(T0, 10_000, 700));
  await agrees();

  now = T0 + 2 * HOUR;
  expect(await service.maintenance.round()).toBe(true);
  expect(await state()).toEqual([{ covered: new Date(now - MINUTE), dirty: null, refreshing: null }]);
  const [{ count }] = (await database.query<{ count: number }>('select count(*)::int from sample_hour')) as [
    { count: number },
  ];
  expect(count).toBeGreaterThan(3);
  await agrees();

  await write([
    [T0 - DAY + 500, 1000],
    [T0, -1000],
  ]);
  expect((await state())[0]?.dirty).toEqual(new Date(T0 - DAY + 500));
  await agrees();
  await service.maintenance.round();
  expect((await state())[0]?.dirty).toBeNull();
  await agrees();
});

test('minutes come from the aggregate as far as it is trusted: it is really asked', async () => {
  const [view] = await database.query<{ name: string }>(
    `select format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) as name
     from timescaledb_information.continuous_aggregates where view_name = 'sample_minute'`,
  );
  await database.query(`update ${view?.name} set max = 777 where bucket = $1`, [new Date(T0)]);
  expect(await buckets(T0, T0 + MINUTE, MINUTE, 'max')).toEqual([[T0, 777]]);
  // A correction makes the minute stale, so the samples themselves answer; the refresh then mends the aggregate.
  await write([[T0 + 10_000, 55]]);
  expect(await buckets(T0, T0 + MINUTE, MINUTE, 'max')).toEqual(expected(T0, T0 + MINUTE, MINUTE, 'max'));
  await service.maintenance.round();
  expect(await buckets(T0, T0 + MINUTE, MINUTE, 'max')).toEqual(expected(T0, T0 + MINUTE, MINUTE, 'max'));
});

test('old chunks are compressed; late rows, repeats and corrections still find their place in them', async () => {
  now = T0 + 20 * DAY;
  await service.maintenance.round();
  const chunks = () =>
    database.query<{ compressed: boolean; partly: boolean }>(
      `select c.status & 1 <> 0 as compressed, c.status & 8 <> 0 as partly
       from timescaledb_information.chunks i
       join _timescaledb_catalog.chunk c on c.schema_name = i.chunk_schema and c.table_name = i.chunk_name
       where i.hypertable_name = 'sample'`,
    );
  expect((await chunks()).every((chunk) => chunk.compressed && !chunk.partly)).toBe(true);

  const before = service.status();
  const repeats = [...truth].slice(0, 50);
  await write([...repeats, [T0 + 333, 42], [T0 + 20_000, 99], ...repeats.map(([time]) => [time + 1, 5] as const)]);
  expect(service.status().rows - before.rows).toBe(51);
  expect(service.status().corrections - before.corrections).toBe(1);
  await agrees();
  expect((await chunks()).some((chunk) => chunk.partly)).toBe(true);

  now += 2 * HOUR;
  await service.maintenance.round();
  expect((await chunks()).some((chunk) => chunk.partly)).toBe(false);
  await agrees();
});

test('one hub at a time does the work; it passes on when the first lets go', async () => {
  await service.maintenance.round();
  await database.query(`update lease set holder = 'hub-2/other', fence = fence + 1`);
  expect(await service.maintenance.round()).toBe(false);
  await database.query(`update lease set until = now() - interval '1 second'`);
  expect(await service.maintenance.round()).toBe(true);
  const [lease] = await database.query<{ holder: string; fence: number }>('select holder, fence::int from lease');
  expect(lease).toEqual({ holder: 'hub-1/test', fence: 3 });
});

test('samples go after their time, aggregates stay; what was imported lately stays too', async () => {
  // Chunks were made today by the machine's clock, whatever their samples' time.
  now = Date.now();
  await service.maintenance.round();
  expect((await buckets(T0, T0 + HOUR, 30_000, 'count')).length).toBeGreaterThan(0);
  await service.close();
  service = await serve(database.url, journal, { now: () => now });
  now = Date.now() + 401 * DAY;
  await service.maintenance.round();
  expect(await buckets(T0, T0 + HOUR, 30_000, 'count')).toEqual([]);
  expect(await buckets(T0, T0 + HOUR, HOUR, 'count')).toEqual(expected(T0, T0 + HOUR, HOUR, 'count'));
});
