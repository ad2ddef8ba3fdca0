import type { HubEvent } from '#contract/event.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { toPosition } from './columns.ts';
import { boundedLimit } from './cursor.ts';

type EventRow = Omit<HubEvent, 'time' | 'position'> & { time: Date; lon: number | null; lat: number | null };

/** What happened, newest first. */
export function eventQueries(database: Database): StoreCalls['events'] {
  return {
    list: ({ types, since, limit }) =>
      database.read(async (session) => {
        const { rows } = await session.query<EventRow>(
          `select id, unit, source, type, thing, time, lon, lat, title, data from event
           where ($1::text[] is null or type = any($1)) and ($2::timestamptz is null or time >= $2)
           order by time desc, source, id limit $3`,
          [types ?? null, since ?? null, boundedLimit(limit)],
        );
        return rows.map(({ lon, lat, time, ...event }) => ({
          ...event,
          time: time.getTime(),
          position: toPosition(lon, lat),
        }));
      }),
  };
}
