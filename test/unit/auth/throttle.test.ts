import { describe, expect, test } from 'vitest';
import { type Attempt, Throttle } from '../../../server/auth/throttle.ts';

const HERE = '192.0.2.1';

function setUp(maxEntries?: number) {
  const clock = { now: 1_000_000 };
  const throttle = new Throttle({ now: () => clock.now, ...(maxEntries === undefined ? {} : { maxEntries }) });
  const attempt = (account: string, address: string): number => {
    const admitted = throttle.admit(account, address);
    return 'wait' in admitted ? admitted.wait : 0;
  };
  const logIn = (account: string, address: string) => {
    const admitted = throttle.admit(account, address);
    expect('wait' in admitted).toBe(false);
    (admitted as Attempt).succeeded();
  };
  return { clock, throttle, attempt, logIn };
}

describe('one name at one address', () => {
  test('has five attempts free, then waits twice as long each time', () => {
    const { clock, attempt } = setUp();
    for (let i = 0; i < 6; i++) expect(attempt('an', HERE)).toBe(0);
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const wait = attempt('an', HERE);
      waits.push(wait);
      clock.now += wait * 1000;
      expect(attempt('an', HERE)).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8]);
  });

  test('never waits longer than five minutes, and a refused attempt costs nothing', () => {
    const { clock, attempt } = setUp();
    for (let i = 0; i < 40; i++) {
      clock.now += attempt('an', HERE) * 1000;
      attempt('an', HERE);
    }
    const wait = attempt('an', HERE);
    expect(wait).toBeLessThanOrEqual(300);
    for (let i = 0; i < 100; i++) expect(attempt('an', HERE)).toBe(wait);
  });

  test('a thousand attempts sent together are not a thousand guesses', () => {
    const { attempt } = setUp();
    const admitted = Array.from({ length: 1000 }, () => attempt('an', HERE)).filter((wait) => wait === 0);
    expect(admitted).toHaveLength(6);
  });

  test('is forgotten with time', () => {
    const { clock, attempt } = setUp();
    for (let i = 0; i < 6; i++) attempt('an', HERE);
    expect(attempt('an', HERE)).toBeGreaterThan(0);
    clock.now += 3_600_000;
    for (let i = 0; i < 5; i++) expect(attempt('an', HERE)).toBe(0);
  });

  test('begins anew after a login', () => {
    const { attempt, logIn } = setUp();
    for (let i = 0; i < 5; i++) attempt('an', HERE);
    logIn('an', HERE);
    for (let i = 0; i < 5; i++) expect(attempt('an', HERE)).toBe(0);
  });
});

describe('a person whose name others try', () => {
  test('is not held up where they logged in before', () => {
    const { attempt, logIn } = setUp();
    logIn('an', HERE);
    for (let i = 0; i < 5000; i++) attempt('an', `198.51.${i >> 8}.${i & 255}`);
    expect(attempt('an', HERE)).toBe(0);
  });

  test('waits at most half a minute at a new address', () => {
    const { attempt } = setUp();
    for (let i = 0; i < 200; i++) attempt('an', `198.51.100.${i}`);
    const wait = attempt('an', '203.0.113.1');
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(30);
  });
});

describe('one address', () => {
  test('trying many names is slowed down', () => {
    const { attempt } = setUp();
    const free = Array.from({ length: 60 }, (_, i) => attempt(`name-${i}`, HERE)).filter((wait) => wait === 0);
    expect(free).toHaveLength(21);
  });

  test('with an account of its own cannot wipe its slate with it', () => {
    const { attempt, throttle } = setUp();
    for (let i = 0; i < 60; i++) {
      attempt(`name-${i}`, HERE);
      const own = throttle.admit('own', HERE);
      if (!('wait' in own)) own.succeeded();
    }
    expect(attempt('victim', HERE)).toBeGreaterThan(0);
  });

  test('is the whole /64 in IPv6, and the same address in its mapped form', () => {
    const { attempt } = setUp();
    for (let i = 1; i < 30; i++) attempt(`name-${i}`, `2001:db8:0:1::${i.toString(16)}`);
    expect(attempt('other', '2001:db8::1:ffff:0:0:1')).toBeGreaterThan(0);
    expect(attempt('other', '2001:db8:0:2::1')).toBe(0);
    for (let i = 1; i < 30; i++) attempt(`name-${i}`, '192.0.2.77');
    expect(attempt('other', '::ffff:192.0.2.77')).toBeGreaterThan(0);
  });
});

test('many addresses with many names are slowed down overall', () => {
  const { attempt } = setUp();
  const free = Array.from({ length: 400 }, (_, i) => attempt(`name-${i}`, `198.51.${i >> 8}.${i & 255}`));
  expect(free.filter((wait) => wait === 0).length).toBeLessThanOrEqual(201);
});

test('the tables stay bounded', () => {
  const { clock, attempt, logIn, throttle } = setUp(50);
  for (let i = 0; i < 500; i++) {
    clock.now += 60_000;
    attempt(`name-${i}`, `198.51.${i >> 8}.${i & 255}`);
    logIn(`known-${i}`, `198.51.${i >> 8}.${i & 255}`);
  }
  expect(throttle.size).toBeLessThanOrEqual(100);
});
