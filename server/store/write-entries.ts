import type { Series } from '#contract/series.ts';
import type { PlacedEntry } from './batch.ts';
import type { Session } from './database.ts';
import type { SeriesIds } from './sample-rows.ts';

type Entry = PlacedEntry['entry'];
type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

/** Writes everything of the input log that is not a number: declarations, places, texts, events, what was set aside. */
export async function writeEntries(
  session: Session,
  hub: string,
  placed: readonly PlacedEntry[],
  ids: SeriesIds,
): Promise<void> {
  if (placed.length === 0) return;
  const of = <K extends Entry['kind']>(kind: K) =>
    placed.map(({ entry }) => entry).filter((entry): entry is EntryOf<K> => entry.kind === kind);
  const declared = of('series').map((entry) => entry.series);
  await declareSeries(session, hub, declared, ids);
  await putThings(
    session,
    of('thing').map((entry) => entry.thing),
  );
  await writeTexts(session, of('text'), ids);
  await writeEvents(
    session,
    of('event').map((entry) => entry.event),
  );
  await writeQuarantine(
    session,
    of('quarantine').map((entry) => entry.item),
  );
}

/** Makes sure that each series has a row, and remembers under which number this hub speaks of it. */
export async function declareSeries(
  session: Session,
  hub: string,
  series: readonly Series[],
  ids: SeriesIds,
): Promise<void> {
  if (series.length === 0) return;
  const given = JSON.stringify(series);
  // Not an upsert: that would burn a number of the identity for each series already known.
  await session.query(
    `insert into series (uuid, unit, source, name, thing, quantity, uom)
     select id, unit, source, name, thing, quantity, uom
     from jsonb_to_recordset($1::jsonb)
       as given (id uuid, unit text, source text, name text, thing text, quantity text, uom text)
     where not exists (select from series s where s.uuid = given.id)
     on conflict do nothing`,
    [given],
  );
  const { rows } = await session.query<{ number: number; series_id: number }>(
    `insert into hub_series (hub, number, series_id)
     select distinct on (given.number) $2, given.number, s.id
     from jsonb_to_recordset($1::jsonb) as given (id uuid, number int) join series s on s.uuid = given.id
     on conflict (hub, number) do update set series_id = excluded.series_id
     returning number, series_id`,
    [given, hub],
  );
  for (const row of rows) ids.set(row.number, row.series_id);
}

interface ThingRow {
  readonly source: string;
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly position: readonly [number, number] | null;
}

/** The last description of each thing wins. */
export async function putThings(session: Session, things: readonly ThingRow[]): Promise<void> {
  if (things.length === 0) return;
  const last = new Map(things.map((thing) => [`${thing.source}\n${thing.id}`, thing]));
  const rows = [...last.values()].map(({ position, ...thing }) => ({
    ...thing,
    lon: position?.[0] ?? null,
    lat: position?.[1] ?? null,
  }));
  await session.query(
    `insert into thing (source, id, name, labels, lon, lat)
     select source, id, name, labels, lon, lat
     from jsonb_to_recordset($1::jsonb)
       as given (source text, id text, name text, labels jsonb, lon float8, lat float8)
     on conflict (source, id) do update
       set name = excluded.name, labels = excluded.labels, lon = excluded.lon, lat = excluded.lat`,
    [JSON.stringify(rows)],
  );
}

async function writeTexts(session: Session, texts: readonly EntryOf<'text'>[], ids: SeriesIds): Promise<void> {
  if (texts.length === 0) return;
  const last = new Map(
    texts
      .map((entry) => ({ series_id: ids.get(entry.series), time: timestamp(entry.time), value: entry.text }))
      .filter((row) => row.series_id !== 0)
      .map((row) => [`${row.series_id} ${row.time}`, row]),
  );
  await session.query(
    `insert into text_sample (series_id, time, value)
     select series_id, time, value
     from jsonb_to_recordset($1::jsonb) as given (series_id int, time timestamptz, value text)
     on conflict (series_id, time) do update set value = excluded.value`,
    [JSON.stringify([...last.values()])],
  );
}

async function writeEvents(session: Session, events: readonly EntryOf<'event'>['event'][]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ position, time, data, ...event }) => ({
    ...event,
    data: data ?? null,
    time: timestamp(time),
    lon: position?.[0] ?? null,
    lat: position?.[1] ?? null,
  }));
  await session.query(
    `insert into event (source, id, unit, type, thing, time, lon, lat, title, data)
     select source, id, unit, type, thing, time, lon, lat, title, coalesce(data, 'null')
     from jsonb_to_recordset($1::jsonb) as given (source text, id text, unit text, type text, thing text,
       time timestamptz, lon float8, lat float8, title text, data jsonb)
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

/** Items keep the id they got where they were set aside, so that writing them again changes nothing. */
export async function writeQuarantine(
  session: Session,
  items: readonly EntryOf<'quarantine'>['item'][],
): Promise<void> {
  if (items.length === 0) return;
  await session.query(
    `insert into quarantine (id, at, source, body)
     select item ->> 'id', (item ->> 'at')::timestamptz, item ->> 'source', item
     from jsonb_array_elements($1::jsonb) as given (item)
     on conflict do nothing`,
    [JSON.stringify(items)],
  );
}

/** Throws a RangeError for what no calendar holds; such a record is set aside like any other that cannot be stored. */
function timestamp(time: number): string {
  return new Date(time).toISOString();
}
