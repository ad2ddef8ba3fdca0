import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWN_UNIT, PASSWORD, type Rig, startRig } from './http-rig.ts';

/** What a socket's opening needs of auth: the same people as HTTP, and no foreign page's sockets. */
const PUBLIC = 'https://ioc.example';
let rig: Rig;
let cookie: string;

beforeAll(async () => {
  rig = await startRig({ secure: true, publicUrl: PUBLIC });
  cookie = `__Host-ioc_session=${await rig.auth.signIn.signIn({ username: 'dau-moi', password: PASSWORD }, '192.0.2.1')}`;
});
afterAll(() => rig.close());

describe('a socket', () => {
  test('of the own page is the person whose cookie it shows', () => {
    const principal = rig.auth.authenticate({ cookie, origin: PUBLIC });
    expect(principal).toEqual({ kind: 'user', name: 'dau-moi', role: 'focal-point', unit: OWN_UNIT });
    expect(rig.auth.alertUnits(principal!)).toEqual([OWN_UNIT]);
  });

  test.each(['https://evil.example', 'http://ioc.example', 'https://ioc.example:444', 'null'])(
    'of a page of %s is nobody, whatever cookie the browser adds',
    (origin) => {
      expect(rig.auth.authenticate({ cookie, origin })).toBeNull();
      expect(rig.auth.authenticate({ cookie, origin, own: origin })).toBeNull();
    },
  );

  test('with a token is the machine, and a wrong token is not saved by a cookie', () => {
    const token = rig.as('auditor').authorization.replace('Bearer ', '');
    expect(rig.auth.authenticate({ token })).toMatchObject({ kind: 'token', role: 'auditor' });
    expect(rig.auth.authenticate({ token: 'ioc_made-up', cookie, origin: PUBLIC })).toBeNull();
  });

  test('learns when a right may have ended', async () => {
    let asked = 0;
    rig.auth.onRevoked(() => {
      asked++;
    });
    const secret = await rig.auth.signIn.signIn({ username: 'dau-moi', password: PASSWORD }, '192.0.2.1');
    rig.auth.sessions.end(secret);
    expect(asked).toBe(1);
    expect(rig.auth.authenticate({ cookie: `__Host-ioc_session=${secret}`, origin: PUBLIC })).toBeNull();
    rig.clock.now += 13 * 3_600_000;
    await rig.auth.tend();
    expect(asked).toBe(2);
    expect(rig.auth.authenticate({ cookie, origin: PUBLIC })).toBeNull();
  });
});
