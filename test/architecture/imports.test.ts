import { expect, test } from 'vitest';
import { type Import, importsOf, sourceFiles } from './source-tree.ts';

const server = sourceFiles('server').flatMap(importsOf);
const client = sourceFiles('wall-client').flatMap(importsOf);
const all = [...server, ...client];

const room = (path: string) => /^server\/([^/]+)\//.exec(path)?.[1] ?? null;
const shown = (imports: readonly Import[]) => imports.map(({ from, to }) => `${from} → ${to}`);

/** Rooms that only the composition root may bring together. */
const SEPARATE = ['ingest', 'journal', 'store', 'evaluate', 'alert', 'notify', 'broadcast', 'office'];
const ROOT_ROOMS = ['assembly', 'cli'];

test('the scanner sees imports at all', () => {
  expect(server.length).toBeGreaterThan(100);
  expect(server.some(({ from, to }) => from.startsWith('server/ingest/') && to === 'server/contract/names.ts')).toBe(
    true,
  );
});

test('the contract imports TypeBox alone, and its names nothing', () => {
  const outward = server.filter(
    ({ from, to, own }) => room(from) === 'contract' && !(own ? room(to) === 'contract' : to === 'typebox'),
  );
  expect(shown(outward)).toEqual([]);
  expect(shown(server.filter(({ from }) => from === 'server/contract/names.ts'))).toEqual([]);
});

test('rooms do not import each other', () => {
  const crossings = server.filter(({ from, to, own }) => {
    const here = room(from);
    const there = room(to);
    return own && here !== null && SEPARATE.includes(here) && there !== here && there !== 'contract';
  });
  expect(shown(crossings)).toEqual([]);
});

test('only the composition root reaches into the separate rooms', () => {
  const reaching = server.filter(({ from, to, own }) => {
    const here = room(from);
    const there = room(to);
    if (!own || there === null || !SEPARATE.includes(there) || here === there) return false;
    return here !== null && !ROOT_ROOMS.includes(here);
  });
  expect(shown(reaching)).toEqual([]);
});

test.each([
  ['fastify', ['http', 'auth']],
  ['socket.io', ['broadcast', 'cluster']],
  ['@socket.io/redis-streams-adapter', ['cluster']],
  ['pg', ['store']],
  ['lmdb', ['journal']],
  ['ioredis', ['cluster']],
  ['mqtt', ['ingest', 'embedded']],
  ['aedes', ['ingest']],
  ['web-push', ['notify']],
  ['@node-rs/argon2', ['auth']],
  ['prom-client', ['observe']],
  ['pino', ['observe']],
  ['@electric-sql/pglite', ['embedded']],
])('%s lives in %j', (library, rooms) => {
  const elsewhere = server.filter(({ from, to }) => to === library && !rooms.includes(room(from) ?? ''));
  expect(shown(elsewhere)).toEqual([]);
});

test('nobody but server/config and the program’s entries reads the environment', () => {
  const readers = sourceFiles('server').filter(
    ({ path, text }) => /\bprocess\.env\b/.test(text) && room(path) !== 'config',
  );
  expect(readers.map(({ path }) => path).filter((path) => path !== 'server/main.ts')).toEqual([]);
});

const BROWSER_ORDER = ['connection', 'state', 'i18n', 'elements', 'map', 'panels', 'views', 'entry'];

test('the browser side imports leftwards only, and of the server nothing but the contract', () => {
  const folder = (path: string) => /^wall-client\/([^/]+)\//.exec(path)?.[1] ?? '';
  const wrong = client.filter(({ from, to, own }) => {
    if (!own || from === 'wall-client/vite.config.ts') return false;
    if (to.startsWith('server/')) return !to.startsWith('server/contract/');
    const here = BROWSER_ORDER.indexOf(folder(from));
    const there = BROWSER_ORDER.indexOf(folder(to));
    return here >= 0 && there > here;
  });
  expect(shown(wrong)).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, own } of all) if (own) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const again = trail.indexOf(path);
    if (again >= 0) {
      cycles.push([...trail.slice(again), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});
