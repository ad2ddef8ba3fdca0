import type { Unit } from '#contract/people.ts';
import type {
  AuditEntry,
  CredentialRecord,
  SessionRecord,
  TokenRecord,
  UserRecord,
  WallScreenRecord,
} from '#contract/records.ts';
import type { Source } from '#contract/source.ts';

/** What this room needs of others; `app.ts` wires it. Stores reject while the database is down, or on a conflict. */

export interface IdentityStore {
  load(): Promise<{
    readonly users: readonly UserRecord[];
    readonly sessions: readonly SessionRecord[];
    readonly tokens: readonly TokenRecord[];
    readonly screens: readonly WallScreenRecord[];
  }>;
  createUser(user: UserRecord): Promise<unknown>;
  setPassword(username: string, hash: string): Promise<unknown>;
  createSession(session: SessionRecord): Promise<unknown>;
  deleteSession(hash: string): Promise<unknown>;
  createToken(token: TokenRecord): Promise<unknown>;
  deleteToken(id: string): Promise<unknown>;
  createScreen(screen: WallScreenRecord): Promise<unknown>;
  deleteScreen(id: string): Promise<unknown>;
}

export interface UnitStore {
  load(): Promise<readonly Unit[]>;
  create(unit: Unit): Promise<unknown>;
}

export interface SourceStore {
  load(): Promise<{ readonly sources: readonly Source[]; readonly credentials: readonly CredentialRecord[] }>;
  create(source: Source): Promise<unknown>;
  addCredential(credential: CredentialRecord): Promise<unknown>;
  deleteCredential(username: string): Promise<unknown>;
}

/** Who did what. Must not throw: an entry that cannot be kept is the trail's own alarm. */
export interface AuditTrail {
  record(entry: AuditEntry): void;
}

export interface AuthLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
