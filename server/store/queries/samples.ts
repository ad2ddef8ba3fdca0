import type { Page } from '#contract/primitives.ts';
import { SampleFlag } from '#contract/sample-batch.ts';
import type { SamplePoint } from '#contract/series.ts';
import type { Row, Session } from '../database.ts';
import { BadQuery } from '../errors.ts';
import type { SampleFunction, SampleQuery } from '../surface.ts';
import { boundedLimit, decodeCursor, encodeCursor, toPage } from './cursor.ts';

const MOST = 10_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Point extends Row {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly value: number;
  readonly quality: number;
}

/** Columns of the partial aggregates; each function combines them over a bucket. */
const FUNCTIONS: Readonly<Record<SampleFunction, string>> = {
  avg: 'sum(sum) / sum(count)',
  min: 'min(min)',
  max: 'max(max)',
  sum: 'sum(sum)',
  count: 'sum(count)::float8',
  last: 'last(last, at)',
};

/** Samples or buckets of one series, oldest first; of an unknown series, none. */
export async function readSamples(session: Session, query: SampleQuery): Promise<Page<SamplePoint>> {
  const from = instant(query.from, 'from');
  const to = instant(query.to, 'to');
  const limit = boundedLimit(query.limit, MOST);
  const [after] = decodeCursor('samples', query.cursor, 1) ?? [];
  if (after !== undefined && typeof after !== 'number') throw new BadQuery('this cursor is not one of samples');
  const series = await findSeries(session, query.id);
  if (series === null) return { items: [], nextCursor: null };
  const rows =
    query.bucket === undefined
      ? await rawSamples(session, series.id, from, to, after, limit)
      : await buckets(session, series, query.bucket, query.fn ?? 'avg', from, to, after, limit);
  return toPage(rows, limit, toPoint, (last) => encodeCursor('samples', [last.time]));
}

function toPoint(row: Point): SamplePoint {
  return {
    time: new Date(row.time).toISOString(),
    value: Number.isFinite(row.value) ? row.value : null,
    quality: (row.quality & SampleFlag.historical) === 0 ? 'live' : 'late',
  };
}

interface FoundSeries extends Row {
  readonly id: number;
  /** Until here the aggregates hold every sample; from here only the samples themselves do. Milliseconds. */
  readonly trusted: number;
}

/** Both in one statement: the trusted bound must not be older than the rows read after it. */
async function findSeries(session: Session, id: string): Promise<FoundSeries | null> {
  if (!UUID.test(id)) return null;
  const { rows } = await session.query<FoundSeries>(
    `select s.id, (extract(epoch from least(a.covered_until, a.dirty_from, a.refreshing_from)) * 1000)::float8 as trusted
     from series s, aggregate_state a where s.uuid = $1`,
    [id],
  );
  return rows[0] ?? null;
}

const MILLISECONDS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

async function rawSamples(
  session: Session,
  series: number,
  from: number,
  to: number,
  after: number | undefined,
  limit: number,
): Promise<Point[]> {
  const { rows } = await session.query<Point>(
    `select ${MILLISECONDS('time')} as time, value, quality from sample
     where series_id = $1 and time >= $2 and time < $3 and time > $4 order by time limit ${limit + 1}`,
    [series, at(from), at(to), after === undefined ? '-infinity' : at(after)],
  );
  return rows;
}

/**
 * Whole minutes and hours come from the continuous aggregates as far as these are up to date; the edges of the span, and
 * everything from the first stale instant on, come from the samples. So a bucket is right the moment a sample is in.
 */
async function buckets(
  session: Session,
  series: FoundSeries,
  bucket: number,
  fn: SampleFunction,
  from: number,
  to: number,
  after: number | undefined,
  limit: number,
): Promise<Point[]> {
  if (!Number.isSafeInteger(bucket) || bucket < 1) throw new BadQuery('bucket is a whole number of milliseconds');
  const start = after === undefined ? from : Math.max(from, after + bucket);
  const [view, grain] = bucket % HOUR === 0 ? ['sample_hour', HOUR] : ['sample_minute', MINUTE];
  const aggregated = bucket % MINUTE === 0;
  const head = aggregated ? Math.min(Math.ceil(start / grain) * grain, to) : to;
  const tail = aggregated ? Math.max(Math.floor(Math.min(to, series.trusted) / grain) * grain, head) : to;
  const { rows } = await session.query<Point>(
    `with part as (
       select time_bucket($2::interval, time) as bucket, time as at, value as sum, 1::bigint as count,
         value as min, value as max, value as last, quality
       from sample where series_id = $1 and (time >= $3 and time < $4 or time >= $5 and time < $6)
       ${aggregated && tail > head ? partsOf(view) : ''}
     )
     select ${MILLISECONDS('bucket')} as time, ${FUNCTIONS[fn]} as value, bit_or(quality) as quality
     from part group by bucket order by bucket limit ${limit + 1}`,
    [series.id, `${bucket} milliseconds`, at(start), at(head), at(tail), at(to)],
  );
  return rows;
}

const partsOf = (view: string) => `union all
  select time_bucket($2::interval, bucket), bucket, sum, count, min, max, last, quality
  from ${view} where series_id = $1 and bucket >= $4 and bucket < $5`;

function at(time: number): Date {
  return new Date(time);
}

function instant(text: string, name: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new BadQuery(`${name} is a time after RFC 3339`);
  return time;
}
