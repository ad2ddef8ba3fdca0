import { request } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { PASSWORD, type Rig, startRig } from './http-rig.ts';
import { TLS_FIXTURE } from './tls-fixture.ts';

let rig: Rig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

async function listen(options: Parameters<typeof startRig>[0] = {}): Promise<number> {
  rig = await startRig(options);
  await rig.api.listen({ host: '127.0.0.1', port: 0 });
  return (rig.api.server.address() as AddressInfo).port;
}

describe('a real connection', () => {
  test('that does not speak HTTP gets a problem, and the end', async () => {
    const port = await listen();
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('\x16\x03\x01 hello\r\n\r\n'));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('urn:ioc:problem:malformed');
  });

  test('pairs a wall: the screen by its cookies alone, the desk by the code', async () => {
    const port = await listen();
    const base = `http://127.0.0.1:${port}/api/v1`;
    const jar = new Map<string, string>();
    const screen = async (path: string, init: RequestInit = {}) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(base + path, { ...init, headers: { 'content-type': 'application/json', cookie } });
      for (const header of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
        expect(header).toContain('HttpOnly');
        if (header.includes('Max-Age=0;')) jar.delete(name);
        else jar.set(name, value);
      }
      return { status: response.status, body: await response.json() };
    };
    expect(await screen('/walls/main')).toMatchObject({ status: 401 });
    const asked = await screen('/wall-pairings', { method: 'POST', body: '{"wall":"main"}' });
    expect(asked).toMatchObject({ status: 201, body: { state: 'waiting', wall: 'main' } });
    expect(await screen('/wall-pairings/current')).toMatchObject({ status: 200, body: { state: 'waiting' } });

    const login = await rig!.api.inject({
      method: 'POST',
      url: '/api/v1/sessions',
      payload: { username: 'truc-ban', password: PASSWORD },
    });
    const headers = { cookie: String(login.headers['set-cookie']).split(';')[0] ?? '' };
    const desk = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
      rig!.api.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
    const { code } = asked.body as { code: string };
    expect((await desk('POST', '/wall-pairings/claim', { code: 'SAI00000' })).statusCode).toBe(404);
    expect((await desk('POST', '/wall-pairings/claim', { code })).json()).toEqual({ wall: 'main' });

    expect(await screen('/wall-pairings/current')).toMatchObject({ status: 200, body: { state: 'paired' } });
    expect([...jar.keys()]).toEqual(['ioc_screen']);
    expect(await screen('/walls/main')).toMatchObject({ status: 200, body: { id: 'main' } });
    expect(await screen('/sessions/current')).toMatchObject({ body: { kind: 'wall', wall: 'main' } });

    const { items } = (await desk('GET', '/wall-screens')).json();
    expect(items).toEqual([expect.objectContaining({ wall: 'main', pairedBy: 'truc-ban' })]);
    expect((await desk('DELETE', `/wall-screens/${items[0].id}`)).statusCode).toBe(204);
    expect(await screen('/walls/main')).toMatchObject({ status: 401 });
  });

  test('over TLS, where a certificate is given', async () => {
    const port = await listen({ tls: TLS_FIXTURE, secure: true });
    const response = await new Promise<{ status: number; hsts: unknown }>((resolve, reject) => {
      request(
        { host: '127.0.0.1', port, path: '/healthz', ca: TLS_FIXTURE.cert, servername: 'localhost' },
        (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0, hsts: answer.headers['strict-transport-security'] });
        },
      )
        .on('error', reject)
        .end();
    });
    expect(response).toEqual({ status: 200, hsts: 'max-age=31536000' });
  });
});
