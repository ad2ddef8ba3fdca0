import { beforeEach, describe, expect, test } from 'vitest';
import type { WallScreenRecord } from '#contract/records.ts';
import type { Caller } from '../../../server/auth/caller.ts';
import { PAIRING_LIFE, WallPairings } from '../../../server/auth/wall-pairing.ts';

const desk: Caller = {
  principal: { kind: 'user', name: 'truc-ban', role: 'operator', unit: null },
  from: '192.0.2.10',
};
const clock = { now: 1_000_000 };
let rows: WallScreenRecord[] = [];
let down = false;
let actions: string[] = [];
let unpaired: string[] = [];

function open(): WallPairings {
  return new WallPairings({
    store: {
      createScreen: async (screen) => {
        await Promise.resolve();
        if (down) throw Object.assign(new Error('down'), { code: 'store-down' });
        rows.push(screen);
      },
      deleteScreen: async (id) => {
        rows = rows.filter((row) => row.id !== id);
      },
    },
    wallExists: (wall) => wall === 'main',
    now: () => clock.now,
    audit: (_by, action) => actions.push(action),
    revoked: ({ id }) => unpaired.push(id),
  });
}

let walls: WallPairings;
beforeEach(() => {
  clock.now = 1_000_000;
  rows = [];
  down = false;
  actions = [];
  unpaired = [];
  walls = open();
});

async function pair(): Promise<string> {
  const { pairing, secret } = walls.start('main', '192.0.2.20');
  walls.claim(pairing.code, desk);
  return (await walls.collect(secret)).screenSecret!;
}

describe('pairing', () => {
  test('waits, is claimed at the desk, and gives the screen its own secret once', async () => {
    const { pairing, secret } = walls.start('main', '192.0.2.20');
    expect(pairing).toMatchObject({ wall: 'main', state: 'waiting' });
    expect(await walls.collect(secret)).toMatchObject({ pairing: { state: 'waiting' }, screenSecret: null });
    expect(walls.claim(`${pairing.code.slice(0, 4)} ${pairing.code.slice(4).toLowerCase()}`, desk)).toEqual({
      wall: 'main',
    });
    const [one, two] = await Promise.allSettled([walls.collect(secret), walls.collect(secret)]);
    expect(one).toMatchObject({ status: 'fulfilled', value: { pairing: { state: 'paired' } } });
    expect(two).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ wall: 'main', pairedBy: 'truc-ban' });
    expect(actions).toEqual(['wall.pair']);
  });

  test('makes a principal that knows its wall alone, until it is unpaired', async () => {
    const screen = await pair();
    const { id } = rows[0]!;
    expect(walls.principal(screen)).toEqual({ kind: 'wall', name: id, wall: 'main' });
    expect(walls.list()).toEqual([expect.objectContaining({ id, lastSeenAt: new Date(clock.now).toISOString() })]);
    expect(JSON.stringify(walls.list())).not.toContain(rows[0]!.hash);
    await walls.unpair(id, desk);
    expect(walls.principal(screen)).toBeNull();
    expect(unpaired).toEqual([id]);
    expect(rows).toEqual([]);
  });

  test('outlives a restart', async () => {
    const screen = await pair();
    const after = open();
    after.restore(rows);
    expect(after.principal(screen)).toMatchObject({ kind: 'wall', wall: 'main' });
  });

  test('is tried again when the database did not take the screen', async () => {
    const { pairing, secret } = walls.start('main', '192.0.2.20');
    walls.claim(pairing.code, desk);
    down = true;
    await expect(walls.collect(secret)).rejects.toMatchObject({ code: 'store-down' });
    down = false;
    expect((await walls.collect(secret)).screenSecret).not.toBeNull();
  });

  test('refuses a wall that is not configured', () => {
    expect(() => walls.start('other', '192.0.2.20')).toThrow(/no wall/);
  });
});

describe('a code', () => {
  test('lives ten minutes, and the screen is told', async () => {
    const { pairing, secret } = walls.start('main', '192.0.2.20');
    clock.now += PAIRING_LIFE;
    expect(() => walls.claim(pairing.code, desk)).toThrow(/no screen shows/);
    expect(await walls.collect(secret)).toMatchObject({ pairing: { state: 'expired' }, screenSecret: null });
    await expect(walls.collect(secret)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('works once', () => {
    const { pairing } = walls.start('main', '192.0.2.20');
    walls.claim(pairing.code, desk);
    expect(() => walls.claim(pairing.code, desk)).toThrow(/no screen shows/);
  });

  test('is not a secret: who read it from the wall cannot collect', async () => {
    const { pairing } = walls.start('main', '192.0.2.20');
    walls.claim(pairing.code, desk);
    await expect(walls.collect(pairing.code)).rejects.toMatchObject({ code: 'not-found' });
    await expect(walls.collect(null)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('cannot be guessed quickly', () => {
    const codes = Array.from({ length: 50 }, (_, i) => {
      try {
        walls.claim(`WRONG${i}`, desk);
        return 'claimed';
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes.slice(0, 6)).toEqual(Array(6).fill('not-found'));
    expect(new Set(codes.slice(6))).toEqual(new Set(['too-many-attempts']));
  });
});

describe('waiting screens', () => {
  test('are bounded over all, and make room when they go', () => {
    for (let i = 0; i < 100; i++) walls.start('main', `198.51.100.${i}`);
    expect(() => walls.start('main', '203.0.113.1')).toThrow(/too many screens/);
    clock.now += 2 * PAIRING_LIFE;
    expect(walls.start('main', '203.0.113.1').pairing.state).toBe('waiting');
  });

  test('of one address take places from each other, not from other walls', async () => {
    const other = walls.start('main', '192.0.2.30');
    const first = walls.start('main', '192.0.2.20');
    for (let i = 0; i < 200; i++) walls.start('main', '192.0.2.20');
    await expect(walls.collect(first.secret)).rejects.toMatchObject({ code: 'not-found' });
    expect((await walls.collect(other.secret)).pairing.state).toBe('waiting');
  });

  test('that load their page again give up their old code', async () => {
    let { pairing, secret } = walls.start('main', '192.0.2.20');
    const old = pairing.code;
    for (let i = 0; i < 50; i++) ({ pairing, secret } = walls.start('main', `192.0.2.${i}`, secret));
    expect(() => walls.claim(old, desk)).toThrow(/no screen shows/);
    expect(walls.claim(pairing.code, desk)).toEqual({ wall: 'main' });
    expect((await walls.collect(secret)).pairing.state).toBe('paired');
  });
});
