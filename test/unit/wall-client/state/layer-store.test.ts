import { beforeEach, describe, expect, test } from 'vitest';
import { FRAME_STALE } from '#contract/frame.ts';
import type { LayerCatalogue, LayerThing } from '#contract/layer.ts';
import type { LayerFrame } from '../../../../wall-client/connection/hub-connection.ts';
import { LayerStore, severityOf } from '../../../../wall-client/state/layer-store.ts';

const NOW = 1_700_000_000_000;

const thing = (id: string, ...numbers: number[]): LayerThing => ({
  ...{ source: 'gauges', unit: 'so-nnmt', thing: id, name: id, labels: {}, position: [105, 19] },
  series: numbers.map((number) => ({
    ...{ number, id: `series-${number}`, quantity: 'water-level', uom: 'm', staleAfter: 60 },
  })),
});
const catalogue = (version: number, ...things: LayerThing[]): LayerCatalogue => ({
  layer: { id: 'water', title: { vi: 'Nước', en: 'Water' }, kind: 'samples', match: [] },
  ...{ version, things, events: [] },
});
type Row = readonly [series: number, value: number, time: number, state?: number];
const frame = (version: number, ...rows: Row[]): LayerFrame => ({
  ...{ layer: 'water', catalogue: version, serverTime: NOW },
  series: Uint32Array.from(rows, ([series]) => series),
  value: Float64Array.from(rows, ([, value]) => value),
  time: Float64Array.from(rows, ([, , time]) => time),
  state: Uint8Array.from(rows, ([, , , state = 0]) => state),
});

let store: LayerStore;
const water = () => store.layer('water')!;
beforeEach(() => {
  store = new LayerStore();
});

test('values may come before the catalogue that explains them', () => {
  store.apply([frame(3, [1000, 2.5, NOW, 5])]);
  expect(water().latest(1000)).toEqual({ value: 2.5, time: NOW, severity: 'critical', stale: false });
  expect(water().place(1000)).toBeUndefined();
  store.putCatalogue(catalogue(3, thing('a', 1000)));
  expect(water().place(1000)).toMatchObject({ thing: { thing: 'a' }, series: { uom: 'm' } });
  expect(water().latest(999)).toBeNull();
  expect(water().latest(5_000_000)).toBeNull();
});

test('a frame that comes late does not take a value back in time; a correction replaces it', () => {
  store.apply([frame(1, [0, 1, NOW])]);
  store.apply([frame(1, [0, 9, NOW - 1])]);
  expect(water().latest(0)?.value).toBe(1);
  store.apply([frame(1, [0, 2, NOW])]);
  expect(water().latest(0)?.value).toBe(2);
});

test.each([
  ['nothing fetched yet', null, 5, true],
  ['the same version', 5, 5, false],
  ['a newer one is announced', 5, 6, true],
  ['any other: the hub began anew', 5, 1, true],
])('a catalogue is outdated when %s', (_, held, announced, outdated) => {
  if (held !== null) store.putCatalogue(catalogue(held));
  store.apply([frame(announced)]);
  expect(water().outdated).toBe(outdated);
});

test('each kind of change moves its own revision', () => {
  store.putCatalogue(catalogue(1, thing('a', 0)));
  expect(water().revision).toEqual({ catalogue: 1, values: 0 });
  store.apply([frame(1, [0, 1, NOW])]);
  expect(water().revision).toEqual({ catalogue: 1, values: 1 });
  store.apply([frame(2)]);
  expect(water().revision).toEqual({ catalogue: 1, values: 1 });
});

describe('staleness by the hub’s clock', () => {
  test('a value ages on the screen when nothing comes any more, once, and is fresh with the next', () => {
    store.putCatalogue(catalogue(1, thing('a', 0, 1)));
    store.apply([frame(1, [0, 1, NOW])]);
    expect(store.age(NOW + 60_000)).toBe(0);
    expect(store.age(NOW + 60_001)).toBe(1);
    expect(water().latest(0)?.stale).toBe(true);
    const { revision } = store;
    expect(store.age(NOW + 70_000)).toBe(0);
    expect(store.revision).toBe(revision);
    store.apply([frame(1, [0, 1, NOW + 70_000])]);
    expect(water().latest(0)?.stale).toBe(false);
  });

  test.each<[string, Row[], string | null, boolean]>([
    ['no series reported', [], null, true],
    [
      'all fresh',
      [
        [0, 1, NOW],
        [1, 1, NOW],
      ],
      null,
      false,
    ],
    [
      'one stale, one fresh',
      [
        [0, 1, NOW, FRAME_STALE],
        [1, 1, NOW],
      ],
      null,
      false,
    ],
    ['all that reported stale', [[0, 1, NOW, FRAME_STALE]], null, true],
    [
      'the worst alert counts, stale or not',
      [
        [0, 1, NOW, FRAME_STALE | 4],
        [1, 1, NOW, 2],
      ],
      'major',
      false,
    ],
  ])('a thing with %s', (_, rows, severity, stale) => {
    store.apply([frame(1, ...rows)]);
    expect(water().worst(thing('a', 0, 1))).toEqual({ severity, stale });
  });
});

test.each([
  [0, null],
  [1, 'info'],
  [2, 'warning'],
  [3, 'minor'],
  [4, 'major'],
  [5, 'critical'],
  [5 | FRAME_STALE, 'critical'],
  [7, null],
])('frame state %d is %s', (state, severity) => {
  expect(severityOf(state)).toBe(severity);
});
