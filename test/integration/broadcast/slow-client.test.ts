import { connect, type Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertMessage } from '#contract/live.ts';
import { collect, LiveHub, next, pause, watch } from './live-hub.ts';

/** A layer whose every tick is some 170 KB: a client that stops reading is behind after two. */
const STATIONS = 10_000;

let hub: LiveHub;
beforeEach(async () => {
  hub = new LiveHub();
  await hub.listen();
  for (let number = 0; number < STATIONS; number++) hub.station(number, [105.69, 18.67]);
});
afterEach(() => hub.close());

const everything = (value: number) => Array.from({ length: STATIONS }, (_, number) => [number, value] as const);

/** Speaks just enough WebSocket and Socket.IO by hand to watch the layer; the test decides when it reads. */
async function watchByHand(): Promise<TcpSocket> {
  const { hostname, port } = new URL(hub.origin);
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${hostname}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '\r\n',
    ].join('\r\n'),
  );
  await heard(socket, '101 Switching');
  socket.write(textFrame('40/live,{"token":"operator"}'));
  await heard(socket, '40/live,{"sid"');
  socket.write(textFrame('42/live,0["watch",{"layers":[{"id":"water"}],"alerts":{}}]'));
  await heard(socket, '43/live,0[');
  return socket;
}

function heard(socket: TcpSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    const listener = (data: Buffer) => {
      if (!data.includes(text)) return;
      socket.off('data', listener);
      resolve();
    };
    socket.on('data', listener);
  });
}

/** A client's text frame, RFC 6455 §5.2: masked, here by zeros. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

test('a client that stops reading is paused, its queue stays flat, and it is cut; others notice nothing', async () => {
  const healthy = hub.client('wall');
  await watch(healthy, { layers: [{ id: 'water' }] });
  const frames = collect(healthy, 'frame');
  const stuck = await watchByHand();
  const closed = new Promise<void>((resolve) => stuck.once('close', () => resolve()));
  stuck.on('error', () => {});
  stuck.pause();

  let longest = 0;
  let pausedAt = 0;
  const started = Date.now();
  for (let value = 0; hub.broadcast.counters.dropped === 0; value++) {
    if (Date.now() - started > 45_000) throw new Error('the stuck client is still connected');
    hub.samples(everything(value));
    await pause(100);
    const { paused, backlogBytes } = hub.broadcast.counters;
    longest = Math.max(longest, backlogBytes);
    if (paused === 0) continue;
    pausedAt ||= Date.now();
    hub.alert({ id: 'a', value });
  }
  const [lasted, stuckFor] = [Date.now() - started, Date.now() - pausedAt];
  stuck.resume();
  await closed;

  // Two frames of 170 KB make it pause; 4 a second for the 10 s until it is cut would be 7 MB.
  expect(longest).toBeGreaterThan(256 * 1024);
  expect(longest).toBeLessThan(700 * 1024);
  expect(hub.broadcast.counters.framesSkipped).toBeGreaterThan(20);
  expect(stuckFor).toBeLessThan(12_000);
  expect(frames.length).toBeGreaterThan((lasted / 1000) * 2);
  expect(hub.broadcast.counters).toMatchObject({ connections: 1, paused: 0, dropped: 1 });
}, 60_000);

test('a client that reads again gets what it missed, once, and learns that alerts have changed', async () => {
  const slow = hub.client('operator');
  await watch(slow, { layers: [{ id: 'water' }], alerts: {} });
  const transport = slow.io.engine.transport as unknown as { ws: { _socket: TcpSocket } };
  const wire = transport.ws._socket;
  wire.pause();
  for (let value = 1; hub.broadcast.counters.paused === 0; value++) {
    hub.samples(everything(value));
    await pause(50);
  }
  const before = collect<AlertMessage>(slow, 'alert');
  hub.alert({ id: 'a' });
  hub.alert({ id: 'a', handling: 'acknowledged' }, 'acknowledge');
  hub.samples([[7, 77]]);
  await pause(600);
  expect(before).toEqual([]);
  const told = next<AlertMessage>(slow, 'alert');
  wire.resume();
  // The last change, whose `after` this client does not have: it will watch again.
  expect(await told).toMatchObject({ seq: 2, after: 1 });
  const reply = await watch(slow, { layers: [{ id: 'water' }], alerts: {}, since: 0 });
  expect(reply).toMatchObject({ snapshot: false, seq: 2, alerts: [{ id: 'a', handling: 'acknowledged' }] });
  expect(hub.broadcast.counters).toMatchObject({ paused: 0, dropped: 0 });
}, 60_000);
