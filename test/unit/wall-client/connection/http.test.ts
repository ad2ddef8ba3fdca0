import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HTTP_PROBLEM_TEXT, HttpError, HubHttp } from '../../../../wall-client/connection/http.ts';

let server: Server;
let http: HubHttp;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = new HubHttp({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const problem = (status: number, body: unknown) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const failure = (call: Promise<unknown>): Promise<HttpError> =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: HttpError) => error,
  );

test('a call carries method, query without what is empty, body and idempotency key', async () => {
  answer = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const { 'content-type': type, 'idempotency-key': key } = headers;
      response.end(JSON.stringify({ method, url, type, key, body: Buffer.concat(chunks).toString() }));
    });
  };
  expect(await http.get('/alerts', { severity: 'critical', unit: undefined, rule: '', limit: 5 })).toEqual({
    ...{ method: 'GET', url: '/api/v1/alerts?severity=critical&limit=5', body: '' },
  });
  expect(await http.post('/alerts/a/commands', { type: 'acknowledge' }, { idempotencyKey: 'k' })).toEqual({
    ...{ method: 'POST', url: '/api/v1/alerts/a/commands', type: 'application/json', key: 'k' },
    body: '{"type":"acknowledge"}',
  });
});

test('an answer without content is undefined', async () => {
  answer = (_, response) => response.writeHead(204).end();
  expect(await http.delete('/sessions/current')).toBeUndefined();
});

test.each([
  [400, 'invalid'],
  [401, 'unauthorised'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [422, 'invalid'],
  [429, 'too-many'],
  [500, 'unexpected'],
  [503, 'unavailable'],
] as const)('status %d is told as %s, in both languages', async (status, key) => {
  const errors = [{ at: '/name', reason: 'empty' }];
  answer = problem(status, { type: 'https://x/problem', title: 'T', status, detail: 'D', errors });
  const error = await failure(http.get('/x'));
  expect(error).toBeInstanceOf(HttpError);
  expect(error).toMatchObject({ key, status, type: 'https://x/problem', detail: 'D', errors });
  expect(error.text).toBe(HTTP_PROBLEM_TEXT[key]);
});

test('a failure without problem details, as from a proxy, is a failure all the same', async () => {
  answer = problem(502, '<html>Bad gateway</html>');
  expect(await failure(http.get('/x'))).toMatchObject({ key: 'unavailable', status: 502, type: '', errors: [] });
});

test('success that is not JSON is not taken for data', async () => {
  answer = problem(200, '<html>log in to the network</html>');
  expect(await failure(http.get('/x'))).toMatchObject({ key: 'unexpected', status: 200 });
});

test('no answer in time, no connection and a caller’s change of mind are three things', async () => {
  answer = () => {};
  expect(await failure(http.get('/x', {}, { timeout: 50 }))).toMatchObject({ key: 'timeout', status: 0 });
  const controller = new AbortController();
  const call = failure(http.get('/x', {}, { signal: controller.signal }));
  controller.abort(new Error('the view was closed'));
  expect((await call).message).toBe('the view was closed');
  const nowhere = new HubHttp({ origin: 'http://127.0.0.1:1' });
  expect(await failure(nowhere.get('/x'))).toMatchObject({ key: 'offline', status: 0 });
});

test('a body that breaks off is a failure of the connection, told as such', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"half":');
    setTimeout(() => response.destroy(), 20);
  };
  expect(await failure(http.get('/x'))).toMatchObject({ key: 'offline', status: 0 });
});

test('the end of a session is announced; a wrong password is not the end of a session', async () => {
  answer = problem(401, { title: 'no' });
  let ended = 0;
  const stop = http.onUnauthorised(() => ended++);
  await failure(http.post('/sessions', { username: 'a', password: 'b' }));
  expect(ended).toBe(0);
  await failure(http.get('/alerts'));
  expect(ended).toBe(1);
  stop();
  await failure(http.get('/alerts'));
  expect(ended).toBe(1);
});
