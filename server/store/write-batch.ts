import type { Batch } from './batch.ts';
import type { Session } from './database.ts';
import type { RowBuilder, SampleRows, SeriesIds } from './sample-rows.ts';
import { unknownSeries } from './set-aside.ts';
import { writeEntries, writeQuarantine } from './write-entries.ts';
import { writeOutcomes } from './write-outcomes.ts';
import { writeSamples } from './write-samples.ts';

/** Where this hub's part of the database stands. */
export interface Standing {
  input: number;
  outcome: number;
  /** Whose positions these are. */
  journal: string;
}

export interface Written {
  readonly stored: number;
  readonly corrections: number;
  /** Series numbers that nobody declared; their samples were not written. */
  readonly unknown: ReadonlySet<number>;
  readonly rows: SampleRows;
}

/** Everything of one transaction but its begin and commit: rows and positions, or neither. */
export async function writeBatch(
  session: Session,
  hub: string,
  standing: Standing,
  batch: Batch,
  ids: SeriesIds,
  builder: RowBuilder,
): Promise<Written> {
  await writeEntries(session, hub, batch.entries, ids);
  const rows = builder.build(batch.samples);
  const written = await writeSamples(session, rows);
  await writeQuarantine(
    session,
    [...rows.unknown].map((number) => unknownSeries(standing.journal, number, batch)),
  );
  await writeOutcomes(session, hub, standing.journal, batch.outcomes);
  const input = batch.input ?? standing.input;
  const outcome = batch.outcome ?? standing.outcome;
  if (input !== standing.input || outcome !== standing.outcome) {
    await savePosition(session, hub, { ...standing, input, outcome });
  }
  return { ...written, unknown: rows.unknown, rows };
}

async function savePosition(session: Session, hub: string, standing: Standing): Promise<void> {
  await session.query(
    `insert into log_position (hub, input, outcome, journal) values ($1, $2, $3, $4)
     on conflict (hub) do update set input = excluded.input, outcome = excluded.outcome, journal = excluded.journal`,
    [hub, standing.input, standing.outcome, standing.journal],
  );
}

/** Reads where this hub stands (null: nowhere yet), and under which numbers it speaks of its series. */
export async function loadStanding(session: Session, hub: string, ids: SeriesIds): Promise<Standing | null> {
  const { rows } = await session.query<{ input: number; outcome: number; journal: string }>(
    'select input::float8, outcome::float8, journal from log_position where hub = $1',
    [hub],
  );
  const known = await session.query<{ number: number; series_id: number }>(
    'select number, series_id from hub_series where hub = $1',
    [hub],
  );
  ids.clear();
  for (const row of known.rows) ids.set(row.number, row.series_id);
  return rows[0] ?? null;
}
