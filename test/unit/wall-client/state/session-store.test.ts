import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HubHttp } from '../../../../wall-client/connection/http.ts';
import { ServerClock } from '../../../../wall-client/state/clock.ts';
import { SessionStore } from '../../../../wall-client/state/session-store.ts';
import { VirtualClock } from '../virtual-clock.ts';

const OFFICER = { kind: 'user', name: 'an', role: 'operator', unit: null, displayName: 'Nguyễn Văn An' };

let server: Server;
let loggedIn: boolean;
let store: SessionStore;
let http: HubHttp;

beforeEach(async () => {
  loggedIn = false;
  server = createServer((request, response) => {
    if (request.method === 'POST') loggedIn = request.headers['content-type'] === 'application/json';
    if (request.method === 'DELETE') loggedIn = false;
    const broken = request.url?.endsWith('/broken');
    const status = broken ? 503 : request.method === 'DELETE' ? 204 : loggedIn ? 200 : 401;
    response.writeHead(status).end(status === 200 ? JSON.stringify(OFFICER) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = new HubHttp({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  store = new SessionStore(http);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('from not knowing, to nobody, to somebody, to nobody', async () => {
  const states: string[] = [store.state];
  store.subscribe(() => states.push(store.state));
  await store.load();
  await store.logIn('an', 'secret');
  expect(store.principal).toMatchObject({ kind: 'user', name: 'an', role: 'operator' });
  expect(store.displayName).toBe('Nguyễn Văn An');
  await store.logOut();
  expect([store.principal, store.displayName]).toEqual([null, null]);
  expect(states).toEqual(['unknown', 'none', 'present', 'none']);
});

test('a session that ends elsewhere ends here with the next call', async () => {
  await store.logIn('an', 'secret');
  loggedIn = false;
  await expect(http.get('/alerts')).rejects.toMatchObject({ key: 'unauthorised' });
  expect(store.state).toBe('none');
});

test('a hub that cannot answer says nothing about who we are', async () => {
  await store.logIn('an', 'secret');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(store.load()).rejects.toMatchObject({ key: 'offline' });
  expect(store.state).toBe('present');
});

test('the clock ticks once a second by the hub’s time, and no age is negative', () => {
  const time = new VirtualClock(10_000);
  const clock = new ServerClock(() => time.now() + 500, { every: time.every });
  const seen: number[] = [];
  clock.subscribe(() => seen.push(clock.now));
  time.advance(3000);
  clock.stop();
  time.advance(3000);
  expect(seen).toEqual([11_500, 12_500, 13_500]);
  expect([clock.ageOf(10_000), clock.ageOf(99_999)]).toEqual([6500, 0]);
});
