import type { Alert, AlertChange } from '#contract/alert.ts';
import type { HubEvent } from '#contract/event.ts';
import type { AlertFilter } from '#contract/live.ts';
import type { Unit } from '#contract/people.ts';
import type { Page } from '#contract/primitives.ts';
import type { Delivery } from '#contract/push.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type {
  AuditEntry,
  CredentialRecord,
  PushSubscriptionRecord,
  SessionRecord,
  TokenRecord,
  UserRecord,
  WallScreenRecord,
} from '#contract/records.ts';
import type { Position, SamplePoint, Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';

export interface PageRequest {
  /** At most 1,000; samples at most 10,000. */
  readonly limit: number;
  readonly cursor?: string;
}

export type SampleFunction = 'avg' | 'min' | 'max' | 'sum' | 'count' | 'last';

export interface SampleQuery extends PageRequest {
  /** Public series id. */
  readonly id: string;
  /** RFC 3339, inclusive. */
  readonly from: string;
  /** RFC 3339, exclusive. */
  readonly to: string;
  /** Milliseconds; without it the samples themselves. Buckets are aligned to the Unix epoch in UTC. */
  readonly bucket?: number;
  /** Default `avg`. */
  readonly fn?: SampleFunction;
}

export interface SeriesQuery extends PageRequest {
  readonly source?: string;
  /** `*` stands for any characters. */
  readonly name?: string;
  readonly thing?: string;
  /** Longitude, latitude, kilometres. */
  readonly near?: readonly [number, number, number];
}

export type SeriesRow = Omit<Series, 'number'> & {
  readonly position: Position | null;
  readonly thingName: string | null;
};

/**
 * What the database answers. Every call may reject with `StoreUnavailable`; those that create, with `Conflict`; those
 * with a cursor, with `BadQuery`.
 */
export interface StoreCalls {
  identity: {
    load(): Promise<{
      users: UserRecord[];
      sessions: SessionRecord[];
      tokens: TokenRecord[];
      screens: WallScreenRecord[];
    }>;
    createUser(user: UserRecord): Promise<void>;
    /** False if there is no such user. */
    setPassword(username: string, hash: string): Promise<boolean>;
    createSession(session: SessionRecord): Promise<void>;
    deleteSession(hash: string): Promise<void>;
    createToken(token: TokenRecord): Promise<void>;
    deleteToken(id: string): Promise<boolean>;
    createScreen(screen: WallScreenRecord): Promise<void>;
    deleteScreen(id: string): Promise<boolean>;
  };
  units: { load(): Promise<Unit[]>; create(unit: Unit): Promise<void> };
  sources: {
    load(): Promise<{ sources: Source[]; credentials: CredentialRecord[] }>;
    create(source: Source): Promise<void>;
    addCredential(credential: CredentialRecord): Promise<void>;
    deleteCredential(username: string): Promise<boolean>;
  };
  series: {
    list(query: SeriesQuery): Promise<Page<SeriesRow>>;
    samples(query: SampleQuery): Promise<Page<SamplePoint>>;
  };
  things: { load(): Promise<Thing[]>; put(things: readonly Thing[]): Promise<void> };
  alerts: {
    /** Newest start first. `units`: those the reader may see; null: all. */
    list(
      query: PageRequest & { readonly filter: AlertFilter; readonly units: readonly string[] | null },
    ): Promise<Page<Alert>>;
    get(id: string): Promise<Alert | null>;
    /** Oldest first. */
    history(id: string): Promise<AlertChange[]>;
  };
  quarantine: { list(query: PageRequest & { readonly source?: string }): Promise<Page<QuarantineItem>> };
  events: {
    /** Newest first. `since` RFC 3339, inclusive. */
    list(query: {
      readonly types?: readonly string[];
      readonly since?: string;
      readonly limit: number;
    }): Promise<HubEvent[]>;
  };
  push: {
    load(): Promise<PushSubscriptionRecord[]>;
    /** A browser that subscribes again, under whatever name, replaces its old record. */
    create(subscription: PushSubscriptionRecord): Promise<void>;
    delete(id: string): Promise<boolean>;
    deliveries(query: PageRequest & { readonly alert?: string }): Promise<Page<Delivery>>;
  };
  audit: { list(query: PageRequest): Promise<Page<AuditEntry>> };
}

/** The same names at run time: what main builds its client from, and all the worker will listen to. */
export const STORE_CALLS = {
  identity: [
    'load',
    'createUser',
    'setPassword',
    'createSession',
    'deleteSession',
    'createToken',
    'deleteToken',
    'createScreen',
    'deleteScreen',
  ],
  units: ['load', 'create'],
  sources: ['load', 'create', 'addCredential', 'deleteCredential'],
  series: ['list', 'samples'],
  things: ['load', 'put'],
  alerts: ['list', 'get', 'history'],
  quarantine: ['list'],
  events: ['list'],
  push: ['load', 'create', 'delete', 'deliveries'],
  audit: ['list'],
} as const satisfies { [Area in keyof StoreCalls]: readonly (keyof StoreCalls[Area])[] };
