import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FOREIGN_UNIT, OWN_ALERT, OWN_UNIT, PASSWORD, type Rig, startRig } from './http-rig.ts';

let rig: Rig;
let cookie: string;
beforeAll(async () => {
  rig = await startRig();
  const login = await rig.api.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: { username: 'admin', password: PASSWORD },
  });
  cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(() => rig.close());

type Headers = Record<string, string>;
const post = (path: string, payload?: object | string, headers: Headers = {}) =>
  rig.api.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { cookie, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const get = (path: string, headers: Headers = {}) =>
  rig.api.inject({ url: `/api/v1${path}`, headers: { cookie, ...headers } });
const remove = (path: string, headers: Headers = {}) =>
  rig.api.inject({ method: 'DELETE', url: `/api/v1${path}`, headers: { cookie, ...headers } });

describe('a source', () => {
  test('is connected: made, given a credential once, tried with a message, and withdrawn', async () => {
    const made = await post('/sources', { id: 'mua', unit: OWN_UNIT, name: 'Đo mưa' });
    expect(made.statusCode).toBe(201);
    const credential = await post('/sources/mua/credentials');
    expect(credential.statusCode).toBe(201);
    const { username, password } = credential.json();
    expect(rig.auth.sources.verify(username, password)).toMatchObject({ id: 'mua' });
    const sample = (await get('/sources/mua/sample-payload')).json();
    expect(sample).toMatchObject({ topic: `ioc/v1/${OWN_UNIT}/mua/samples`, host: '127.0.0.1', port: 1883 });
    expect(JSON.parse(sample.payload)).toHaveLength(3);
    expect(sample.command).toContain(`-t '${sample.topic}' -m '${sample.payload}'`);
    const listed = (await get('/sources/mua/credentials')).json();
    expect(listed.items).toEqual([{ username, source: 'mua', createdAt: '2026-11-23T03:00:00.000Z' }]);
    expect((await remove(`/sources/mua/credentials/${username}`)).statusCode).toBe(204);
    expect(rig.auth.sources.verify(username, password)).toBeNull();
    expect(JSON.stringify(rig.trail)).not.toContain(password);
  });

  test('exists once', async () => {
    const again = await post('/sources', { id: `${OWN_UNIT}-tram`, unit: OWN_UNIT, name: 'x' });
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ type: 'urn:ioc:problem:conflict', status: 409 });
  });

  test('takes an empty body with a JSON type for no body', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await post(`/sources/${OWN_UNIT}-tram/credentials`, '', headers)).statusCode).toBe(201);
  });
});

describe('things', () => {
  const feature = (source: string, coordinates: number[] | null, id: string | number = 'tram-1') => ({
    type: 'Feature',
    id,
    geometry: coordinates && { type: 'Point', coordinates },
    properties: { source, name: 'Nam Đàn'.normalize('NFD'), labels: { river: 'Lam' } },
  });
  const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });

  test('are taken over, normalised', async () => {
    const response = await post(
      '/things',
      JSON.stringify(collection(feature(`${OWN_UNIT}-tram`, [105.5, 18.7, 12]), feature(`${OWN_UNIT}-tram`, null, 7))),
      { 'content-type': 'application/geo+json' },
    );
    expect(response.json()).toEqual({ accepted: 2 });
    expect(JSON.parse(rig.intake.at(-1)!.body)).toEqual([
      {
        source: `${OWN_UNIT}-tram`,
        id: 'tram-1',
        name: 'Nam Đàn'.normalize('NFC'),
        labels: { river: 'Lam' },
        position: [105.5, 18.7],
      },
      expect.objectContaining({ id: '7', position: null }),
    ]);
  });

  test('are refused whole, each fault with its place', async () => {
    const before = rig.intake.length;
    const response = await post(
      '/things',
      collection(
        feature(`${OWN_UNIT}-tram`, [105, 18]),
        feature('khong-co', [105, 18]),
        feature(`${OWN_UNIT}-tram`, [18, 105]),
      ),
    );
    expect(response.statusCode).toBe(400);
    expect(response.json().errors.map(({ at }: { at: string }) => at)).toEqual([
      '/features/1/properties/source',
      '/features/2/geometry/coordinates',
    ]);
    expect(rig.intake).toHaveLength(before);
  });
});

describe('people, units, tokens', () => {
  test('a person is added with a unit that exists, and can log in', async () => {
    const person = { username: 'moi', name: 'Người mới', role: 'head', password: 'một mật khẩu dài' };
    const without = await post('/users', person);
    expect(without.json()).toMatchObject({ status: 400, errors: [{ at: '/unit' }] });
    expect((await post('/users', { ...person, unit: OWN_UNIT })).statusCode).toBe(201);
    const login = await post('/sessions', { username: 'moi', password: person.password }, { cookie: '' });
    expect(login.json()).toMatchObject({ role: 'head', unit: OWN_UNIT });
  });

  test('a changed password ends the other sessions and keeps this one', async () => {
    const logIn = async (password: string) => {
      const login = await post('/sessions', { username: 'dau-moi-xd', password }, { cookie: '' });
      return { cookie: String(login.headers['set-cookie']).split(';')[0] ?? '' };
    };
    const here = await logIn(PASSWORD);
    const elsewhere = await logIn(PASSWORD);
    const change = (current: string) => post('/users/current/password', { current, next: 'mật khẩu khác hẳn' }, here);
    expect((await change('sai')).json()).toMatchObject({ status: 400, errors: [{ at: '/current' }] });
    expect((await change(PASSWORD)).statusCode).toBe(204);
    expect((await get('/sessions/current', here)).statusCode).toBe(200);
    expect((await get('/sessions/current', elsewhere)).statusCode).toBe(401);
    expect((await get('/sessions/current', await logIn('mật khẩu khác hẳn'))).statusCode).toBe(200);
  });

  test('a token is shown once, works, and stops working', async () => {
    const made = await post('/tokens', { name: 'phần mềm', role: 'focal-point', unit: FOREIGN_UNIT });
    const { id, token } = made.json();
    const headers = { authorization: `Bearer ${token}`, cookie: '' };
    expect((await get('/sessions/current', headers)).json()).toMatchObject({ kind: 'token', unit: FOREIGN_UNIT });
    expect((await get('/tokens')).body).not.toContain(token);
    expect((await remove(`/tokens/${id}`)).statusCode).toBe(204);
    expect((await get('/sessions/current', headers)).statusCode).toBe(401);
  });

  test('while the database is down nothing is made, and 503 says so', async () => {
    rig.store.down = true;
    const response = await post('/units', { id: 'moi', kind: 'commune', name: { vi: 'Mới', en: 'New' } });
    rig.store.down = false;
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.json()).toMatchObject({ type: 'urn:ioc:problem:store-unavailable' });
    expect(rig.auth.units.has('moi')).toBe(false);
  });
});

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'k-1' };
  const unit = { id: 'xa-1', kind: 'commune', name: { vi: 'Xã', en: 'Commune' } };

  test('the same write twice is one, with one answer', async () => {
    const first = await post('/units', unit, key);
    const second = await post('/units', unit, key);
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.body).toBe(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(rig.store.units.filter(({ id }) => id === 'xa-1')).toHaveLength(1);
  });

  test('another body under the same key is refused, another person’s key is another key', async () => {
    const other = await post('/units', { ...unit, id: 'xa-2' }, key);
    expect(other.json()).toMatchObject({ status: 422, type: 'urn:ioc:problem:idempotency-mismatch' });
    const machine = await post('/units', { ...unit, id: 'xa-2' }, { ...key, cookie: '', ...rig.as('administrator') });
    expect(machine.statusCode).toBe(201);
  });

  test('a write that failed may be tried again', async () => {
    const again = { 'idempotency-key': 'k-2' };
    rig.store.down = true;
    expect((await post('/units', { ...unit, id: 'xa-3' }, again)).statusCode).toBe(503);
    rig.store.down = false;
    expect((await post('/units', { ...unit, id: 'xa-3' }, again)).statusCode).toBe(201);
  });

  test('a command repeated is one command in the journal', async () => {
    const before = rig.submitted.length;
    for (let i = 0; i < 3; i++) {
      await post(`/alerts/${OWN_ALERT}/commands`, { type: 'comment', text: 'một lần' }, { 'idempotency-key': 'k-3' });
    }
    expect(rig.submitted).toHaveLength(before + 1);
  });

  test('a key of other characters is refused', async () => {
    expect((await post('/units', unit, { 'idempotency-key': 'a b' })).statusCode).toBe(400);
  });
});

describe('another site', () => {
  const unit = { id: 'xa-evil', kind: 'commune', name: { vi: 'Xã', en: 'Commune' } };

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('%j cannot write with a person’s cookie, log in or log out', async (headers) => {
    for (const response of [
      await post('/units', unit, headers),
      await post('/sessions', { username: 'admin', password: PASSWORD }, headers),
      await remove('/sessions/current', headers),
    ]) {
      expect(response.statusCode).toBe(403);
      expect(response.json()).toMatchObject({ type: 'urn:ioc:problem:foreign-origin' });
      expect(response.headers['set-cookie']).toBeUndefined();
      expect(response.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(rig.auth.units.has('xa-evil')).toBe(false);
  });

  test('the own page can, and a machine with its token is nobody’s browser', async () => {
    const own = await post(
      '/units',
      { ...unit, id: 'xa-own' },
      { origin: 'http://localhost:80', host: 'localhost:80' },
    );
    expect(own.statusCode).toBe(201);
    const machine = { cookie: '', origin: 'https://evil.example', ...rig.as('administrator') };
    expect((await post('/units', { ...unit, id: 'xa-may' }, machine)).statusCode).toBe(201);
  });
});

describe('problems', () => {
  test.each([
    ['malformed JSON', '{"username":', 400, 'malformed'],
    ['a poisoned prototype', '{"__proto__":{"role":"administrator"}}', 400, 'malformed'],
    ['an array', '[]', 400, 'invalid-request'],
    ['too much', JSON.stringify({ username: 'x'.repeat(300_000), password: '' }), 413, 'too-large'],
  ])('%s', async (_what, body, status, code) => {
    const response = await post('/sessions', body, { 'content-type': 'application/json' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ type: `urn:ioc:problem:${code}`, status, title: expect.any(String) });
  });

  test('another media type, an unknown path and a wrong method', async () => {
    const xml = await post('/sessions', '<login/>', { 'content-type': 'application/xml' });
    expect([xml.statusCode, xml.json().type]).toEqual([415, 'urn:ioc:problem:unsupported-media-type']);
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const response = await rig.api.inject({ method, url: '/api/v1/nowhere?password=x' });
      expect([response.statusCode, response.json().type]).toEqual([404, 'urn:ioc:problem:not-found']);
      expect(response.body).not.toContain('password');
    }
    const bad = await rig.api.inject({ url: '/api/v1/%ff' });
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({ type: 'urn:ioc:problem:malformed' });
  });

  test('every fault of a query is named with its place', async () => {
    for (const [query, at] of [
      ['limit=0', '/limit'],
      ['limit=1001', '/limit'],
      ['limit=many', '/limit'],
      ['severity=loud', '/severity'],
      ['area=1,2,3', '/area'],
      ['area=10,0,5,1', '/area'],
      ['from=yesterday', '/from'],
      ['cursor=abc', '/cursor'],
    ]) {
      const response = await get(`/alerts?${query}`);
      expect([query, response.statusCode]).toEqual([query, 400]);
      expect(response.json().errors[0]).toMatchObject({ at });
    }
  });

  test('what breaks inside is not told', async () => {
    const broken = await startRig({
      extend: (api) => {
        api.get('/broken', { config: { policy: 'public' } }, async () => {
          throw new Error('select * from users where secret');
        });
      },
    });
    const response = await broken.api.inject('/broken');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(response.json()).toEqual({
      type: 'urn:ioc:problem:internal',
      title: 'The hub failed',
      status: 500,
      instance: `urn:uuid:${response.headers['x-request-id']}`,
    });
    await broken.close();
  });
});

describe('a route without a policy', () => {
  test('does not start, and is named', async () => {
    const bare = startRig({ extend: (api) => api.get('/forgotten', async () => 'x') });
    await expect(bare).rejects.toThrow('route GET /forgotten declares no policy');
    const invented = startRig({
      extend: (api) => api.get('/invented', { config: { policy: 'everything' as 'public' } }, async () => 'x'),
    });
    await expect(invented).rejects.toThrow('route GET /invented declares the unknown policy "everything"');
  });
});
