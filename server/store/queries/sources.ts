import type { Source } from '#contract/source.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { iso } from './columns.ts';

type SourceRow = Omit<Source, 'staleAfter'> & { stale_after: number };
type CredentialRow = { username: string; hash: string; source: string; created_at: Date };

/** Who supplies data, and under which credentials. */
export function sourceQueries(database: Database): StoreCalls['sources'] {
  return {
    load: () =>
      database.read(async (session) => {
        const sources = await session.query<SourceRow>('select * from source order by id');
        const credentials = await session.query<CredentialRow>('select * from credential order by username');
        return {
          sources: sources.rows.map(({ stale_after, ...source }) => ({ ...source, staleAfter: stale_after })),
          credentials: credentials.rows.map(({ created_at, ...credential }) => ({
            ...credential,
            createdAt: iso(created_at),
          })),
        };
      }),
    create: (source) =>
      database.read(async (session) => {
        await session.query(
          'insert into source (id, unit, name, decoder, stale_after, recorded) values ($1, $2, $3, $4, $5, $6)',
          [source.id, source.unit, source.name, source.decoder, source.staleAfter, source.recorded],
        );
      }),
    addCredential: (credential) =>
      database.read(async (session) => {
        await session.query('insert into credential (username, hash, source, created_at) values ($1, $2, $3, $4)', [
          credential.username,
          credential.hash,
          credential.source,
          credential.createdAt,
        ]);
      }),
    deleteCredential: (username) =>
      database.read(async (session) => {
        const { count } = await session.query('delete from credential where username = $1', [username]);
        return count > 0;
      }),
  };
}
