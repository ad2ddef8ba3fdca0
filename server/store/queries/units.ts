import type { Unit } from '#contract/people.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';

/** Departments, communes, centres. */
export function unitQueries(database: Database): StoreCalls['units'] {
  return {
    load: () =>
      database.read(async (session) => {
        const { rows } = await session.query<Unit>('select id, kind, name, parent from unit order by id');
        return rows;
      }),
    create: (unit) =>
      database.read(async (session) => {
        const row = [unit.id, unit.kind, JSON.stringify(unit.name), unit.parent];
        await session.query('insert into unit (id, kind, name, parent) values ($1, $2, $3, $4)', row);
      }),
  };
}
