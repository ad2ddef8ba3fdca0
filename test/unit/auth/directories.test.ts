import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '#contract/records.ts';
import type { Source } from '#contract/source.ts';
import { auditWith, type Caller } from '../../../server/auth/caller.ts';
import { ensureFirstAdministrator } from '../../../server/auth/first-administrator.ts';
import { PasswordHasher } from '../../../server/auth/password.ts';
import { SourceDirectory } from '../../../server/auth/source-directory.ts';
import { TokenRegister } from '../../../server/auth/token-register.ts';
import { UnitDirectory } from '../../../server/auth/unit-directory.ts';
import { UserDirectory } from '../../../server/auth/user-directory.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z');
const admin: Caller = {
  principal: { kind: 'user', name: 'admin', role: 'administrator', unit: null },
  from: '192.0.2.1',
};
const unitExists = (unit: string) => unit === 'so-nnmt';
const hasher = new PasswordHasher();
let trail: AuditEntry[] = [];
let writes: unknown[] = [];
let failure: Error | null = null;
const write = async (row: unknown) => {
  await Promise.resolve();
  if (failure) throw failure;
  writes.push(row);
};
const audit = auditWith({ record: (entry) => trail.push(entry) }, () => NOW);

beforeEach(() => {
  trail = [];
  writes = [];
  failure = null;
});

describe('users', () => {
  const open = () =>
    new UserDirectory({
      store: { createUser: write, setPassword: (username, hash) => write({ username, hash }) },
      hasher,
      unitExists,
      audit,
    });
  const person = { username: 'an', name: 'An', role: 'operator', password: 'mật khẩu dài' } as const;

  test('are kept with a hash, and the trail says who made them', async () => {
    const users = open();
    expect(await users.create(person, admin)).toEqual({ username: 'an', name: 'An', role: 'operator', unit: null });
    expect(JSON.stringify(writes)).not.toContain(person.password);
    expect(JSON.stringify(users.list(null))).not.toContain('argon2');
    expect(trail).toEqual([
      {
        at: '2026-11-23T03:00:00.000Z',
        actor: 'admin',
        from: '192.0.2.1',
        action: 'user.create',
        subject: 'an',
        detail: { role: 'operator', unit: null },
      },
    ]);
  });

  test('exist once, also when asked for twice at the same time', async () => {
    const users = open();
    const results = await Promise.allSettled([users.create(person, admin), users.create(person, admin)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(writes).toHaveLength(1);
    await expect(users.create(person, admin)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('are not known to memory when the database did not take them', async () => {
    const users = open();
    failure = new Error('down');
    await expect(users.create(person, admin)).rejects.toThrow('down');
    expect(users.active('an')).toBeNull();
    failure = null;
    await users.create(person, admin);
    expect(users.active('an')).not.toBeNull();
  });

  test('act for a unit that exists', async () => {
    const users = open();
    const focal = { ...person, role: 'focal-point' } as const;
    await expect(users.create(focal, admin)).rejects.toMatchObject({ errors: [{ at: '/unit' }] });
    await expect(users.create({ ...focal, unit: 'nowhere' }, admin)).rejects.toMatchObject({
      errors: [{ at: '/unit' }],
    });
    await users.create({ ...focal, unit: 'so-nnmt' }, admin);
    expect(users.list(['so-nnmt'])).toHaveLength(1);
    expect(users.list(['so-xd'])).toHaveLength(0);
  });

  test('change their password only with the old one', async () => {
    const users = open();
    await users.create(person, admin);
    await expect(users.changePassword('an', 'wrong', 'một cái mới', admin)).rejects.toMatchObject({
      errors: [{ at: '/current' }],
    });
    await users.changePassword('an', person.password, 'một cái mới', admin);
    expect(await hasher.verify(users.active('an')!.passwordHash, 'một cái mới')).toBe(true);
    expect(trail.map(({ action }) => action)).toEqual(['user.create', 'user.password-refused', 'user.password']);
  });

  test('that are disabled do not exist for a login', () => {
    const users = open();
    users.restore([{ ...person, unit: null, passwordHash: '', disabled: true }]);
    expect(users.active('an')).toBeNull();
    expect(users.hasAdministrator).toBe(false);
  });

  describe('the first administrator', () => {
    test('is made once, with a password that is kept before the account exists', async () => {
      const users = open();
      const order: string[] = [];
      const keep = async (password: string) => {
        order.push(`keep ${password.length} before ${writes.length} accounts`);
      };
      const made = await ensureFirstAdministrator({ users, password: null, keep });
      expect(made).toMatchObject({ username: 'admin' });
      expect(order).toEqual(['keep 20 before 0 accounts']);
      expect(await hasher.verify(users.active('admin')!.passwordHash, made!.password!)).toBe(true);
      expect(await ensureFirstAdministrator({ users, password: null, keep })).toBeNull();
    });

    test('takes the given password and does not print or keep it', async () => {
      const users = open();
      const keep = () => Promise.reject(new Error('must not be kept'));
      const made = await ensureFirstAdministrator({ users, password: 'cho trước mười hai', keep });
      expect(made).toEqual({ username: 'admin', password: null });
    });
  });
});

describe('tokens', () => {
  let revoked = 0;
  const open = (now = () => NOW) =>
    new TokenRegister({
      store: { createToken: write, deleteToken: write },
      unitExists,
      now,
      audit,
      revoked: () => {
        revoked++;
      },
    });

  test('work until they are withdrawn, and only their hash is kept', async () => {
    const tokens = open();
    const made = await tokens.create({ name: 'phần mềm sở', role: 'focal-point', unit: 'so-nnmt' }, admin);
    expect(made.token).toMatch(/^ioc_[\w-]{43}$/);
    expect(tokens.principal(made.token)).toEqual({
      kind: 'token',
      name: 'phần mềm sở',
      role: 'focal-point',
      unit: 'so-nnmt',
    });
    expect(JSON.stringify([writes, tokens.list(), trail])).not.toContain(made.token);
    expect(JSON.stringify(tokens.list())).not.toContain('hash');
    await tokens.delete(made.id, admin);
    expect(tokens.principal(made.token)).toBeNull();
    expect(revoked).toBe(1);
    await expect(tokens.delete(made.id, admin)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('expire', async () => {
    let now = NOW;
    const tokens = open(() => now);
    const made = await tokens.create({ name: 'x', role: 'auditor', expiresAt: '2026-11-23T04:00:00Z' }, admin);
    now = Date.parse('2026-11-23T03:59:59Z');
    expect(tokens.principal(made.token)).not.toBeNull();
    now += 1000;
    expect(tokens.principal(made.token)).toBeNull();
    const past = { name: 'x', role: 'auditor', expiresAt: '2026-11-23T04:00:00Z' } as const;
    await expect(tokens.create(past, admin)).rejects.toMatchObject({ errors: [{ at: '/expiresAt' }] });
  });
});

describe('sources', () => {
  const gauges: Source = {
    id: 'gauges',
    unit: 'so-nnmt',
    name: 'Trạm thủy văn',
    decoder: 'json',
    staleAfter: 60,
    recorded: false,
  };
  const open = () =>
    new SourceDirectory({
      store: {
        load: async () => ({ sources: [], credentials: [] }),
        create: write,
        addCredential: write,
        deleteCredential: write,
      },
      unitExists,
      now: () => NOW,
      audit,
    });

  test('are completed, announced and then found', async () => {
    const sources = open();
    const heard: string[] = [];
    sources.onAdded(({ id }) => heard.push(id));
    const made = await sources.create({ id: 'rain', unit: 'so-nnmt', name: 'Mưa' }, admin);
    expect(made).toEqual({
      id: 'rain',
      unit: 'so-nnmt',
      name: 'Mưa',
      decoder: 'senml',
      staleAfter: 300,
      recorded: false,
    });
    expect(sources.source('rain')).toEqual(made);
    expect(heard).toEqual(['rain']);
    await expect(sources.create({ id: 'rain', unit: 'so-nnmt', name: 'x' }, admin)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(sources.create({ id: 'y', unit: 'nowhere', name: 'x' }, admin)).rejects.toMatchObject({
      errors: [{ at: '/unit' }],
    });
  });

  test('of the configuration win over those of the database', () => {
    const sources = open();
    sources.restore([{ ...gauges, name: 'old' }], []);
    sources.configure([gauges]);
    expect(sources.source('gauges')?.name).toBe('Trạm thủy văn');
    expect(sources.sources()).toHaveLength(1);
    sources.configure([]);
    expect(sources.source('gauges')?.name).toBe('old');
  });

  test('have credentials that open them and nothing else', async () => {
    const sources = open();
    sources.configure([gauges]);
    const revoked: string[] = [];
    sources.onCredentialRevoked((username) => revoked.push(username));
    const { username, password } = await sources.addCredential(gauges, admin);
    expect(sources.verify(username, password)).toEqual(gauges);
    for (const [name, secret] of [
      [username, `${password}x`],
      [username, ''],
      ['nobody', password],
      ['nobody', ''],
    ] as const) {
      expect(sources.verify(name, secret)).toBeNull();
    }
    expect(JSON.stringify([writes, trail, sources.credentials('gauges')])).not.toContain(password);
    await expect(sources.deleteCredential('other', username, admin)).rejects.toMatchObject({ code: 'not-found' });
    await sources.deleteCredential('gauges', username, admin);
    expect(sources.verify(username, password)).toBeNull();
    expect(revoked).toEqual([username]);
  });

  test('have at most fifty of them', async () => {
    const sources = open();
    sources.configure([gauges]);
    for (let i = 0; i < 50; i++) await sources.addCredential(gauges, admin);
    await expect(sources.addCredential(gauges, admin)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('units', () => {
  test('join those of the configuration and those added, under a parent that exists', async () => {
    const units = new UnitDirectory({ store: { load: async () => [], create: write }, audit });
    units.configure([{ id: 'tinh', kind: 'province', name: { vi: 'Tỉnh', en: 'Province' }, parent: null }]);
    const ward = { id: 'p-1', kind: 'commune', name: { vi: 'Phường', en: 'Ward' } } as const;
    await expect(units.create({ ...ward, parent: 'nowhere' }, admin)).rejects.toMatchObject({
      errors: [{ at: '/parent' }],
    });
    expect(await units.create({ ...ward, parent: 'tinh' }, admin)).toMatchObject({ id: 'p-1', parent: 'tinh' });
    await expect(units.create({ ...ward, id: 'tinh' }, admin)).rejects.toMatchObject({ code: 'conflict' });
    expect(units.list().map(({ id }) => id)).toEqual(['p-1', 'tinh']);
  });
});
