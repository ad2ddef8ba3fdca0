import type { Database, Session } from './database.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** The newest samples are still coming in; what they change would have to be done again. */
const MARGIN = MINUTE;
const FIRST_STEP = HOUR;
const LONGEST_STEP = 30 * 24 * HOUR;
const QUICK = 50;
const SLOW = 200;

export interface Refresh {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Checked before and after each step; false ends the work where it is. */
  readonly goOn: (session: Session) => Promise<boolean>;
  /** A monotonic clock in milliseconds; steps grow and shrink by it. */
  readonly stopwatch: () => number;
}

/**
 * Brings both continuous aggregates up to the last whole minute but one, in steps short enough that the writer hardly
 * notices on a shared connection. Samples that arrive meanwhile mark themselves; a crash leaves the mark where it was.
 */
export async function refreshAggregates(database: Database, refresh: Refresh): Promise<void> {
  const until = Math.floor((refresh.now - MARGIN) / MINUTE) * MINUTE;
  const spans = await database.transaction('maintain', async (session) => {
    if (!(await refresh.goOn(session))) return [];
    return claim(session, until);
  });
  let step = FIRST_STEP;
  for (const [from, to] of spans) {
    for (let start = from; start < to; ) {
      const end = Math.min(start + step, to);
      const began = refresh.stopwatch();
      await materialise(database, start, end);
      if (!(await passed(database, refresh, end))) return;
      const took = refresh.stopwatch() - began;
      if (took < QUICK) step = Math.min(step * 2, LONGEST_STEP);
      else if (took > SLOW) step = Math.max(Math.floor(step / 2 / HOUR) * HOUR, HOUR);
      start = end;
    }
  }
  await database.transaction('maintain', async (session) => {
    if (await refresh.goOn(session)) await session.query('update aggregate_state set refreshing_from = null');
  });
}

/**
 * Decides what is to be done and says so in the state row. Its lock waits for writers that have looked at the row and
 * not committed; writers after it see the new bound, and mark what they put below it.
 */
async function claim(session: Session, until: number): Promise<[from: number, to: number][]> {
  const { rows } = await session.query<{ start: number; nothing: boolean }>(
    `select (extract(epoch from start) * 1000)::float8 as start, start >= $1 as nothing
     from (select least(covered_until, dirty_from, refreshing_from) as start from aggregate_state for update) as state`,
    [new Date(until)],
  );
  const { start, nothing } = rows[0]!;
  if (nothing) return [];
  await session.query(
    `update aggregate_state set covered_until = greatest(covered_until, $1), dirty_from = null,
       refreshing_from = least(covered_until, dirty_from, refreshing_from)`,
    [new Date(until)],
  );
  return spansWithData(session, Math.floor(start / HOUR) * HOUR, until);
}

/** Where there are chunks at all: between an archive of 2001 and today lie no steps. */
async function spansWithData(session: Session, from: number, until: number): Promise<[from: number, to: number][]> {
  const { rows } = await session.query<{ low: number; high: number }>(
    `select (extract(epoch from range_start) * 1000)::float8 as low, (extract(epoch from range_end) * 1000)::float8 as high
     from timescaledb_information.chunks where hypertable_schema = current_schema() and hypertable_name = 'sample'
     order by range_start`,
  );
  return rows
    .map(({ low, high }): [number, number] => [Math.max(low, from), Math.min(high, until)])
    .filter(([low, high]) => low < high);
}

/** The aggregates refuse a window without a whole bucket; the hour under way waits for its end. */
async function materialise(database: Database, from: number, to: number): Promise<void> {
  const call = (view: string, low: number, high: number) =>
    database.maintain((session) =>
      // Not in a transaction and without parameters: the procedure commits by itself.
      session.query(
        `call refresh_continuous_aggregate('${view}', '${new Date(low).toISOString()}', '${new Date(high).toISOString()}')`,
      ),
    );
  await call('sample_minute', from, to);
  const wholeHours = Math.floor(to / HOUR) * HOUR;
  const firstHour = Math.floor(from / HOUR) * HOUR;
  if (wholeHours > firstHour) await call('sample_hour', firstHour, wholeHours);
}

function passed(database: Database, refresh: Refresh, end: number): Promise<boolean> {
  return database.transaction('maintain', async (session) => {
    if (!(await refresh.goOn(session))) return false;
    await session.query('update aggregate_state set refreshing_from = $1', [new Date(end)]);
    return true;
  });
}
