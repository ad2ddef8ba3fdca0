import { float8Array, int2Array, int4Array, timestamptzArray } from './array-parameter.ts';
import type { Session } from './database.ts';
import type { SampleRows } from './sample-rows.ts';

const COLUMNS =
  'unnest($1::int[], $2::timestamptz[], $3::float8[], $4::int2[]) as given (series_id, time, value, quality)';

/**
 * For rows that cannot be there. Asking row by row whether they are costs the database more than a third of its time.
 * A row that is there all the same (another hub wrote it) ends the transaction with a unique violation.
 */
const INSERT_FRESH = `insert into sample (series_id, time, value, quality)
  select series_id, time, value, quality from ${COLUMNS}`;

const INSERT = `insert into sample (series_id, time, value, quality)
  select series_id, time, value, quality from ${COLUMNS}
  on conflict do nothing`;

/** The bounds let TimescaleDB leave out all other chunks. */
const MATCHING = 's.series_id = given.series_id and s.time = given.time and s.time >= $5 and s.time <= $6';

const CORRECT = `update sample s set value = given.value, quality = given.quality
  from ${COLUMNS}
  where ${MATCHING} and s.value is distinct from given.value`;

/**
 * What an insert left out though nothing stands in its place. Some releases stop at the first conflict within a
 * compressed chunk (timescaledb#7672), and rows of a replay would be lost.
 */
const INSERT_MISSING = `insert into sample (series_id, time, value, quality)
  select series_id, time, value, quality from ${COLUMNS}
  where not exists (select from sample s where ${MATCHING})
  on conflict do nothing`;

/** A row below what the aggregates cover makes them stale from there. The lock orders this before their next refresh. */
const MARK_STALE = `with state as (select covered_until, dirty_from from aggregate_state for share)
  update aggregate_state set dirty_from = $1 from state
  where $1::timestamptz < state.covered_until and $1 < coalesce(state.dirty_from, 'infinity')`;

/** Writes the rows and returns how many of them replaced another value of the same instant. */
export async function writeSamples(
  session: Session,
  rows: SampleRows,
): Promise<{ stored: number; corrections: number }> {
  if (rows.length === 0) return { stored: 0, corrections: 0 };
  const columns = [
    int4Array(rows.seriesId, rows.length),
    timestamptzArray(rows.time, rows.length),
    float8Array(rows.value, rows.length),
    int2Array(rows.quality, rows.length),
  ];
  const inserted = await session.query(rows.fresh ? INSERT_FRESH : INSERT, columns);
  let stored = inserted.count;
  let corrections = 0;
  if (inserted.count < rows.length) {
    const bounded = [...columns, new Date(rows.earliest), new Date(Math.ceil(rows.latest))];
    stored += (await session.query(INSERT_MISSING, bounded)).count;
    corrections = (await session.query(CORRECT, bounded)).count;
  }
  await session.query(MARK_STALE, [new Date(rows.earliest)]);
  return { stored, corrections };
}
