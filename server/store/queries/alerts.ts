import type { Alert, AlertChange } from '#contract/alert.ts';
import type { AlertFilter } from '#contract/live.ts';
import type { Database } from '../database.ts';
import { BadQuery } from '../errors.ts';
import type { StoreCalls } from '../surface.ts';
import { boundedLimit, decodeCursor, encodeCursor, toPage } from './cursor.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Alerts as they last stood, and how they came to it. */
export function alertQueries(database: Database): StoreCalls['alerts'] {
  return {
    list: async ({ filter, units, cursor, limit: asked }) => {
      const limit = boundedLimit(asked);
      const after = decodeCursor('alerts', cursor, 2);
      const where = alertConditions(filter, units, after);
      const { rows } = await database.read((session) =>
        session.query<{ body: Alert; id: string; starts_at: Date }>(
          `select body, id, starts_at from alert ${where.text} order by starts_at desc, id desc limit ${limit + 1}`,
          where.values,
        ),
      );
      return toPage(
        rows,
        limit,
        (row) => row.body,
        (last) => encodeCursor('alerts', [last.starts_at.toISOString(), last.id]),
      );
    },
    get: async (id) => {
      if (!UUID.test(id)) return null;
      const { rows } = await database.read((session) =>
        session.query<{ body: Alert }>('select body from alert where id = $1', [id]),
      );
      return rows[0]?.body ?? null;
    },
    history: async (id) => {
      if (!UUID.test(id)) return [];
      const { rows } = await database.read((session) =>
        session.query<{ body: AlertChange }>('select body from alert_change where alert_id = $1 order by at, seq', [
          id,
        ]),
      );
      return rows.map((row) => row.body);
    },
  };
}

/** The filter as SQL; it means what `alertMatcher` of the contract means, and a test holds the two together. */
function alertConditions(
  filter: AlertFilter,
  units: readonly string[] | null,
  after: readonly (string | number)[] | null,
): { text: string; values: unknown[] } {
  const parts: string[] = [];
  const values: unknown[] = [];
  const add = (part: (place: string) => string, value: unknown) => {
    values.push(value);
    parts.push(part(`$${values.length}`));
  };
  const oneOf = (column: string, list: string | undefined) => {
    if (!list) return;
    add(
      (place) => `${column} = any(${place}::text[])`,
      list.split(',').map((value) => value.trim()),
    );
  };
  oneOf('condition', filter.condition);
  oneOf('severity', filter.severity);
  oneOf('unit', filter.unit);
  oneOf('rule', filter.rule);
  if (units !== null) add((place) => `unit = any(${place}::text[])`, units);
  if (filter.area !== undefined) {
    const [west, south, east, north] = parseArea(filter.area).map((degrees) => `$${values.push(degrees)}::float8`);
    // West greater than east: the area crosses the antimeridian.
    parts.push(`lat between ${south} and ${north}`);
    parts.push(`(lon >= ${west} and (lon <= ${east} or ${west} > ${east}) or lon <= ${east} and ${west} > ${east})`);
  }
  if (filter.to !== undefined) add((place) => `starts_at < ${place}::timestamptz`, filter.to);
  if (filter.from !== undefined) {
    add((place) => `starts_at >= ${place}::timestamptz`, filter.from);
  }
  if (after !== null) {
    values.push(...after);
    parts.push(`(starts_at, id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  return { text: parts.length === 0 ? '' : `where ${parts.join(' and ')}`, values };
}

function parseArea(text: string): number[] {
  const area = text.split(',').map(Number);
  if (area.length !== 4 || !area.every(Number.isFinite)) throw new BadQuery('area is west,south,east,north in degrees');
  return area;
}
