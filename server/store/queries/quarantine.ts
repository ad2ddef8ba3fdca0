import type { QuarantineItem } from '#contract/quarantine.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { boundedLimit, decodeCursor, encodeCursor, toPage } from './cursor.ts';

/** What could not be understood, newest first. */
export function quarantineQueries(database: Database): StoreCalls['quarantine'] {
  return {
    list: async ({ source, cursor, limit: asked }) => {
      const limit = boundedLimit(asked);
      const [at = null, id = null] = decodeCursor('quarantine', cursor, 2) ?? [];
      const { rows } = await database.read((session) =>
        session.query<{ id: string; at: Date; body: QuarantineItem }>(
          `select id, at, body from quarantine
           where ($1::text is null or source = $1) and ($2::timestamptz is null or (at, id) < ($2, $3))
           order by at desc, id desc limit ${limit + 1}`,
          [source ?? null, at, id],
        ),
      );
      return toPage(
        rows,
        limit,
        (row) => row.body,
        (last) => encodeCursor('quarantine', [last.at.toISOString(), last.id]),
      );
    },
  };
}
