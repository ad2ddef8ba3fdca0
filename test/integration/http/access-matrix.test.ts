import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '#contract/names.ts';
import { FOREIGN_ALERT, FOREIGN_UNIT, OWN_UNIT, PASSWORD, type Rig, startRig } from './http-rig.ts';

/**
 * Every route × every role × an object of another unit. The rights are those the published document names, which
 * `test/unit/auth/policy.test.ts` holds to the truth; here is shown that every route keeps them.
 */
interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly roles: Partial<Record<Role, 'all' | 'own-unit'>> | null;
  readonly people: boolean;
}

const FOREIGN_SOURCE = `${FOREIGN_UNIT}-tram`;
const UUID = '01930000-0000-7000-8000-00000000ffff';

/** What stands in each path for something of another unit, or for something that does not exist. */
const FOREIGN_IDS: Readonly<Record<string, string>> = {
  '/alerts/{id}': FOREIGN_ALERT,
  '/alerts/{id}/history': FOREIGN_ALERT,
  '/alerts/{id}/commands': FOREIGN_ALERT,
  '/sources/{id}/sample-payload': FOREIGN_SOURCE,
  '/sources/{id}/credentials': FOREIGN_SOURCE,
  '/sources/{id}/credentials/{username}': FOREIGN_SOURCE,
};

const QUERIES: Readonly<Record<string, string>> = {
  '/samples': `?source=${FOREIGN_SOURCE}`,
  '/quarantine': `?source=${FOREIGN_SOURCE}`,
  '/deliveries': `?alert=${FOREIGN_ALERT}`,
};

const BODIES: Readonly<Record<string, object>> = {
  '/samples': [{ n: 'x', v: 1 }],
  '/things': {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', id: 't', geometry: null, properties: { source: FOREIGN_SOURCE } }],
  },
  '/alerts/{id}/commands': { type: 'comment', text: 'x' },
  '/rules/lint': { text: 'alert:' },
  '/sources': { id: 'moi', unit: FOREIGN_UNIT, name: 'Mới' },
  '/units': { id: 'moi', kind: 'department', name: { vi: 'a', en: 'a' } },
  '/users': { username: 'moi', name: 'Mới', role: 'operator', password: 'mười ký tự trở lên' },
  '/users/current/password': { current: 'x', next: 'mười ký tự trở lên' },
  '/tokens': { name: 'x', role: 'auditor' },
  '/wall-pairings/claim': { code: 'ABCDEFGH' },
  '/push-subscriptions': {
    endpoint: 'https://push.example/x',
    keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) },
  },
};

/** Where what is of another unit stands in the body: refused for its content, or with a word on the right. */
const REFUSED_FOR_CONTENT = new Set(['/things']);
/** Routes where the unit decides; elsewhere a right is a right. */
const BY_UNIT = new Set([...Object.keys(FOREIGN_IDS), ...Object.keys(QUERIES), '/things']);
/** Of paths with several methods, those where the body names the unit. */
const BY_UNIT_IN_BODY = new Set(['POST /sources']);

let rig: Rig;
let operations: Operation[] = [];

beforeAll(async () => {
  rig = await startRig();
  const document = (await rig.api.inject('/api/v1/openapi.json')).json();
  for (const [path, item] of Object.entries<Record<string, { 'x-roles'?: Operation['roles']; 'x-people'?: boolean }>>(
    document.paths,
  )) {
    for (const [method, operation] of Object.entries(item)) {
      operations.push({
        method: method.toUpperCase() as Operation['method'],
        path,
        roles: operation['x-roles'] ?? null,
        people: operation['x-people'] === true,
      });
    }
  }
  operations = operations.filter(({ roles }) => roles !== null);
});
afterAll(() => rig.close());

function call({ method, path }: Operation, headers: Record<string, string>) {
  const local = path.replace('/api/v1', '');
  const id = FOREIGN_IDS[local] ?? (local.startsWith('/layers') || local.startsWith('/walls') ? 'main' : UUID);
  const url = path.replace('{id}', id).replace('{username}', 'nobody') + (QUERIES[local] ?? '');
  const payload = method === 'POST' ? BODIES[local] : undefined;
  return rig.api.inject({ method, url, headers, remoteAddress: '192.0.2.44', ...(payload && { payload }) });
}

const aboutForeign = (operation: Operation) =>
  BY_UNIT.has(localPath(operation)) || BY_UNIT_IN_BODY.has(`${operation.method} ${localPath(operation)}`);
const localPath = (operation: Operation) => operation.path.replace('/api/v1', '');

test('the matrix covers the interface', () => {
  expect(operations.length).toBeGreaterThan(30);
  const paths = new Set(operations.map(localPath));
  for (const path of [...BY_UNIT, ...Object.keys(BODIES)]) expect([...paths]).toContain(path);
});

test('without a login every route answers 401', async () => {
  for (const operation of operations) {
    const response = await call(operation, {});
    expect([operation.method, operation.path, response.statusCode]).toEqual([operation.method, operation.path, 401]);
    expect(response.json()).toMatchObject({ type: 'urn:ioc:problem:not-authenticated' });
    expect(response.headers['www-authenticate']).toBe('Bearer realm="ioc"');
  }
});

test('a token nobody has, or another scheme, is no login', async () => {
  for (const authorization of ['Bearer ioc_made-up', 'Bearer ', 'Basic YWRtaW46eA==', 'ioc_made-up']) {
    const response = await rig.api.inject({ url: '/api/v1/alerts', headers: { authorization } });
    expect(response.statusCode).toBe(401);
  }
});

describe('machines and people', () => {
  test.each([...ROLES])('%s reaches what the table says, of other units nothing', async (role) => {
    const machine = rig.as(role, OWN_UNIT);
    for (const operation of operations) {
      const scope = operation.people ? undefined : operation.roles?.[role];
      const { statusCode, body } = await call(operation, machine);
      const what = `${role} ${operation.method} ${operation.path}: ${statusCode} ${body}`;
      const local = localPath(operation);
      if (scope === undefined) expect(statusCode, what).toBe(403);
      else if (scope === 'own-unit' && REFUSED_FOR_CONTENT.has(local)) expect(statusCode, what).toBe(400);
      else if (scope === 'own-unit' && aboutForeign(operation)) expect([403, 404], what).toContain(statusCode);
      else expect([401, 403], what).not.toContain(statusCode);
      // Lists confined to the own unit: nothing of another slips in.
      if (scope === 'own-unit' && statusCode === 200) expect(body, what).not.toContain(FOREIGN_UNIT);
    }
  });

  test('a route only for people is closed to every machine', () => {
    expect(operations.filter(({ people }) => people).map(localPath)).toContain('/tokens');
  });
});

describe('a paired screen', () => {
  test('reads its wall and the layers on it, and writes nothing', async () => {
    const { pairing, secret } = rig.auth.walls.start('main', '192.0.2.50');
    const operator = {
      principal: { kind: 'user', name: 'truc-ban', role: 'operator', unit: null },
      from: null,
    } as const;
    rig.auth.walls.claim(pairing.code, operator);
    const { screenSecret } = await rig.auth.walls.collect(secret);
    const headers = { cookie: `ioc_screen=${screenSecret}` };
    const get = async (path: string) => (await rig.api.inject({ url: `/api/v1${path}`, headers })).statusCode;
    expect(await get('/walls/main')).toBe(200);
    expect(await get('/walls/second')).toBe(404);
    expect(await get('/layers/water')).toBe(200);
    expect(await get('/layers/cameras')).toBe(404);
    expect(await get('/alerts')).toBe(200);
    const layers = await rig.api.inject({ url: '/api/v1/layers', headers });
    expect(layers.json().items.map(({ id }: { id: string }) => id)).toEqual(['water']);
    const writes = operations.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/sessions/current'));
    for (const operation of writes) {
      expect([operation.path, (await call(operation, headers)).statusCode]).toEqual([operation.path, 403]);
    }
    for (const path of ['/users', '/tokens', '/audit', '/rules', '/quarantine', '/wall-screens', '/push-key']) {
      expect([path, await get(path)]).toEqual([path, 403]);
    }
    await rig.auth.walls.unpair(rig.auth.walls.list()[0]!.id, operator);
    expect(await get('/walls/main')).toBe(401);
  });
});

describe('a person', () => {
  test('has their own phones only', async () => {
    const cookie = async (username: string) => {
      const login = await rig.api.inject({
        method: 'POST',
        url: '/api/v1/sessions',
        payload: { username, password: PASSWORD },
      });
      return { cookie: String(login.headers['set-cookie']).split(';')[0] ?? '' };
    };
    const mine = await cookie('dau-moi');
    const theirs = await cookie('dau-moi-xd');
    const payload = BODIES['/push-subscriptions']!;
    const made = await rig.api.inject({ method: 'POST', url: '/api/v1/push-subscriptions', headers: mine, payload });
    expect(made.statusCode).toBe(201);
    const { id } = made.json();
    const one = `/api/v1/push-subscriptions/${id}`;
    const list = await rig.api.inject({ url: '/api/v1/push-subscriptions', headers: theirs });
    expect(list.json().items).toEqual([]);
    expect((await rig.api.inject({ method: 'POST', url: `${one}/test`, headers: theirs })).statusCode).toBe(404);
    expect((await rig.api.inject({ method: 'DELETE', url: one, headers: theirs })).statusCode).toBe(404);
    const own = await rig.api.inject({ url: '/api/v1/push-subscriptions', headers: mine });
    expect(own.json().items).toEqual([{ id, service: 'push.example', createdAt: '2026-11-23T03:00:00Z' }]);
    expect((await rig.api.inject({ method: 'POST', url: `${one}/test`, headers: mine })).json()).toMatchObject({
      state: 'accepted',
    });
    expect((await rig.api.inject({ method: 'DELETE', url: one, headers: mine })).statusCode).toBe(204);
    expect(rig.subscriptions).toEqual([]);
  });
});
