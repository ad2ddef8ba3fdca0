import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Principal } from '#contract/people.ts';
import { logIn } from '../../../../wall-client/views/login/log-in.ts';
import { loginTarget } from '../../../../wall-client/views/login/login-target.ts';

const ORIGIN = 'https://ioc.example';
const user = (role: 'operator' | 'focal-point' | 'head' | 'administrator'): Principal => ({
  kind: 'user',
  name: 'a',
  role,
  unit: null,
});

describe('where a login leads', () => {
  test.each<[string, Principal | null, string, string]>([
    ['', user('operator'), '/desk', 'the centre works at desks'],
    ['', user('administrator'), '/desk', 'so does whoever runs the system'],
    ['', user('focal-point'), '/m/', 'officers of units have a phone'],
    ['', user('head'), '/m/', 'and so have their heads'],
    ['', null, '/login', 'nobody: the form again'],
    ['?next=/desk%23/alerts/1', user('focal-point'), '/desk#/alerts/1', 'what was asked for wins over the role'],
    ['?next=/m/?x=1', user('operator'), '/m/?x=1', 'query and hash come along'],
    ['?next=https://evil.example/', user('operator'), '/desk', 'another origin'],
    ['?next=//evil.example/', user('operator'), '/desk', 'another origin without its scheme'],
    ['?next=/%5Cevil.example/', user('operator'), '/desk', 'browsers read a backslash as a slash'],
    ['?next=/%09/evil.example/', user('operator'), '/desk', 'and drop tabs'],
    ['?next=javascript:alert(1)', user('operator'), '/desk', 'not a path at all'],
    ['?next=/login', user('operator'), '/desk', 'the login again would go round in circles'],
  ])('%s', (search, principal, target) => {
    expect(loginTarget(search, principal, ORIGIN)).toBe(target);
  });
});

describe('an attempt to log in', () => {
  let stop = () => {};
  afterEach(() => stop());

  async function hubThatAnswers(status: number, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_, response) => response.writeHead(status, headers).end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stop = () => server.close();
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each<[number, Record<string, string>, object, string]>([
    [201, {}, { kind: 'entered' }, 'the hub made a session'],
    [401, {}, { kind: 'wrong' }, 'name or password'],
    [429, { 'retry-after': '7' }, { kind: 'throttled', seconds: 7 }, 'the hub says how long'],
    [429, {}, { kind: 'throttled', seconds: 30 }, 'it does not say: a guess, never zero'],
    [504, {}, { kind: 'unreachable' }, 'a proxy answers in the hub’s place'],
  ])('answered with %i', async (status, headers, outcome) => {
    expect(await logIn(await hubThatAnswers(status, headers), 'a', 'b')).toEqual(outcome);
  });

  test('a hub that is not there is unreachable, not a wrong password', async () => {
    const origin = await hubThatAnswers(200);
    stop();
    expect(await logIn(origin, 'a', 'b')).toEqual({ kind: 'unreachable' });
  });

  test('a database that does not answer is told as such', async () => {
    expect(await logIn(await hubThatAnswers(503), 'a', 'b')).toMatchObject({
      kind: 'failed',
      error: { key: 'unavailable' },
    });
  });
});
