import type { SessionRecord, TokenRecord, UserRecord, WallScreenRecord } from '#contract/records.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { iso, isoOrNull } from './columns.ts';

type UserRow = Omit<UserRecord, 'passwordHash'> & { password_hash: string };
type SessionRow = { hash: string; username: string; created_at: Date; expires_at: Date };
type TokenRow = Omit<TokenRecord, 'createdBy' | 'expiresAt'> & { created_by: string; expires_at: Date | null };
type ScreenRow = Omit<WallScreenRecord, 'pairedBy' | 'pairedAt'> & { paired_by: string; paired_at: Date };

/** People, sessions, tokens and paired screens. All are loaded at start; the rest are single-row writes. */
export function identityQueries(database: Database): StoreCalls['identity'] {
  const write = (text: string, values: readonly unknown[]) =>
    database.read((session) => session.query(text, values)).then((result) => result.count > 0);
  return {
    load: () =>
      database.read(async (session) => {
        const users = await session.query<UserRow>('select * from app_user order by username');
        const sessions = await session.query<SessionRow>('select * from session where expires_at > now()');
        const tokens = await session.query<TokenRow>('select * from token order by id');
        const screens = await session.query<ScreenRow>('select * from wall_screen order by id');
        return {
          users: users.rows.map(({ password_hash, ...user }) => ({ ...user, passwordHash: password_hash })),
          sessions: sessions.rows.map(toSession),
          tokens: tokens.rows.map(({ created_by, expires_at, ...token }) => ({
            ...token,
            createdBy: created_by,
            expiresAt: isoOrNull(expires_at),
          })),
          screens: screens.rows.map(({ paired_by, paired_at, ...screen }) => ({
            ...screen,
            pairedBy: paired_by,
            pairedAt: iso(paired_at),
          })),
        };
      }),
    createUser: async (user) => {
      await write(
        'insert into app_user (username, name, role, unit, password_hash, disabled) values ($1, $2, $3, $4, $5, $6)',
        [user.username, user.name, user.role, user.unit, user.passwordHash, user.disabled],
      );
    },
    setPassword: (username, hash) =>
      write('update app_user set password_hash = $2 where username = $1', [username, hash]),
    createSession: async (session) => {
      await write('insert into session (hash, username, created_at, expires_at) values ($1, $2, $3, $4)', [
        session.hash,
        session.username,
        session.createdAt,
        session.expiresAt,
      ]);
    },
    deleteSession: async (hash) => {
      await write('delete from session where hash = $1', [hash]);
    },
    createToken: async (token) => {
      await write(
        'insert into token (id, hash, name, role, unit, created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
        [token.id, token.hash, token.name, token.role, token.unit, token.createdBy, token.expiresAt],
      );
    },
    deleteToken: (id) => write('delete from token where id = $1', [id]),
    createScreen: async (screen) => {
      await write('insert into wall_screen (id, hash, wall, paired_by, paired_at) values ($1, $2, $3, $4, $5)', [
        screen.id,
        screen.hash,
        screen.wall,
        screen.pairedBy,
        screen.pairedAt,
      ]);
    },
    deleteScreen: (id) => write('delete from wall_screen where id = $1', [id]),
  };
}

function toSession(row: SessionRow): SessionRecord {
  return {
    hash: row.hash,
    username: row.username,
    createdAt: iso(row.created_at),
    expiresAt: iso(row.expires_at),
  };
}
