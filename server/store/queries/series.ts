import type { Labels } from '#contract/series.ts';
import type { Database } from '../database.ts';
import type { SeriesQuery, SeriesRow, StoreCalls } from '../surface.ts';
import { toPosition } from './columns.ts';
import { boundedLimit, decodeCursor, encodeCursor, toPage } from './cursor.ts';
import { readSamples } from './samples.ts';

interface Found extends Record<string, unknown> {
  readonly uuid: string;
  readonly unit: string;
  readonly source: string;
  readonly name: string;
  readonly thing: string;
  readonly quantity: string;
  readonly uom: string | null;
  readonly thing_name: string | null;
  readonly labels: Labels | null;
  readonly lon: number | null;
  readonly lat: number | null;
}

/** Which series there are, and what they hold. */
export function seriesQueries(database: Database): StoreCalls['series'] {
  return {
    list: async (query) => {
      const limit = boundedLimit(query.limit);
      const { text, values } = seriesConditions(query);
      const { rows } = await database.read((session) =>
        session.query<Found>(
          `select s.uuid, s.unit, s.source, s.name, s.thing, s.quantity, s.uom, t.name as thing_name, t.lon, t.lat
           from series s left join thing t on t.source = s.source and t.id = s.thing
           ${text} order by s.source, s.name, s.uuid limit ${limit + 1}`,
          values,
        ),
      );
      return toPage(rows, limit, toSeries, (last) => encodeCursor('series', [last.source, last.name, last.uuid]));
    },
    samples: (query) => database.read((session) => readSamples(session, query)),
  };
}

function toSeries(row: Found): SeriesRow {
  return {
    id: row.uuid,
    unit: row.unit,
    source: row.source,
    name: row.name,
    thing: row.thing,
    quantity: row.quantity,
    uom: row.uom,
    position: toPosition(row.lon, row.lat),
    thingName: row.thing_name,
  };
}

function seriesConditions(query: SeriesQuery): { text: string; values: unknown[] } {
  const parts: string[] = [];
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  if (query.source !== undefined) parts.push(`s.source = ${place(query.source)}`);
  if (query.name !== undefined) parts.push(`s.name like ${place(likePattern(query.name))}`);
  if (query.thing !== undefined) parts.push(`s.thing = ${place(query.thing)}`);
  if (query.near !== undefined) {
    const [lon, lat, kilometres] = query.near;
    parts.push(`${greatCircle(place(lon), place(lat))} <= ${place(kilometres)}::float8`);
  }
  const after = decodeCursor('series', query.cursor, 3);
  if (after !== null) parts.push(`(s.source, s.name, s.uuid) > (${after.map(place).join(', ')})`);
  return { text: parts.length === 0 ? '' : `where ${parts.join(' and ')}`, values };
}

/** Haversine on a sphere of 6,371 km: within 0.5 % of the ellipsoid. Null, so never near, without a place. */
function greatCircle(lon: string, lat: string): string {
  return `2 * 6371 * asin(least(1, sqrt(
    sin(radians(t.lat - ${lat}::float8) / 2) ^ 2
    + cos(radians(t.lat)) * cos(radians(${lat}::float8)) * sin(radians(t.lon - ${lon}::float8) / 2) ^ 2)))`;
}

function likePattern(name: string): string {
  return name.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}
