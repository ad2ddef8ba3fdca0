import { beforeEach, expect, test } from 'vitest';
import type { Batch, FromSession, ToSession } from '../../../../wall-client/connection/channel.ts';
import { HubHttp } from '../../../../wall-client/connection/http.ts';
import type { AlertBatch, LinkStatus } from '../../../../wall-client/connection/hub-connection.ts';
import { PageConnection } from '../../../../wall-client/connection/page-connection.ts';
import { VirtualClock } from '../virtual-clock.ts';

let clock: VirtualClock;
let sent: ToSession[];
let say: (message: FromSession) => void;
let restart: () => void;
let connection: PageConnection;

beforeEach(() => {
  clock = new VirtualClock();
  sent = [];
  connection = new PageConnection({
    origin: 'http://hub',
    http: new HubHttp({ origin: 'http://hub' }),
    now: clock.now,
    every: clock.every,
    open: (listener, lost) => {
      [say, restart] = [listener, lost];
      return { send: (message) => sent.push(message), close: () => {} };
    },
  });
});

const link = (changes: Partial<LinkStatus>): FromSession => ({
  kind: 'link',
  link: { state: 'live', since: clock.now(), heardAt: clock.now(), attempt: 0, reason: null, offset: 250, ...changes },
});
const batch = (changes: Partial<Batch>): FromSession => ({
  kind: 'batch',
  batch: { alerts: null, frames: [], age: null, wall: [], ...changes },
});
const alerts: AlertBatch = { snapshot: true, seq: 1, alerts: [], gone: [], omitted: 0 };

test('each kind reaches its listeners until they stop, and the session hears that the page took it', () => {
  const heard: unknown[] = [];
  const stop = connection.on('alerts', (message) => heard.push(message));
  connection.on('wall', (message) => heard.push(message.kind));
  say(batch({ alerts, wall: [{ wall: 'main', kind: 'scene' }] }));
  stop();
  say(batch({ alerts }));
  expect(heard).toEqual([alerts, 'scene']);
  expect(sent.filter(({ kind }) => kind === 'taken')).toHaveLength(2);
});

test('a listener that throws does not stop the stream', () => {
  connection.on('alerts', () => {
    throw new Error('a view broke');
  });
  expect(() => say(batch({ alerts }))).toThrow('a view broke');
  expect(sent.at(-1)).toEqual({ kind: 'taken' });
});

test('a new link listener learns the state at once; the hub’s clock follows the offset', () => {
  const states: string[] = [];
  connection.on('link', ({ state }) => states.push(state));
  expect(connection.serverNow()).toBe(clock.now());
  say(link({}));
  expect(states).toEqual(['connecting', 'live']);
  expect(connection.serverNow()).toBe(clock.now() + 250);
});

test('a session that hangs does not look alive, and does again when it goes on', () => {
  say(link({}));
  clock.advance(5000);
  expect(connection.link.state).toBe('live');
  const heardAt = clock.now() - 5000;
  clock.advance(1000);
  expect(connection.link).toMatchObject({ state: 'silent', heardAt });
  say(batch({ alerts }));
  expect(connection.link.state).toBe('live');
});

test('what waited for a slow page does not make a silent hub look alive', () => {
  say(link({}));
  say(link({ state: 'silent' }));
  say(batch({ alerts }));
  expect(connection.link.state).toBe('silent');
});

test('a session that is started anew is told what to open and to watch', () => {
  connection.watch({ layers: [{ id: 'water' }] });
  sent.length = 0;
  restart();
  expect(sent).toEqual([
    { kind: 'open', origin: 'http://hub' },
    { kind: 'watch', watch: { layers: [{ id: 'water' }] } },
  ]);
  connection.close();
  clock.advance(60_000);
  expect(sent.at(-1)).toEqual({ kind: 'close' });
});
