import type { Labels } from '#contract/series.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { putThings } from '../write-entries.ts';
import { toPosition } from './columns.ts';

type ThingRow = { source: string; id: string; name: string; labels: Labels; lon: number | null; lat: number | null };

/** What has a place and measures. */
export function thingQueries(database: Database): StoreCalls['things'] {
  return {
    load: () =>
      database.read(async (session) => {
        const { rows } = await session.query<ThingRow>('select * from thing order by source, id');
        return rows.map(({ lon, lat, ...thing }) => ({ ...thing, position: toPosition(lon, lat) }));
      }),
    put: (things) => database.transaction('read', (session) => putThings(session, things)),
  };
}
