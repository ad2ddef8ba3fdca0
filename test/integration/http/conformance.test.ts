import { Compile } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SERIES } from './fixtures.ts';
import { OWN_ALERT, OWN_UNIT, PASSWORD, type Rig, startRig } from './http-rig.ts';

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

let rig: Rig;
let cookie: string;
let paths: Record<string, Record<string, Operation>>;

beforeAll(async () => {
  rig = await startRig();
  paths = (await rig.api.inject('/api/v1/openapi.json')).json().paths;
  const login = await rig.api.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: { username: 'admin', password: PASSWORD },
  });
  cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(() => rig.close());

/** Calls, and holds the answer to what the published document says of this status. */
async function call(method: 'GET' | 'POST', path: string, url: string, payload?: object) {
  const response = await rig.api.inject({ method, url, headers: { cookie }, ...(payload && { payload }) });
  const { responses } = paths[path]![method.toLowerCase()]!;
  const described = responses[response.statusCode] ?? responses[`${Math.floor(response.statusCode / 100)}XX`];
  expect(described, `${method} ${path} answered ${response.statusCode} ${response.body}`).toBeDefined();
  const type = String(response.headers['content-type']).split(';')[0] ?? '';
  const schema = described!.content?.[type]?.schema;
  expect(schema, `${method} ${path} describes its body`).toBeDefined();
  const validator = Compile(schema as never);
  const body: unknown = type.endsWith('json') ? response.json() : response.body;
  expect(validator.Errors(body)[1], `${method} ${path}: ${response.body}`).toEqual([]);
  return response;
}

const SOURCE = `${OWN_UNIT}-tram`;
/** What a path's parameters stand for in the rig. */
const IDS: Readonly<Record<string, string>> = {
  '/api/v1/alerts/{id}': OWN_ALERT,
  '/api/v1/alerts/{id}/history': OWN_ALERT,
  '/api/v1/series/{id}/samples': SERIES.id,
  '/api/v1/sources/{id}/sample-payload': SOURCE,
  '/api/v1/sources/{id}/credentials': SOURCE,
  '/api/v1/walls/{id}': 'main',
  '/api/v1/layers/{id}': 'water',
  '/api/v1/schemas/{name}': 'alert',
  '/api/v1/rules/{rule}/runbook': 'river-above-level-2',
};

describe('what is answered is what was published', () => {
  test('for every read', async () => {
    const reads = Object.keys(paths).filter((path) => paths[path]!.get && path !== '/metrics');
    expect(reads.length).toBeGreaterThan(25);
    for (const path of reads) {
      const response = await call('GET', path, path.replace(/\{\w+\}/, IDS[path] ?? 'x'));
      const asked = path !== '/api/v1/wall-pairings/current';
      expect([path, response.statusCode]).toEqual([path, asked ? 200 : 404]);
    }
  });

  test('for writes', async () => {
    const api = '/api/v1';
    await call('POST', `${api}/units`, `${api}/units`, { id: 'xa-9', kind: 'commune', name: { vi: 'Xã', en: 'X' } });
    await call('POST', `${api}/sources`, `${api}/sources`, { id: 'moi', unit: OWN_UNIT, name: 'Mới' });
    await call('POST', `${api}/sources/{id}/credentials`, `${api}/sources/moi/credentials`);
    await call('POST', `${api}/tokens`, `${api}/tokens`, { name: 't', role: 'auditor' });
    await call('POST', `${api}/samples`, `${api}/samples?source=moi`, [{ n: 'x:y', v: 1 }]);
    await call('POST', `${api}/alerts/{id}/commands`, `${api}/alerts/${OWN_ALERT}/commands`, { type: 'acknowledge' });
    await call('POST', `${api}/rules/lint`, `${api}/rules/lint`, { text: 'nothing' });
    await call('POST', `${api}/wall-pairings`, `${api}/wall-pairings`, { wall: 'main' });
    await call('POST', `${api}/users`, `${api}/users`, { username: 'x' });
  });
});

describe('queries reach the database in its own terms', () => {
  const ask = async (url: string) => {
    rig.asked.length = 0;
    const response = await rig.api.inject({ url: `/api/v1${url}`, headers: { cookie } });
    return response.statusCode === 200 ? rig.asked[0] : response.json().errors;
  };
  const samples = `/series/${SERIES.id}/samples`;
  const NOW = Date.parse('2026-11-23T03:00:00Z');

  test.each([
    ['/series?source=x&near=105.5,18.7,25', { source: 'x', near: [105.5, 18.7, 25], limit: 100 }],
    ['/series?limit=7&cursor=abc', { limit: 7, cursor: 'abc' }],
    [samples, { id: SERIES.id, from: NOW - 86_400_000, to: NOW, limit: 100 }],
    [
      `${samples}?from=2026-11-23T00:00:00Z&to=2026-11-23T07:00:00%2B07:00`,
      { from: NOW - 10_800_000, to: NOW - 10_800_000 },
    ],
    [`${samples}?bucket=1m`, { bucket: 60_000, fn: 'avg' }],
    [`${samples}?bucket=1h30m&fn=max`, { bucket: 5_400_000, fn: 'max' }],
    ['/quarantine?source=x', { source: 'x', limit: 100 }],
    [`/deliveries?alert=${OWN_ALERT}`, { alert: OWN_ALERT }],
  ])('%s', async (url, query) => {
    expect(await ask(url)).toMatchObject(query);
  });

  test.each([
    ['/series?near=105,18', '/near'],
    ['/series?near=181,18,5', '/near'],
    ['/series?near=105,18,-1', '/near'],
    [`${samples}?from=2026-11-23T03:00:01Z&to=2026-11-23T03:00:00Z`, '/from'],
    [`${samples}?bucket=1`, '/bucket'],
    [`${samples}?bucket=10ms`, '/bucket'],
    [`${samples}?fn=avg`, '/fn'],
    [`${samples}?bucket=1m&fn=median`, '/fn'],
    ['/series/not-a-uuid/samples', '/id'],
  ])('%s is refused', async (url, at) => {
    expect(await ask(url)).toEqual([expect.objectContaining({ at })]);
  });
});
