import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from '#contract/frame.ts';
import { Frames, frameRoom } from '../../../server/broadcast/frames.ts';
import { Latest } from '../../../server/broadcast/latest.ts';
import { NOWHERE, WHOLE_LAYER } from '../../../server/broadcast/tiles.ts';
import { batch, seriesId } from '../../integration/broadcast/live-hub.ts';

const TILES = ['8/1/1', '8/1/2', NOWHERE];
const LAYERS = ['water', 'all-of-it'];

/** A client as the rooms see it: what it holds after the frames it was sent. */
class Watcher {
  readonly rooms: Set<string>;
  readonly values = new Map<number, number>();
  readonly perTick: number[] = [];

  constructor(rooms: readonly string[]) {
    this.rooms = new Set(rooms);
  }

  receive(bytes: Uint8Array | null): void {
    if (bytes === null) return;
    const { series, value } = decodeFrame(bytes);
    series.forEach((number, row) => void this.values.set(number, value[row]!));
    this.perTick.push(...series);
  }
}

const roomsFor = (watchers: readonly Watcher[]) => ({
  size: (room: string) => watchers.filter((watcher) => watcher.rooms.has(room)).length,
  send: (room: string, bytes: Uint8Array) => {
    for (const watcher of watchers) if (watcher.rooms.has(room)) watcher.receive(bytes);
  },
});

test('every watcher ends with the newest values of its cells, each series at most once a tick', () => {
  const step = fc.record({ series: fc.nat(11), value: fc.integer(), tick: fc.boolean() });
  const placement = fc.array(fc.tuple(fc.nat(2), fc.subarray(LAYERS)), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(placement, fc.array(step, { maxLength: 40 }), (placed, steps) => {
      const latest = new Latest();
      const frames = new Frames(latest, () => 1);
      placed.forEach(([tile, layers], number) => {
        latest.declare(number, seriesId(number), 1000);
        frames.place(number, layers, TILES[tile]!);
      });
      const watchers = [
        new Watcher(TILES.map((tile) => frameRoom('water', tile))),
        new Watcher([frameRoom('water', WHOLE_LAYER)]),
        new Watcher([frameRoom('water', '8/1/1'), frameRoom('water', NOWHERE)]),
      ];
      const newest = new Map<number, number>();
      const flush = (now: number) => {
        frames.tick(now, roomsFor(watchers));
        for (const { perTick } of watchers) {
          expect(new Set(perTick).size).toBe(perTick.length);
          perTick.length = 0;
        }
      };
      steps.forEach(({ series, value, tick }, at) => {
        latest.take(batch([[series, value]], at + 1));
        newest.set(series, value);
        if (tick) flush(at + 1);
      });
      flush(1000);
      const seen = (fits: (tile: string) => boolean) =>
        new Map(
          [...newest].filter(([number]) => placed[number]![1].includes('water') && fits(TILES[placed[number]![0]]!)),
        );
      const sorted = (values: Map<number, number>) => [...values].sort(([a], [b]) => a - b);
      expect(sorted(watchers[0]!.values)).toEqual(sorted(seen(() => true)));
      expect(sorted(watchers[1]!.values)).toEqual(sorted(seen(() => true)));
      expect(sorted(watchers[2]!.values)).toEqual(sorted(seen((tile) => tile !== '8/1/2')));
    }),
  );
});

test('a client that joins, pauses and resumes at any time holds what one that never paused holds', () => {
  const step = fc.record({
    series: fc.nat(5),
    value: fc.integer(),
    next: fc.constantFrom('', 'tick', 'pause', 'resume'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(20), (steps, joinsAt) => {
      const latest = new Latest();
      const frames = new Frames(latest, () => 1);
      for (let number = 0; number < 6; number++) {
        latest.declare(number, seriesId(number), 1000);
        frames.place(number, ['water'], '8/1/1');
      }
      const room = frameRoom('water', '8/1/1');
      const steady = new Watcher([room]);
      const other = new Watcher([]);
      let had: number | null = null;
      const resume = (now: number) => {
        if (had === null || other.rooms.size > 0) return;
        other.receive(frames.missed('water', '8/1/1', had, now));
        other.rooms.add(room);
      };
      steps.forEach(({ series, value, next }, at) => {
        latest.take(batch([[series, value]], at + 1));
        if (at === joinsAt) {
          other.receive(frames.whole('water', '8/1/1', at));
          other.rooms.add(room);
          had = latest.tick - 1;
        } else if (next === 'tick') {
          frames.tick(at, roomsFor([steady, other]));
        } else if (next === 'pause' && other.rooms.delete(room)) {
          had = latest.tick - 1;
        } else if (next === 'resume') {
          resume(at);
        }
      });
      resume(1000);
      frames.tick(1000, roomsFor([steady, other]));
      if (had !== null)
        expect(other.values).toEqual(new Map([...steady.values].filter(([key]) => other.values.has(key))));
      if (had !== null) expect(other.values.size).toBe(steady.values.size);
    }),
  );
});

test('a tile without series is not worth a frame; a layer without is, for its catalogue version', () => {
  const frames = new Frames(new Latest(), () => 42);
  expect(frames.whole('water', '8/1/1', 0)).toBeNull();
  expect(decodeFrame(frames.whole('water', NOWHERE, 0)!)).toMatchObject({ whole: true, catalogue: 42 });
});

test('many who join between two changes share one encoding; another catalogue version needs another', () => {
  let version = 1;
  const latest = new Latest();
  const frames = new Frames(latest, () => version);
  latest.declare(0, seriesId(0), 1000);
  frames.place(0, ['water'], '8/1/1');
  latest.take(batch([[0, 1]], 5));
  const first = frames.whole('water', '8/1/1', 10);
  expect(frames.whole('water', '8/1/1', 20)).toBe(first);
  version = 2;
  expect(decodeFrame(frames.whole('water', '8/1/1', 30)!).catalogue).toBe(2);
  frames.tick(40, roomsFor([]));
  expect(frames.whole('water', '8/1/1', 50)).not.toBe(first);
});
