import type { AuditEntry } from '#contract/records.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { iso } from './columns.ts';
import { boundedLimit, decodeCursor, encodeCursor, toPage } from './cursor.ts';

type AuditRow = Omit<AuditEntry, 'at' | 'from'> & {
  at: Date;
  origin: string | null;
  journal: string;
  position: number;
};

/** Who did what, newest first. */
export function auditQueries(database: Database): StoreCalls['audit'] {
  return {
    list: async ({ cursor, limit: asked }) => {
      const limit = boundedLimit(asked);
      const [at = null, journal = null, position = null] = decodeCursor('audit', cursor, 3) ?? [];
      const { rows } = await database.read((session) =>
        session.query<AuditRow>(
          `select at, actor, action, subject, origin, detail, journal, position::float8 from audit
           where $1::timestamptz is null or (at, journal, position) < ($1, $2::text, $3::bigint)
           order by at desc, journal desc, position desc limit ${limit + 1}`,
          [at, journal, position],
        ),
      );
      return toPage(rows, limit, toEntry, (last) => encodeCursor('audit', [iso(last.at), last.journal, last.position]));
    },
  };
}

function toEntry({ at, actor, action, subject, origin, detail }: AuditRow): AuditEntry {
  return { at: iso(at), actor, action, subject, from: origin, detail };
}
