import { beforeEach, describe, expect, test } from 'vitest';
import { encodeFrame } from '#contract/frame.ts';
import type { AlertMessage, WatchRefusal, WatchReply } from '#contract/live.ts';
import type { Batch, FromSession } from '../../../../wall-client/connection/channel.ts';
import type { LinkState } from '../../../../wall-client/connection/hub-connection.ts';
import { LiveSession, type SessionSocket } from '../../../../wall-client/connection/live-session.ts';
import { newAlert } from '../../../integration/broadcast/live-hub.ts';
import { VirtualClock } from '../virtual-clock.ts';

type Answer = (reply: WatchReply | WatchRefusal) => void;

/** A hub's end of one connection, led by the test: only so can time and order be the test's own. */
class ScriptedSocket implements SessionSocket {
  readonly requests: { readonly request: Record<string, unknown>; readonly answer: Answer }[] = [];
  open = true;
  #listeners = new Map<string, (message: never) => void>();

  on(event: string, listener: (message: never) => void): void {
    this.#listeners.set(event, listener);
  }
  off(): void {
    this.#listeners.clear();
  }
  emit(_event: string, request: unknown, answer: Answer): void {
    this.requests.push({ request: request as Record<string, unknown>, answer });
  }
  disconnect(): void {
    this.open = false;
  }
  say(event: string, message?: unknown): void {
    this.#listeners.get(event)?.(message as never);
  }
}

let clock: VirtualClock;
let sockets: ScriptedSocket[];
let links: LinkState[];
let batches: Batch[];
let session: LiveSession;

const socket = () => sockets.at(-1)!;
const takenIds = () => batches.flatMap((batch) => batch.alerts?.alerts.map((alert) => alert.id) ?? []);

beforeEach(() => {
  clock = new VirtualClock();
  [sockets, links, batches] = [[], [], []];
  session = new LiveSession({
    connect: () => {
      sockets.push(new ScriptedSocket());
      return socket();
    },
    post: (message: FromSession) => {
      if (message.kind === 'link') links.push(message.link.state);
      else batches.push(message.batch);
    },
    now: clock.now,
    random: () => 1,
    after: clock.after,
  });
  session.handle({ kind: 'open', origin: 'http://hub' });
  session.handle({ kind: 'watch', watch: { alerts: {}, layers: [{ id: 'water' }] } });
});

const reply = (seq: number, ...ids: string[]): WatchReply => ({
  ...{ seq, serverTime: new Date(clock.now()).toISOString(), snapshot: true, gone: [], omitted: 0 },
  alerts: ids.map((id) => newAlert(id)),
});
const message = (seq: number, after: number, id: string, gone = false): AlertMessage => ({
  ...{ seq, after, kind: 'fired', gone },
  alert: { ...newAlert(id), seq },
});
const age = () => ({ serverTime: new Date(clock.now()).toISOString(), sources: [], degraded: [], evaluation: false });

function connectAndWatch(seq: number, ...ids: string[]): void {
  socket().say('connect');
  socket()
    .requests.at(-1)!
    .answer(reply(seq, ...ids));
}

/** A page that keeps up. */
function letPageTake(): void {
  session.handle({ kind: 'taken' });
  clock.advance(250);
}

describe('watching', () => {
  test('nothing is asked before there is a connection; then what is watched, once, and the link is live', () => {
    clock.advance(1000);
    expect(socket().requests).toEqual([]);
    connectAndWatch(3, 'a');
    expect(socket().requests.map(({ request }) => request)).toEqual([{ alerts: {}, layers: [{ id: 'water' }] }]);
    expect(links.at(-1)).toBe('live');
    expect(batches).toMatchObject([{ alerts: { snapshot: true, seq: 3, alerts: [{ id: 'a' }] } }]);
  });

  test('calls while a map is dragged become one request, without a snapshot for unchanged alerts', () => {
    connectAndWatch(3);
    for (const zoom of [5, 6, 7]) {
      session.handle({ kind: 'watch', watch: { alerts: {}, layers: [{ id: 'water', zoom }] } });
      clock.advance(100);
    }
    clock.advance(250);
    expect(
      socket()
        .requests.slice(1)
        .map(({ request }) => request),
    ).toEqual([{ alerts: {}, layers: [{ id: 'water', zoom: 7 }], since: 3 }]);
  });

  test('another filter is another chain: a snapshot is asked for, and a late answer to the old one is void', () => {
    socket().say('connect');
    const old = socket().requests.at(-1)!;
    session.handle({ kind: 'watch', watch: { alerts: { severity: 'critical' } } });
    old.answer(reply(9, 'minor'));
    clock.advance(250);
    expect(socket().requests.at(-1)!.request).toEqual({ alerts: { severity: 'critical' }, layers: [] });
    expect(takenIds()).toEqual([]);
  });

  test.each([
    ['too-often', 2],
    ['unavailable', 2],
    ['invalid', 1],
  ] as const)('refused as %s: asked %d times after two seconds', (error, times) => {
    socket().say('connect');
    socket().requests.at(-1)!.answer({ error, reason: 'because' });
    clock.advance(1500);
    expect(socket().requests).toHaveLength(times);
  });

  test('an answer that does not come is asked for again', () => {
    socket().say('connect');
    for (let second = 0; second < 11; second++) {
      socket().say('age', age());
      clock.advance(1000);
    }
    expect(socket().requests).toHaveLength(2);
  });
});

describe('alert changes', () => {
  test('those that follow are applied, repeated ones are not', () => {
    connectAndWatch(3);
    letPageTake();
    socket().say('alert', message(5, 3, 'a'));
    socket().say('alert', message(5, 3, 'a'));
    socket().say('alert', message(4, 3, 'old'));
    clock.advance(250);
    expect(takenIds()).toEqual(['a']);
  });

  test('a gap makes it ask once for what came after the last it has; the answer closes the gap', () => {
    connectAndWatch(3);
    letPageTake();
    socket().say('alert', message(9, 7, 'late'));
    socket().say('alert', message(10, 9, 'later'));
    expect(
      socket()
        .requests.slice(1)
        .map(({ request }) => request.since),
    ).toEqual([3]);
    socket()
      .requests.at(-1)!
      .answer({ ...reply(10, 'missed', 'late', 'later'), snapshot: false });
    socket().say('alert', message(11, 10, 'next'));
    letPageTake();
    expect(takenIds()).toEqual(['missed', 'late', 'later', 'next']);
    expect(socket().requests).toHaveLength(2);
  });

  test('what is gone is told as gone', () => {
    connectAndWatch(3, 'a');
    letPageTake();
    socket().say('alert', message(4, 3, 'a', true));
    clock.advance(250);
    expect(batches.at(-1)).toMatchObject({ alerts: { alerts: [], gone: ['a'], seq: 4 } });
  });

  test('after a reconnection it asks from the last number it has', () => {
    connectAndWatch(3);
    socket().say('alert', message(4, 3, 'a'));
    socket().say('disconnect', 'transport close');
    clock.advance(1000);
    expect(sockets).toHaveLength(2);
    socket().say('connect');
    expect(socket().requests.at(-1)!.request).toMatchObject({ since: 4 });
  });
});

describe('batches', () => {
  const frame = (value: number) => {
    const columns = { value: [value], series: [1], age: [0], state: [0] };
    return encodeFrame({
      ...{ layer: 'water', tile: 'all', whole: false, serverTime: clock.now(), catalogue: 1 },
      value: Float64Array.from(columns.value),
      series: Uint32Array.from(columns.series),
      age: Int32Array.from(columns.age),
      state: Uint8Array.from(columns.state),
    });
  };

  test('the first news comes at once, what follows four times a second, conflated', () => {
    connectAndWatch(0);
    letPageTake();
    batches.length = 0;
    clock.advance(1000);
    for (let tick = 0; tick < 100; tick++) {
      socket().say('frame', frame(tick));
      if (tick === 0) expect(batches).toHaveLength(1);
      session.handle({ kind: 'taken' });
      clock.advance(10);
    }
    expect(batches.length).toBeGreaterThanOrEqual(4);
    expect(batches.length).toBeLessThanOrEqual(5);
    expect([...batches.at(-1)!.frames[0]!.value][0]).toBeGreaterThanOrEqual(74);
  });

  test('a page that takes nothing gets nothing more, then one batch with the newest', () => {
    connectAndWatch(0);
    for (let tick = 0; tick < 100; tick++) {
      socket().say('frame', frame(tick));
      socket().say('alert', message(tick + 1, tick, `alert-${tick % 3}`));
      clock.advance(250);
    }
    expect(batches).toHaveLength(1);
    session.handle({ kind: 'taken' });
    expect(batches).toHaveLength(2);
    expect(batches[1]).toMatchObject({ frames: [{ value: new Float64Array([99]) }], alerts: { seq: 100 } });
    expect(batches[1]!.alerts!.alerts.map(({ seq }) => seq)).toEqual([98, 99, 100]);
  });

  test('thousands of alerts for a page that sleeps are dropped for a snapshot when it wakes', () => {
    connectAndWatch(0);
    for (let seq = 1; seq <= 5001; seq++) socket().say('alert', message(seq, seq - 1, `alert-${seq}`));
    socket().say('age', age());
    session.handle({ kind: 'taken' });
    const { request, answer } = socket().requests.at(-1)!;
    expect(request.since).toBeUndefined();
    answer(reply(5001, 'alert-1'));
    session.handle({ kind: 'taken' });
    clock.advance(250);
    expect(batches.at(-1)).toMatchObject({ alerts: { snapshot: true, seq: 5001 } });
    expect(batches.flatMap((batch) => batch.alerts?.alerts ?? [])).toHaveLength(1);
  });

  test('bytes that are no frame are noted and do no harm', () => {
    connectAndWatch(0);
    socket().say('frame', new Uint8Array([9, 9, 9]));
    socket().say('frame', frame(1));
    session.handle({ kind: 'taken' });
    clock.advance(250);
    expect(batches.at(-1)!.frames).toHaveLength(1);
  });
});

describe('the link', () => {
  test('silence is said after five seconds, a half-open connection given up after fifteen', () => {
    connectAndWatch(0);
    clock.advance(5000);
    expect(links.at(-1)).toBe('live');
    clock.advance(1000);
    expect(links.at(-1)).toBe('silent');
    clock.advance(10_000);
    expect(links.at(-1)).toBe('lost');
    expect(sockets[0]!.open).toBe(false);
    clock.advance(1000);
    expect(sockets).toHaveLength(2);
  });

  test('attempts spread out: 0.5, 1, 2, 4, 8, then every 15 seconds', () => {
    const attempts: number[] = [];
    const start = clock.now();
    for (let second = 0; second < 600; second++) {
      const before = sockets.length;
      if (socket().open) socket().say('connect_error', new Error('refused by the network'));
      clock.advance(100);
      if (sockets.length > before) attempts.push(Math.round((clock.now() - start) / 100) / 10);
    }
    expect(attempts.slice(0, 7)).toEqual([0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5]);
    expect(links.at(-1)).toBe('lost');
  });

  test('who is refused does not knock again until told to', () => {
    socket().say('connect_error', Object.assign(new Error('unauthenticated'), { data: { code: 'unauthenticated' } }));
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(links.at(-1)).toBe('refused');
    session.handle({ kind: 'retry' });
    expect(sockets).toHaveLength(2);
    connectAndWatch(1);
    expect(links.at(-1)).toBe('live');
  });

  test('retry does not disturb a living link; close ends everything', () => {
    connectAndWatch(1);
    session.handle({ kind: 'retry' });
    expect(sockets).toHaveLength(1);
    session.handle({ kind: 'close' });
    expect(socket().open).toBe(false);
    const told = links.length;
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(links).toHaveLength(told);
  });
});
