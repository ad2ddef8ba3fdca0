import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionRecord, UserRecord } from '#contract/records.ts';
import { SESSION_IDLE, SESSION_LONGEST, Sessions } from '../../../server/auth/session.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-23T00:00:00Z');
const user = (username: string): UserRecord => ({
  username,
  name: username,
  role: 'operator',
  unit: null,
  passwordHash: '',
  disabled: false,
});

const clock = { now: START };
const rows = new Map<string, SessionRecord>();
const users = new Map<string, UserRecord>();
let down = false;
let revoked = 0;
/** Whose sessions the database never takes. */
let refusedUser = '';

function open(records: readonly SessionRecord[] = []): Sessions {
  const sessions = new Sessions({
    store: {
      createSession: async (record) => {
        if (down || record.username === refusedUser) throw new Error('no');
        if (rows.has(record.hash)) throw new Error('unique');
        rows.set(record.hash, record);
      },
      deleteSession: async (hash) => {
        if (down) throw new Error('down');
        rows.delete(hash);
      },
    },
    user: (username) => users.get(username) ?? null,
    now: () => clock.now,
    log: { info: () => {}, warn: () => {} },
    revoked: () => {
      revoked++;
    },
  });
  sessions.restore(records);
  return sessions;
}

beforeEach(() => {
  clock.now = START;
  rows.clear();
  users.clear();
  for (const name of ['an', 'binh']) users.set(name, user(name));
  down = false;
  refusedUser = '';
  revoked = 0;
});

describe('a session', () => {
  test('ends after twelve hours unused', () => {
    const sessions = open();
    const secret = sessions.start('an');
    clock.now += SESSION_IDLE - 1;
    expect(sessions.principal(secret)).toMatchObject({ kind: 'user', name: 'an', role: 'operator' });
    clock.now += SESSION_IDLE;
    expect(sessions.principal(secret)).toBeNull();
    expect(revoked).toBe(1);
  });

  test('ends after seven days however much it is used', () => {
    const sessions = open();
    const secret = sessions.start('an');
    while (clock.now + HOUR < START + SESSION_LONGEST) {
      clock.now += HOUR;
      expect(sessions.principal(secret)).not.toBeNull();
    }
    clock.now += HOUR;
    expect(sessions.principal(secret)).toBeNull();
  });

  test('goes on after a restart with the end it had, use included', async () => {
    const sessions = open();
    const secret = sessions.start('an');
    clock.now += 10 * HOUR;
    sessions.principal(secret);
    await sessions.flush();
    clock.now += 5 * HOUR;
    expect(open([...rows.values()]).principal(secret)).not.toBeNull();
    clock.now += SESSION_IDLE;
    expect(open([...rows.values()]).principal(secret)).toBeNull();
  });

  test('ends with its user', () => {
    const sessions = open();
    const secret = sessions.start('an');
    users.delete('an');
    expect(sessions.principal(secret)).toBeNull();
  });

  test('never lies in the database itself, only its hash', async () => {
    const sessions = open();
    const secret = sessions.start('an');
    await sessions.flush();
    expect(JSON.stringify([...rows.values()])).not.toContain(secret);
    expect(rows.size).toBe(1);
  });
});

describe('while the database is down', () => {
  test('sessions begin and end in memory, and it learns both when it returns', async () => {
    const sessions = open();
    const kept = sessions.start('an');
    await sessions.flush();
    down = true;
    const ended = sessions.start('an');
    const during = sessions.start('binh');
    sessions.end(ended);
    sessions.end(kept);
    expect(sessions.principal(during)).not.toBeNull();
    expect(sessions.principal(kept)).toBeNull();
    await sessions.flush();
    expect(sessions.counts.waiting).toBe(3);
    down = false;
    await sessions.flush();
    expect(sessions.counts.waiting).toBe(0);
    expect([...rows.values()].map(({ username }) => username)).toEqual(['binh']);
  });

  test('one record it will never take does not hold up the others', async () => {
    const sessions = open();
    sessions.start('an');
    sessions.start('binh');
    await sessions.flush();
    refusedUser = 'an';
    rows.clear();
    clock.now += 2 * HOUR;
    sessions.start('an');
    sessions.start('binh');
    await sessions.flush();
    await sessions.flush();
    expect([...rows.values()].map(({ username }) => username)).toEqual(['binh']);
    expect(sessions.counts.waiting).toBe(1);
  });
});

test('twenty sessions a person; the oldest goes', () => {
  const sessions = open();
  const secrets = Array.from({ length: 25 }, () => sessions.start('an'));
  sessions.start('binh');
  expect(secrets.map((secret) => sessions.principal(secret) !== null)).toEqual([
    ...Array(5).fill(false),
    ...Array(20).fill(true),
  ]);
});

test('a changed password ends the others', () => {
  const sessions = open();
  const [here, elsewhere] = [sessions.start('an'), sessions.start('an')];
  const other = sessions.start('binh');
  sessions.endOthers('an', here);
  expect(sessions.principal(here)).not.toBeNull();
  expect(sessions.principal(elsewhere)).toBeNull();
  expect(sessions.principal(other)).not.toBeNull();
});

test('sweeping ends what nobody asks for again', () => {
  const sessions = open();
  sessions.start('an');
  clock.now += SESSION_IDLE;
  sessions.sweep();
  expect(sessions.counts.sessions).toBe(0);
});
