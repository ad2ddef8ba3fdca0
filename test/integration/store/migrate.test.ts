import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row, Session } from '../../../server/store/database.ts';
import { migrate } from '../../../server/store/migrate.ts';
import type { Migration } from '../../../server/store/migrations/list.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let session: Session;
const first: Migration = { number: 1, name: 'one', sql: 'create table a (x int)' };
const second: Migration = { number: 2, name: 'two', sql: 'alter table a add y int; insert into a values (1, 2)' };

beforeAll(async () => {
  database = await startTestDatabase();
  session = {
    query: async <R extends Row>(text: string, values?: readonly unknown[]) => {
      // Several statements at once go only without parameters, on this server as through `pg`.
      const rows = values ? await database.query<R>(text, [...values]) : await database.execute<R>(text);
      return { rows, count: rows.length };
    },
  };
});
afterAll(() => database.remove());

const rows = () => database.query('select * from a');

test('each is applied once, in order, and only what is new', async () => {
  await migrate(session, [first]);
  expect(await rows()).toEqual([]);
  await migrate(session, [first, second]);
  await migrate(session, [first, second]);
  expect(await rows()).toEqual([{ x: 1, y: 2 }]);
  expect(await database.query('select number, name from schema_migrations order by number')).toEqual([
    { number: 1, name: 'one' },
    { number: 2, name: 'two' },
  ]);
});

test('one that fails leaves nothing behind', async () => {
  const third = { number: 3, name: 'three', sql: 'insert into a values (5, 5); select 1 / 0' };
  await expect(migrate(session, [first, second, third])).rejects.toThrow(/division by zero/);
  expect(await rows()).toEqual([{ x: 1, y: 2 }]);
});

test('a released one that was changed is refused', async () => {
  const changed = { ...first, sql: `${first.sql} ` };
  await expect(migrate(session, [changed, second])).rejects.toMatchObject({ code: 'store-refused' });
});

test('a database of a newer hub is refused', async () => {
  await expect(migrate(session, [first])).rejects.toThrow(/newer hub/);
});
