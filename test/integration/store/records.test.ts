import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { Service } from '../../../server/store/service.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';
import { caughtUp, makeSeries, serve, T0, TestJournal } from './store-fixture.ts';

let database: TestDatabase;
let journal: TestJournal;
let service: Service;
const at = new Date(T0).toISOString();

beforeAll(async () => {
  database = await startTestDatabase();
  journal = await TestJournal.make();
  service = await serve(database.url, journal);
});
afterAll(async () => {
  await service.close();
  await journal.remove();
  await database.remove();
});

test('people, sessions, tokens and screens come back as they were given', async () => {
  const { identity } = service.calls;
  const user = {
    username: 'an',
    name: 'An',
    role: 'operator',
    unit: null,
    passwordHash: 'h',
    disabled: false,
  } as const;
  const session = { hash: 'a1', username: 'an', createdAt: at, expiresAt: '2099-01-01T00:00:00.000Z' };
  const token = { id: 't', hash: 'b', name: 'n', role: 'auditor', unit: 'x', createdBy: 'an', expiresAt: at } as const;
  const screen = { id: 's', hash: 'c', wall: 'main', pairedBy: 'an', pairedAt: at };
  await identity.createUser(user);
  await identity.createSession(session);
  await identity.createSession({ ...session, hash: 'old', expiresAt: '2001-01-01T00:00:00Z' });
  await identity.createToken(token);
  await identity.createScreen(screen);
  expect(await identity.load()).toEqual({ users: [user], sessions: [session], tokens: [token], screens: [screen] });

  await expect(identity.createUser(user)).rejects.toMatchObject({ code: 'exists', name: 'Conflict' });
  await expect(identity.createSession({ ...session, hash: 'x', username: 'ghost' })).rejects.toMatchObject({
    code: 'missing-reference',
  });
  expect(await identity.setPassword('an', 'h2')).toBe(true);
  expect(await identity.setPassword('ghost', 'h2')).toBe(false);
  await identity.deleteSession(session.hash);
  expect(await identity.deleteToken('t')).toBe(true);
  expect(await identity.deleteToken('t')).toBe(false);
  expect(await identity.deleteScreen('s')).toBe(true);
  expect(await identity.load()).toMatchObject({
    users: [{ passwordHash: 'h2' }],
    sessions: [],
    tokens: [],
    screens: [],
  });
});

test('units, sources, credentials and phones come back as they were given', async () => {
  const { units, sources, push } = service.calls;
  const unit = { id: 'so-nnmt', kind: 'department', name: { vi: 'Sở', en: 'Department' }, parent: null } as const;
  const commune = { id: 'xa-a', kind: 'commune', name: { vi: 'Xã', en: 'Commune' }, parent: 'so-nnmt' } as const;
  await units.create(unit);
  await units.create(commune);
  expect(await units.load()).toEqual([unit, commune]);
  await expect(units.create({ ...commune, id: 'xa-b', parent: 'ghost' })).rejects.toMatchObject({ name: 'Conflict' });

  const source = {
    id: 'gauges',
    unit: 'so-nnmt',
    name: 'G',
    decoder: 'senml',
    staleAfter: 1.5,
    recorded: false,
  } as const;
  const credential = { username: 'dev', hash: 'h', source: 'gauges', createdAt: at };
  await sources.create(source);
  await sources.addCredential(credential);
  expect(await sources.load()).toEqual({ sources: [source], credentials: [credential] });
  expect(await sources.deleteCredential('dev')).toBe(true);

  await service.calls.identity.createUser({
    username: 'binh',
    name: 'Bình',
    role: 'focal-point',
    unit: 'xa-a',
    passwordHash: 'h',
    disabled: false,
  });
  const phone = { id: 'p1', username: 'binh', endpoint: 'https://push/1', p256dh: 'k', auth: 'a', createdAt: at };
  await push.create(phone);
  await push.create({ ...phone, id: 'p2' });
  expect(await push.load()).toEqual([{ ...phone, id: 'p2' }]);
  expect(await push.delete('p2')).toBe(true);
});

test('series are found by source, name, thing and distance, page by page', async () => {
  const declared = [1, 2, 3].map((n) => ({ kind: 'series', series: makeSeries(n, 'river') }) as const);
  const thing = {
    source: 'river',
    id: 'station-1',
    name: 'Trạm 1',
    labels: { river: 'Lam' },
    position: [105, 18] as [number, number],
  };
  const moved = { ...thing, id: 'station-2', name: 'Trạm 2', position: [105, 18.1] as [number, number] };
  await caughtUp(service, await journal.append([], [...declared, { kind: 'thing', thing }]));
  await service.calls.things.put([{ ...moved, name: 'old' }, moved]);
  expect(await service.calls.things.load()).toEqual([thing, moved]);

  const names = async (query: object) =>
    (await service.calls.series.list({ limit: 10, ...query })).items.map((series) => series.name.replace(/:.*/, ''));
  expect(await names({})).toEqual(['station-1', 'station-2', 'station-3']);
  expect(await names({ source: 'nobody' })).toEqual([]);
  expect(await names({ name: '*-2:water-level' })).toEqual(['station-2']);
  expect(await names({ name: 'station_2:water-level' })).toEqual([]);
  expect(await names({ thing: 'station-3' })).toEqual(['station-3']);
  // A tenth of a degree of latitude is 11.1 km.
  expect(await names({ near: [105, 18, 11] })).toEqual(['station-1']);
  expect(await names({ near: [105, 18, 11.2] })).toEqual(['station-1', 'station-2']);

  const first = await service.calls.series.list({ limit: 2 });
  const rest = await service.calls.series.list({ limit: 2, cursor: first.nextCursor ?? '' });
  expect(rest).toEqual({ items: [expect.objectContaining({ thing: 'station-3', position: null })], nextCursor: null });
  const { number: _, ...known } = makeSeries(1, 'river');
  expect(first.items[0]).toEqual({ ...known, position: [105, 18], thingName: 'Trạm 1' });
});

test('samples are paged by time, and buckets by their start', async () => {
  const series = makeSeries(9, 'paged');
  const samples = Array.from({ length: 25 }, (_, i) => [9, T0 + i * 20_000, i] as const);
  await caughtUp(service, await journal.append(samples, [{ kind: 'series', series }]));
  const span = { id: series.id, from: at, to: new Date(T0 + 1e6).toISOString(), limit: 4 };
  for (const query of [span, { ...span, bucket: 60_000, fn: 'last' as const }]) {
    const values: (number | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.calls.series.samples({ ...query, ...(cursor && { cursor }) });
      values.push(...page.items.map((point) => point.value));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const all = samples.map(([, , value]) => value);
    expect(values).toEqual('bucket' in query ? [2, 5, 8, 11, 14, 17, 20, 23, 24] : all);
  }
  expect(await service.calls.series.samples({ ...span, id: 'unknown' })).toEqual({ items: [], nextCursor: null });
  await expect(service.calls.series.samples({ ...span, from: 'yesterday' })).rejects.toMatchObject({
    code: 'bad-query',
  });
  await expect(service.calls.series.samples({ ...span, bucket: 0.5 })).rejects.toMatchObject({ code: 'bad-query' });
});

test('events are one by source and id, and listed by type and time', async () => {
  const event = {
    id: 'e1',
    unit: 'so-nnmt',
    source: 'quakes',
    type: 'earthquake',
    thing: null,
    time: T0,
    position: [105.1, 19.2] as [number, number],
    title: 'M 3.1',
    data: { magnitude: 3.1 },
  };
  const later = { ...event, id: 'e2', time: T0 + 1000, position: null };
  const entries = [event, { ...event, title: 'again' }, later].map((one) => ({ kind: 'event', event: one }) as const);
  await caughtUp(service, await journal.append([], entries));
  const { events } = service.calls;
  expect(await events.list({ limit: 10 })).toEqual([later, event]);
  expect(await events.list({ types: ['earthquake'], since: new Date(T0 + 1).toISOString(), limit: 10 })).toEqual([
    later,
  ]);
  expect(await events.list({ types: ['flood'], limit: 10 })).toEqual([]);
});

test('quarantine is listed newest first, by source, page by page', async () => {
  const items = Array.from(
    { length: 5 },
    (_, n): QuarantineItem => ({
      id: `q${n}`,
      at: new Date(T0 + (n >> 1)).toISOString(),
      source: n === 4 ? null : 'gauges',
      transport: 'mqtt',
      topic: 'a/b',
      reason: 'schema',
      detail: 'd',
      excerpt: 'e',
      size: 3,
    }),
  );
  const entries = items.map((item) => ({ kind: 'quarantine', item }) as const);
  await caughtUp(service, await journal.append([], [...entries, ...entries]));
  const first = await service.calls.quarantine.list({ limit: 3 });
  const rest = await service.calls.quarantine.list({ limit: 3, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...rest.items].map((item) => item.id)).toEqual(['q4', 'q3', 'q2', 'q1', 'q0']);
  expect((await service.calls.quarantine.list({ source: 'gauges', limit: 1 })).items).toEqual([items[3]]);
});
