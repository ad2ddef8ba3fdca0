import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hubCookies, readCookie, setCookie } from '../../../server/auth/cookie.ts';
import { PasswordHasher } from '../../../server/auth/password.ts';
import { generateCode, generateSecret, hashSecret, normaliseCode, sameHash } from '../../../server/auth/secret.ts';

describe('secrets', () => {
  test('are 256 random bits, kept as SHA-256', () => {
    const secrets = new Set(Array.from({ length: 1000 }, () => generateSecret()));
    expect(secrets.size).toBe(1000);
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('compare equal only to themselves', () => {
    expect(sameHash(hashSecret('a'), hashSecret('a'))).toBe(true);
    expect(sameHash(hashSecret('a'), hashSecret('b'))).toBe(false);
    expect(sameHash('', '')).toBe(false);
    expect(sameHash(hashSecret('a'), 'aa')).toBe(false);
  });

  test('codes avoid what looks alike and survive being typed in lower case with spaces', () => {
    const codes = Array.from({ length: 300 }, () => generateCode(8));
    for (const code of codes) {
      expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
      expect(normaliseCode(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)).toBe(code);
    }
    // Every character of the alphabet turns up: a code of fewer would be guessed sooner.
    expect(new Set(codes.join('')).size).toBe(32);
  });
});

describe('cookies', () => {
  test('over HTTPS are bound to the host', () => {
    const { session } = hubCookies(true);
    expect(setCookie(session, 'x', 60)).toBe(
      '__Host-ioc_session=x; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
    expect(setCookie(hubCookies(false).session, 'x', 60)).toBe(
      'ioc_session=x; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  test('are found by their whole name, among anything', () => {
    const { session } = hubCookies(false);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z]{0,6}(ioc_session)?[a-z]?$/), fc.stringMatching(/^[\w=-]{0,9}$/))),
        fc.stringMatching(/^[\w-]{1,43}$/),
        (others, value) => {
          const parts = others.filter(([name]) => name !== session.name).map(([name, other]) => `${name}=${other}`);
          expect(readCookie(parts.join('; '), session)).toBeNull();
          expect(readCookie([...parts, `${session.name}=${value}`].join('; '), session)).toBe(value);
        },
      ),
    );
    expect(readCookie(undefined, session)).toBeNull();
    expect(readCookie('ioc_session=', session)).toBeNull();
    // Over HTTPS a cookie planted under the plain name by a sibling host must not count.
    expect(readCookie('ioc_session=planted', hubCookies(true).session)).toBeNull();
  });
});

describe('passwords', () => {
  test('are argon2id and match only themselves', async () => {
    const hasher = new PasswordHasher();
    const stored = await hasher.hash('mật khẩu'.normalize('NFC'));
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(stored, 'mật khẩu'.normalize('NFD'))).toBe(true);
    expect(await hasher.verify(stored, 'mat khau')).toBe(false);
    expect(await hasher.verify(null, 'nobody has this password')).toBe(false);
  });

  test('are checked one at a time, and a flood is refused instead of queued without end', async () => {
    const hasher = new PasswordHasher({ concurrency: 1, maxWaiting: 3 });
    const stored = await hasher.hash('x');
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.verify(stored, 'x')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatchObject({ reason: { code: 'busy', retryAfter: 5 } });
    expect(await hasher.verify(stored, 'x')).toBe(true);
  });
});
