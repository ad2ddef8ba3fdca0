import { createHash } from 'node:crypto';
import type { Alert, AlertChange, JournalledCommand } from '#contract/alert.ts';
import type { AlertFilter } from '#contract/live.ts';
import type { Role } from '#contract/names.ts';
import type { Unit } from '#contract/people.ts';
import type { Page } from '#contract/primitives.ts';
import type { AuditEntry, PushSubscriptionRecord, SessionRecord, UserRecord } from '#contract/records.ts';
import type { Source } from '#contract/source.ts';
import { Auth, type AuthOptions } from '../../../server/auth/auth.ts';
import { PasswordHasher } from '../../../server/auth/password.ts';
import { CommandExecutor } from '../../../server/commands/executor.ts';
import { buildHttp } from '../../../server/http/build.ts';
import type { Api, HttpDeps, HttpOptions } from '../../../server/http/deps.ts';
import {
  AUDITED,
  DELIVERY,
  EVENT,
  fired,
  HEALTH,
  LAYERS,
  makeAlert,
  QUARANTINED,
  RULE,
  SAMPLES,
  SERIES,
  WALL,
} from './fixtures.ts';

export const PASSWORD = 'mật khẩu đủ dài';
export const OWN_UNIT = 'so-nnmt';
export const FOREIGN_UNIT = 'so-xd';
export const OWN_ALERT = '01930000-0000-7000-8000-000000000001';
export const FOREIGN_ALERT = '01930000-0000-7000-8000-000000000002';

class StoreDown extends Error {
  readonly code = 'store-down';
}

/** The database as far as these rooms see it: rows in arrays, unique keys, and an outage at will. */
export class MemoryStore {
  down = false;
  readonly users: UserRecord[] = [];
  readonly sessions: SessionRecord[] = [];
  readonly tokens: { id: string; hash: string }[] = [];
  readonly screens: { id: string }[] = [];
  readonly units: Unit[] = [];
  readonly sources: Source[] = [];
  readonly credentials: { username: string }[] = [];

  async change<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.down) throw new StoreDown('connection refused');
    return work();
  }

  readonly identity: AuthOptions['identity'] = {
    load: () => this.change(() => ({ users: this.users, sessions: this.sessions, tokens: [], screens: [] })),
    createUser: (user) => this.change(() => this.users.push(user)),
    setPassword: (username, passwordHash) =>
      this.change(() => {
        const index = this.users.findIndex((user) => user.username === username);
        this.users[index] = { ...this.users[index]!, passwordHash };
      }),
    createSession: (session) => this.change(() => this.sessions.push(session)),
    deleteSession: (hash) => this.change(() => remove(this.sessions, (session) => session.hash === hash)),
    createToken: (token) => this.change(() => this.tokens.push(token)),
    deleteToken: (id) => this.change(() => remove(this.tokens, (token) => token.id === id)),
    createScreen: (screen) => this.change(() => this.screens.push(screen)),
    deleteScreen: (id) => this.change(() => remove(this.screens, (screen) => screen.id === id)),
  };
}

function remove<T>(rows: T[], matches: (row: T) => boolean): void {
  const index = rows.findIndex(matches);
  if (index >= 0) rows.splice(index, 1);
}

export interface Rig {
  readonly api: Api;
  readonly auth: Auth;
  readonly store: MemoryStore;
  readonly trail: AuditEntry[];
  readonly submitted: JournalledCommand[];
  readonly intake: { source: string; body: string }[];
  readonly alerts: Map<string, Alert>;
  readonly archived: Map<string, Alert>;
  readonly subscriptions: PushSubscriptionRecord[];
  /** Queries that reached the database's lists. */
  readonly asked: object[];
  readonly clock: { now: number };
  /** Set what `/readyz` finds. */
  readonly deficiencies: { part: string; reason: string; fatal: boolean }[];
  /** @returns headers of a machine token of this role. */
  as(role: Role, unit?: string | null): { authorization: string };
  close(): Promise<void>;
}

const passwordHash = new PasswordHasher().hash(PASSWORD);

export interface RigOptions extends Partial<HttpOptions> {
  readonly extend?: (api: Api) => void;
}

/** The HTTP interface on ports that keep what they were given. */
export async function startRig({ extend, ...options }: RigOptions = {}): Promise<Rig> {
  const clock = { now: Date.parse('2026-11-23T03:00:00Z') };
  const now = () => clock.now;
  const store = new MemoryStore();
  const trail: AuditEntry[] = [];
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  await seed(store);
  const auth = new Auth({
    identity: store.identity,
    units: { load: async () => store.units, create: (unit) => store.change(() => store.units.push(unit)) },
    sources: {
      load: async () => ({ sources: store.sources, credentials: [] }),
      create: (source) => store.change(() => store.sources.push(source)),
      addCredential: (credential) => store.change(() => store.credentials.push(credential)),
      deleteCredential: (name) => store.change(() => remove(store.credentials, (row) => row.username === name)),
    },
    trail: { record: (entry) => trail.push(entry) },
    log,
    now,
    secure: options.secure ?? false,
    publicUrl: options.publicUrl ?? null,
    wallExists: (wall) => wall === WALL.id || wall === 'second',
  });
  await auth.load();
  const alerts = new Map([
    [OWN_ALERT, makeAlert(OWN_ALERT, OWN_UNIT)],
    [FOREIGN_ALERT, makeAlert(FOREIGN_ALERT, FOREIGN_UNIT)],
  ]);
  const submitted: JournalledCommand[] = [];
  const rig = { auth, store, trail, submitted, alerts, clock };
  const parts = { ...ports(rig), log, now, auth };
  const deps: HttpDeps = { ...parts, options: { ...OPTIONS, ...options } };
  const api = await buildHttp(deps, extend);
  return {
    ...rig,
    api,
    intake: parts.received,
    archived: parts.archived,
    subscriptions: parts.rows,
    asked: parts.asked,
    deficiencies: parts.deficiencies,
    as: (role, unit = unitFor(role)) => ({ authorization: `Bearer ${tokenFor(auth, role, unit)}` }),
    close: () => api.close(),
  };
}

const OPTIONS: HttpOptions = {
  pagesDir: null,
  basemapDir: '/nonexistent',
  publicUrl: null,
  secure: false,
  tls: null,
  trustedProxies: [],
  maxPayloadBytes: 65_536,
  mqtt: { host: '127.0.0.1', port: 1883, tls: false },
  version: '0.0.0',
};

async function seed(store: MemoryStore): Promise<void> {
  const hash = await passwordHash;
  const person = (username: string, role: Role, unit: string | null = null): UserRecord => ({
    username,
    name: `Người dùng ${username}`,
    role,
    unit,
    passwordHash: hash,
    disabled: false,
  });
  store.users.push(
    person('admin', 'administrator'),
    person('truc-ban', 'operator'),
    person('dau-moi', 'focal-point', OWN_UNIT),
    person('dau-moi-xd', 'focal-point', FOREIGN_UNIT),
  );
  for (const id of [OWN_UNIT, FOREIGN_UNIT]) {
    store.units.push({ id, kind: 'department', name: { vi: id, en: id }, parent: null });
    store.sources.push({
      id: `${id}-tram`,
      unit: id,
      name: 'Trạm đo',
      decoder: 'senml',
      staleAfter: 300,
      recorded: false,
    });
  }
}

function unitFor(role: Role): string | null {
  return role === 'focal-point' || role === 'head' ? OWN_UNIT : null;
}

/** The same token for the same role and unit, put where the database would have it. */
function tokenFor(auth: Auth, role: Role, unit: string | null): string {
  const token = `ioc_test-${role}-${unit}`;
  const hash = createHash('sha256').update(token).digest('hex');
  auth.tokens.restore([
    { id: `${role}-${unit}`, hash, name: `${role}-${unit}`, role, unit, createdBy: 'test', expiresAt: null },
  ]);
  return token;
}

function ports(rig: Pick<Rig, 'auth' | 'store' | 'submitted' | 'alerts' | 'clock'>) {
  const { auth, store, submitted, alerts, clock } = rig;
  const archived = new Map<string, Alert>();
  const asked: object[] = [];
  const changes: AlertChange[] = [];
  const received: { source: string; body: string }[] = [];
  const rows: PushSubscriptionRecord[] = [];
  const deficiencies: { part: string; reason: string; fatal: boolean }[] = [];
  const kept =
    <T>(rows: readonly T[]) =>
    (query: object) =>
      store.change(() => {
        asked.push(query);
        return { items: [...rows], nextCursor: null };
      });
  const list = (from: Iterable<Alert>, filter: AlertFilter, units: readonly string[] | null, limit: number) => {
    const to = filter.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.to);
    const found = [...from]
      .filter((alert) => (units === null || units.includes(alert.unit)) && Date.parse(alert.startsAt) <= to)
      .filter((alert) => filter.severity === undefined || filter.severity.split(',').includes(alert.severity));
    return { items: found.slice(0, limit), nextCursor: found.length > limit ? String(limit) : null } as Page<Alert>;
  };
  const executor = new CommandExecutor({
    log: {
      submit: async (command) => {
        const known = submitted.find(({ id }) => id === command.id);
        if (!known) submitted.push(command);
        const alert = alerts.get(command.alert)!;
        if (alert.condition === 'resolved') return { refused: { code: 'not-allowed-now', reason: 'it is resolved' } };
        const after: Alert = { ...alert, handling: 'acknowledged', seq: alert.seq + 1 };
        if (!known) alerts.set(after.id, after);
        const { type } = command.command;
        const change: AlertChange = {
          seq: after.seq,
          at: clock.now,
          kind: type,
          actor: command.actor,
          note: null,
          alert: after,
        };
        changes.push(change);
        return { change };
      },
    },
    alerts,
    people: {
      unitExists: (unit) => auth.units.has(unit),
      unitOfUser: (username) => auth.users.active(username)?.unit,
    },
    now: () => clock.now,
  });
  return {
    executor,
    asked,
    archived,
    received,
    rows,
    deficiencies,
    alerts: {
      get: (id: string) => alerts.get(id),
      list: (filter: AlertFilter, units: readonly string[] | null, limit: number) =>
        list(alerts.values(), filter, units, limit),
      completeFrom: () => Date.parse('2026-11-22T00:00:00Z'),
      changes: (id: string) => changes.filter((change) => change.alert.id === id),
    },
    alertArchive: {
      list: ({ filter, units, limit }: { filter: AlertFilter; units: readonly string[] | null; limit: number }) =>
        store.change(() => list(archived.values(), filter, units, limit)),
      get: (id: string) => store.change(() => archived.get(id) ?? null),
      history: (id: string) => store.change(() => [fired(id)]),
    },
    series: { list: kept([SERIES]), samples: kept(SAMPLES) },
    records: {
      quarantine: kept([QUARANTINED]),
      events: () => store.change(() => [EVENT]),
      deliveries: kept([DELIVERY]),
      audit: kept([AUDITED]),
    },
    intake: {
      samples: async (source: Source, body: Buffer) => {
        received.push({ source: source.id, body: body.toString() });
        return { accepted: 1, rejected: [{ index: 1, reason: 'bad-value' }] };
      },
      things: async (things: readonly unknown[]) => {
        received.push({ source: 'things', body: JSON.stringify(things) });
      },
    },
    layers: {
      list: () => LAYERS,
      catalogue: (id: string) => {
        const layer = LAYERS.find((candidate) => candidate.id === id);
        return layer && { layer, version: 1, things: [], events: [] };
      },
    },
    walls: { get: (id: string) => (id === WALL.id || id === 'second' ? { ...WALL, id } : null) },
    rules: {
      list: () => [RULE],
      runbook: async (rule: string) => (rule === 'river-above-level-2' ? '# Nước lớn\n' : null),
      lint: (text: string) =>
        text.includes('alert:')
          ? []
          : [{ file: 'lint', line: 1, column: 1, rule: null, reason: 'no rule', suggestion: null }],
    },
    health: {
      sources: () => [HEALTH, { ...HEALTH, source: `${FOREIGN_UNIT}-tram`, unit: FOREIGN_UNIT }],
      deficiencies: () => deficiencies,
    },
    metrics: { text: async () => 'ioc_up 1\n', contentType: 'text/plain; version=0.0.4' },
    push: {
      key: () => 'BPublicKey',
      subscribe: async (
        username: string,
        { endpoint, keys }: { endpoint: string; keys: { p256dh: string; auth: string } },
      ) => {
        const id = `s${rows.length + 1}`;
        rows.push({ id, username, endpoint, ...keys, createdAt: '2026-11-23T03:00:00Z' });
        return { id };
      },
      subscriptions: (username: string) => rows.filter((row) => row.username === username),
      unsubscribe: async (id: string) => remove(rows, (row) => row.id === id),
      test: async () => DELIVERY,
    },
  };
}
