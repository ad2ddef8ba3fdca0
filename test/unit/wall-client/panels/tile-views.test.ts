import { describe, expect, it } from 'vitest';
import type { LayerThing } from '#contract/layer.ts';
import type { TileThreshold, WallTile } from '#contract/wall.ts';
import { listedAlerts } from '../../../../wall-client/panels/listed-alerts.ts';
import { shiftAt } from '../../../../wall-client/panels/shift.ts';
import {
  countStations,
  parseSpan,
  pickReading,
  type SeriesReading,
  standardTiles,
  tileViews,
} from '../../../../wall-client/panels/tile-views.ts';
import { LayerStore } from '../../../../wall-client/state/layer-store.ts';
import { alertWith } from '../alert-fixture.ts';

function reading(seriesId: string, value: number, more: Partial<SeriesReading> = {}): SeriesReading {
  return {
    seriesId,
    place: seriesId,
    uom: 'l/s',
    value,
    time: 0,
    staleAfter: 60,
    severity: null,
    stale: false,
    ...more,
  };
}
const low: TileThreshold = { op: '<', value: 90 };
const high: TileThreshold = { op: '>', value: 90 };

describe('pickReading', () => {
  const critical = reading('critical', 100, { severity: 'critical' });
  const major = reading('major', 10, { severity: 'major' });
  const small = reading('small', 20);
  const large = reading('large', 200);
  const silent = reading('silent', 1, { stale: true });

  it.each<[SeriesReading[], TileThreshold | null, number, string | undefined, string | null, string]>([
    [[small, major, critical], low, 0, undefined, 'critical', 'the worst alert, whatever the value'],
    [[small, large], low, 0, undefined, 'small', 'below is trouble: the smallest'],
    [[small, large], high, 0, undefined, 'large', 'above is trouble: the largest'],
    [[silent, large], low, 0, undefined, 'large', 'what still speaks, before what is silent'],
    [[large, small], null, 0, undefined, 'large', 'without a threshold by name'],
    [[small, large], low, 1, undefined, 'large', 'the second worst'],
    [[small], low, 1, undefined, null, 'there is no second'],
    [[small, large], low, 0, 'large', 'large', 'the one shown stays while nothing is worse'],
    [[critical, large], low, 0, 'large', 'critical', 'an alert takes its place'],
    [[critical, major], low, 0, 'major', 'critical', 'so does a worse one'],
    [[small, silent], low, 0, 'silent', 'small', 'and one that speaks takes the place of a silent one'],
    [[small], low, 0, 'vanished', 'small', 'the one shown is gone'],
  ])('of %o by %o, rank %d, after %s: %s (%s)', (candidates, threshold, rank, shown, expected) => {
    expect(pickReading(candidates, threshold, rank, shown)?.seriesId ?? null).toBe(expected);
  });
});

function station(number: number, source = 'cap-nuoc'): LayerThing {
  const series = { number, id: `series-${number}`, quantity: 'water-flow', uom: 'l/s', staleAfter: 60 };
  return {
    source,
    unit: 'so-xd',
    thing: `t-${number}`,
    name: `Trạm ${number}`,
    labels: {},
    position: [105, 19],
    series: [series],
  };
}

/** Layer id → its things; states by series number (8: stale). */
function layersOf(things: Readonly<Record<string, readonly LayerThing[]>>, states: Readonly<Record<number, number>>) {
  const store = new LayerStore();
  const numbers = Object.keys(states).map(Number);
  for (const [id, own] of Object.entries(things)) {
    const layer = { id, title: { vi: id, en: id }, kind: 'samples' as const, match: [] };
    store.putCatalogue({ layer, version: 1, things: [...own], events: [] });
    store.apply([
      {
        layer: id,
        catalogue: 1,
        serverTime: 0,
        series: Uint32Array.from(numbers),
        value: Float64Array.from(numbers, (number) => number),
        time: Float64Array.from(numbers, () => 1000),
        state: Uint8Array.from(numbers, (number) => states[number]!),
      },
    ]);
  }
  return Object.keys(things).map((id) => store.layer(id)!);
}

describe('countStations', () => {
  it('counts a station of two layers once, and one that is silent in all as silent', () => {
    const layers = layersOf({ a: [station(1), station(2)], b: [station(1)] }, { 1: 0, 2: 8 });
    expect(countStations(layers)).toEqual({ total: 2, reporting: 1 });
  });

  it('counts one that never said anything as silent', () => {
    expect(countStations(layersOf({ a: [station(1)] }, {}))).toEqual({ total: 1, reporting: 0 });
  });
});

describe('tileViews', () => {
  const title = { vi: 'a', en: 'a' };
  const layers = layersOf({ water: [station(7), station(3)] }, { 7: 0, 3: 0 });
  const sources = { layers, alerts: [], shown: new Map<string, string>() };

  it('shows the thing that is asked for, or the worst of all', () => {
    const tiles: WallTile[] = [
      { kind: 'series', title, select: { quantity: 'water-flow', thing: 't-7' }, span: '1h' },
      { kind: 'series', title, select: { quantity: 'water-flow' }, threshold: low, span: '1h' },
      { kind: 'series', title, select: { quantity: 'water-flow', source: 'other' }, span: '1h' },
    ];
    const views = tileViews(tiles, sources);
    expect(views.map((view) => view.kind === 'series' && view.reading?.value)).toEqual([7, 3, undefined]);
  });

  it('counts alerts that go on, not what is shelved, pending or over', () => {
    const alerts = [
      alertWith(),
      alertWith({ id: '2', severity: 'minor', handling: 'acknowledged' }),
      alertWith({ id: '3', condition: 'pending' }),
      alertWith({ id: '4', condition: 'resolved' }),
      alertWith({ id: '5', suppressed: { why: 'thử', by: 'an', until: '2027-01-01T00:00:00Z' } }),
    ];
    const [view] = tileViews([{ kind: 'alerts', title }], { ...sources, alerts });
    expect(view).toMatchObject({ open: 2, unacknowledged: 1, counts: { critical: 1, minor: 1, major: 0 } });
  });

  it('chooses by itself for a wall that names none', () => {
    const tiles = standardTiles(layers, {
      quantity: (name) => ({ vi: name, en: name }),
      stations: title,
      alerts: title,
    });
    expect(tiles.map((tile) => tile.kind)).toEqual(['series', 'stations', 'alerts']);
  });
});

describe('parseSpan', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['250ms', 250],
  ])('%s is %d ms', (text, milliseconds) => expect(parseSpan(text)).toBe(milliseconds));
});

describe('listedAlerts', () => {
  it('parts what goes on from what ended unseen, and lists nothing that is shelved, pending or done', () => {
    const ended = alertWith({ id: 'ended', condition: 'resolved' });
    const going = alertWith({ id: 'going', severity: 'info' });
    const others = [
      alertWith({ id: 'pending', condition: 'pending' }),
      alertWith({ id: 'closed', handling: 'closed' }),
      alertWith({ id: 'shelved', suppressed: { why: 'thử', by: 'an', until: '2027-01-01T00:00:00Z' } }),
    ];
    const { active, ended: over } = listedAlerts([ended, ...others, going]);
    expect(active.map(({ id }) => id)).toEqual(['going']);
    expect(over.map(({ id }) => id)).toEqual(['ended']);
  });
});

describe('shiftAt', () => {
  const name = { vi: 'Ca', en: 'Shift' };
  const shifts = [
    { name, from: '06:00', to: '14:00' },
    { name, from: '22:00', to: '06:00' },
  ];

  it.each<[string, string | null, string]>([
    ['06:00', '06:00', 'begins with its first minute'],
    ['13:59', '06:00', 'lasts until its last'],
    ['14:00', null, 'nobody is on duty'],
    ['23:30', '22:00', 'before midnight'],
    ['05:59', '22:00', 'and after it'],
  ])('at %s: the one from %s (%s)', (time, from) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    expect(shiftAt(shifts, hours * 60 + minutes)?.from ?? null).toBe(from);
  });
});
