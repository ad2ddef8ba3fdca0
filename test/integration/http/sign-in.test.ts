import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FOREIGN_ALERT, OWN_ALERT, OWN_UNIT, PASSWORD, type Rig, startRig } from './http-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const logIn = (username: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  rig.api.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password }, headers });

const cookieOf = (response: Awaited<ReturnType<typeof logIn>>) =>
  String(response.headers['set-cookie']).split(';')[0] ?? '';

describe('a session', () => {
  test('begins with the password, names the person, and ends with the logout', async () => {
    const login = await logIn('dau-moi');
    expect(login.statusCode).toBe(201);
    expect(login.headers['set-cookie']).toMatch(
      /^ioc_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const headers = { cookie: cookieOf(login) };
    const current = await rig.api.inject({ url: '/api/v1/sessions/current', headers });
    expect(current.json()).toEqual({
      kind: 'user',
      name: 'dau-moi',
      displayName: 'Người dùng dau-moi',
      role: 'focal-point',
      unit: OWN_UNIT,
    });
    const end = await rig.api.inject({ method: 'DELETE', url: '/api/v1/sessions/current', headers });
    expect(end.statusCode).toBe(204);
    expect((await rig.api.inject({ url: '/api/v1/sessions/current', headers })).statusCode).toBe(401);
    const actions = rig.trail.filter((entry) => entry.subject === 'dau-moi').map((entry) => entry.action);
    expect(actions).toEqual(['session.create', 'session.end']);
  });

  test('is refused alike for a wrong password and an unknown name', async () => {
    const wrong = await logIn('admin', 'sai mật khẩu rồi');
    const unknown = await logIn('khong-co', 'sai mật khẩu rồi');
    for (const response of [wrong, unknown]) {
      expect(response.statusCode).toBe(401);
      expect(response.headers['content-type']).toContain('application/problem+json');
      expect(response.json()).toMatchObject({ type: 'urn:ioc:problem:wrong-credentials', status: 401 });
      expect(response.headers['set-cookie']).toBeUndefined();
    }
  });

  test('takes a password typed as NFD for the one set as NFC', async () => {
    expect((await logIn('admin', PASSWORD.normalize('NFD'))).statusCode).toBe(201);
  });

  test('begins while the database is down, and is written when it returns', async () => {
    rig.store.down = true;
    const before = rig.store.sessions.length;
    const login = await logIn('truc-ban');
    expect(login.statusCode).toBe(201);
    const alerts = await rig.api.inject({ url: '/api/v1/alerts', headers: { cookie: cookieOf(login) } });
    expect(alerts.statusCode).toBe(200);
    expect(alerts.json()).toMatchObject({ incomplete: expect.stringContaining('database') });
    await rig.auth.tend();
    expect(rig.store.sessions).toHaveLength(before);
    rig.store.down = false;
    await rig.auth.tend();
    expect(rig.store.sessions.at(-1)).toMatchObject({ username: 'truc-ban' });
  });

  test('slows down who guesses, and not the person at an address they used before', async () => {
    const remoteAddress = '203.0.113.9';
    const guess = (address: string) =>
      rig.api.inject({
        method: 'POST',
        url: '/api/v1/sessions',
        payload: { username: 'truc-ban', password: 'đoán mò thôi' },
        remoteAddress: address,
      });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await guess(remoteAddress)).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
    const refused = await guess(remoteAddress);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ type: 'urn:ioc:problem:too-many-attempts' });
    for (let i = 0; i < 6; i++) await guess(`203.0.113.${20 + i}`);
    expect((await logIn('truc-ban')).statusCode).toBe(201);
  });
});

describe('over HTTPS', () => {
  test('the cookie is bound to the host and browsers are told to stay', async () => {
    const secure = await startRig({ secure: true, publicUrl: 'https://ioc.example' });
    const login = await secure.api.inject({
      method: 'POST',
      url: '/api/v1/sessions',
      payload: { username: 'admin', password: PASSWORD },
      headers: { origin: 'https://ioc.example' },
    });
    expect(login.statusCode).toBe(201);
    expect(login.headers['set-cookie']).toMatch(/^__Host-ioc_session=.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    expect(login.headers['strict-transport-security']).toContain('max-age=31536000');
    expect(login.headers['content-security-policy']).toContain("connect-src 'self' wss://ioc.example");
    await secure.close();
  });
});

describe('alerts', () => {
  test('a focal point sees and acts on their unit alone', async () => {
    const headers = { cookie: cookieOf(await logIn('dau-moi')) };
    const list = await rig.api.inject({ url: '/api/v1/alerts', headers });
    expect(list.json().items.map((alert: { id: string }) => alert.id)).toEqual([OWN_ALERT]);
    expect((await rig.api.inject({ url: `/api/v1/alerts/${FOREIGN_ALERT}`, headers })).statusCode).toBe(404);
    const act = (id: string, payload: object) =>
      rig.api.inject({ method: 'POST', url: `/api/v1/alerts/${id}/commands`, headers, payload });
    expect((await act(FOREIGN_ALERT, { type: 'acknowledge' })).statusCode).toBe(404);
    const done = await act(OWN_ALERT, { type: 'acknowledge' });
    expect(done.statusCode).toBe(200);
    expect(done.json()).toMatchObject({ id: OWN_ALERT, handling: 'acknowledged' });
    expect(rig.submitted.at(-1)).toMatchObject({ actor: 'dau-moi', command: { type: 'acknowledge' } });
    expect((await act(OWN_ALERT, { type: 'resolve' })).json()).toMatchObject({ type: 'urn:ioc:problem:forbidden' });
  });
});

describe('samples', () => {
  test('go in as they came, for a source of the own unit', async () => {
    const send = (source: string) =>
      rig.api.inject({
        method: 'POST',
        url: `/api/v1/samples?source=${source}`,
        headers: { ...rig.as('focal-point'), 'content-type': 'application/senml+json' },
        payload: '[{"bn":"tram-1:","n":"water-level","u":"m","v":1.5}',
      });
    const own = await send(`${OWN_UNIT}-tram`);
    expect(own.statusCode).toBe(202);
    expect(own.json()).toEqual({ accepted: 1, rejected: [{ index: 1, reason: 'bad-value' }] });
    // Broken JSON reaches the decoder: quarantine must keep it, so HTTP may not swallow it.
    expect(rig.intake.at(-1)).toEqual({
      source: `${OWN_UNIT}-tram`,
      body: '[{"bn":"tram-1:","n":"water-level","u":"m","v":1.5}',
    });
    expect((await send('so-xd-tram')).statusCode).toBe(404);
    expect((await send('khong-co')).statusCode).toBe(404);
    expect(rig.intake).toHaveLength(1);
  });
});
