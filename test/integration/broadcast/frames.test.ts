import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeFrame, FRAME_SEVERITY_MASK, type Frame } from '#contract/frame.ts';
import { collect, LiveHub, next, pause, seriesId, watch } from './live-hub.ts';

/** Vinh and Mường Xén lie in different tiles of zoom 8. */
const VINH: [number, number] = [105.69, 18.67];
const MUONG_XEN: [number, number] = [104.13, 19.4];
const AROUND_VINH = [105.5, 18.5, 105.8, 18.8];

let hub: LiveHub;
beforeEach(async () => {
  hub = new LiveHub();
  await hub.listen();
  hub.station(1, VINH);
  hub.station(2, MUONG_XEN);
  hub.station(3, null);
});
afterEach(() => hub.close());

const decoded = (frames: readonly Uint8Array[]) => frames.map((bytes) => decodeFrame(bytes));
const valuesOf = (frames: readonly Frame[]) => {
  const values = new Map<number, number>();
  for (const { series, value } of frames) series.forEach((number, row) => void values.set(number, value[row]!));
  return Object.fromEntries(values);
};

test('who begins to watch gets the whole of its tiles at once, and of things without a place', async () => {
  hub.samples([
    [1, 1.5],
    [2, 2.5],
    [3, 3.5],
  ]);
  const socket = hub.client('operator');
  const frames = collect<Uint8Array>(socket, 'frame');
  await watch(socket, { layers: [{ id: 'water', bbox: AROUND_VINH, zoom: 10 }] });
  await expect.poll(() => valuesOf(decoded(frames))).toEqual({ 1: 1.5, 3: 3.5 });
  expect(decoded(frames).every((frame) => frame.whole)).toBe(true);
});

test.each([
  ['by area', [AROUND_VINH, 10]],
  ['the whole layer', [undefined, undefined]],
  ['an area of more than 64 tiles', [[-170, -80, 170, 80], 8]],
])('each series comes exactly once a tick to who watches %s', async (_, [bbox, zoom]) => {
  const socket = hub.client('operator');
  await watch(socket, { layers: [{ id: 'water', bbox, zoom }] });
  await pause(300);
  const frames = collect<Uint8Array>(socket, 'frame');
  hub.samples([
    [1, 1],
    [3, 3],
  ]);
  hub.samples([[1, 1.25]]);
  await pause(600);
  const numbers = decoded(frames).flatMap((frame) => [...frame.series]);
  expect(numbers.sort()).toEqual([1, 3]);
  expect(valuesOf(decoded(frames))).toEqual({ 1: 1.25, 3: 3 });
});

test('two clients in one tile get the identical bytes of one encoding; who watches elsewhere gets none', async () => {
  const [first, second, elsewhere] = [hub.client('operator'), hub.client('wall'), hub.client('so-xd')];
  await watch(first, { layers: [{ id: 'water', bbox: AROUND_VINH }] });
  await watch(second, { layers: [{ id: 'water', bbox: [105.6, 18.6, 105.7, 18.7] }] });
  await watch(elsewhere, { layers: [{ id: 'water', bbox: [100, 10, 101, 11] }] });
  await pause(300);
  const collected = [first, second, elsewhere].map((socket) => collect<Buffer>(socket, 'frame'));
  const before = hub.broadcast.counters;
  hub.samples([[1, 7]]);
  await pause(600);
  const [one, two, none] = collected;
  expect(one).toHaveLength(1);
  expect(two?.[0]?.equals(one![0]!)).toBe(true);
  expect(none).toEqual([]);
  const after = hub.broadcast.counters;
  expect(after.framesEncoded - before.framesEncoded).toBe(1);
  expect(after.framesSent - before.framesSent).toBe(2);
});

test('the worst open alert of a series colours it until it is over', async () => {
  const socket = hub.client('operator');
  hub.samples([[1, 7]]);
  await watch(socket, { layers: [{ id: 'water' }] });
  const frames = collect<Uint8Array>(socket, 'frame');
  const levels = () => decoded(frames).flatMap((frame) => [...frame.state].map((state) => state & FRAME_SEVERITY_MASK));
  hub.alert({ id: 'a', series: seriesId(1), severity: 'minor' });
  hub.alert({ id: 'b', series: seriesId(1), severity: 'critical' });
  await expect.poll(() => levels().at(-1)).toBe(5);
  hub.alert({ id: 'b', condition: 'resolved' }, 'resolved');
  await expect.poll(() => levels().at(-1)).toBe(3);
  hub.alert({ id: 'a', handling: 'closed' }, 'resolve');
  await expect.poll(() => levels().at(-1)).toBe(0);
});

test('a new event is told by the version of its layer, and the catalogue has it', async () => {
  const socket = hub.client('wall');
  const first = next<Uint8Array>(socket, 'frame');
  await watch(socket, { layers: [{ id: 'quakes' }] });
  const known = decodeFrame(await first).catalogue;
  expect(known).toBe(hub.broadcast.catalogue('quakes')?.version);
  const told = next<Uint8Array>(socket, 'frame', (bytes) => decodeFrame(bytes).catalogue !== known);
  hub.broadcast.event({
    ...{ id: 'us1', unit: 'hub', source: 'usgs', type: 'org.usgs.earthquake', thing: null, time: Date.now() },
    ...{ position: MUONG_XEN, title: 'M 4.1', data: { type: 'Feature', properties: { mag: 4.1 } } },
  });
  await told;
  expect(hub.broadcast.catalogue('quakes')?.catalogue.events).toMatchObject([{ id: 'us1', magnitude: 4.1 }]);
});

test('a thing that moves leaves its tile and comes whole into the other', async () => {
  const socket = hub.client('operator');
  hub.samples([[2, 9]]);
  await watch(socket, { layers: [{ id: 'water', bbox: AROUND_VINH }] });
  const frames = collect<Uint8Array>(socket, 'frame');
  hub.broadcast.declareThing({ source: 'gauges', id: 'gauge-2', name: 'Tàu', labels: {}, position: VINH });
  await expect.poll(() => valuesOf(decoded(frames))).toEqual({ 2: 9 });
});
