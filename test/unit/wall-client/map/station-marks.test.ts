import { describe, expect, it } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import type { LayerThing } from '#contract/layer.ts';
import { stationMarks } from '../../../../wall-client/map/station-marks.ts';
import { LayerStore } from '../../../../wall-client/state/layer-store.ts';
import { alertWith } from '../alert-fixture.ts';

const NOW = Date.parse('2026-11-23T01:00:00.000Z');

function station(number: number, more: Partial<LayerThing> = {}): LayerThing {
  return {
    source: 'cap-nuoc',
    unit: 'so-xd',
    thing: `cn-${number}`,
    name: `Trạm ${number}`,
    labels: {},
    position: [105 + number / 10, 19],
    series: [{ number, id: `series-${number}`, quantity: 'water-flow', uom: 'l/s', staleAfter: 60 }],
    ...more,
  };
}

/** @param states frame bits by series number: 1–5 worst alert, 8 stale */
function layerOf(things: readonly LayerThing[], states: Readonly<Record<number, number>>) {
  const layers = new LayerStore();
  const layer = { id: 'water', title: { vi: 'Nước', en: 'Water' }, kind: 'samples' as const, match: [] };
  layers.putCatalogue({ layer, version: 1, things: [...things], events: [] });
  const numbers = Object.keys(states).map(Number);
  layers.apply([
    {
      layer: 'water',
      catalogue: 1,
      serverTime: NOW,
      series: Uint32Array.from(numbers),
      value: Float64Array.from(numbers, (number) => number * 10),
      time: Float64Array.from(numbers, () => NOW - 1000),
      state: Uint8Array.from(numbers, (number) => states[number]!),
    },
  ]);
  return [layers.layer('water')!];
}

describe('stationMarks', () => {
  it('draws a normal station without colour and without a figure', () => {
    const [mark] = stationMarks(layerOf([station(1)], { 1: 0 }), []);
    expect(mark).toMatchObject({ severity: null, stale: false, value: '' });
  });

  it('draws one that stopped sending as stale, never in the colour of its last value', () => {
    expect(stationMarks(layerOf([station(1)], { 1: 8 }), [])[0]).toMatchObject({ severity: null, stale: true });
  });

  it('draws an alert of the station in its form, with the figure as it is now', () => {
    const [mark] = stationMarks(layerOf([station(1)], { 1: 5 }), [alertWith({ authenticity: 'confirmed' })]);
    expect(mark).toMatchObject({ severity: 'critical', form: 'confirmed', value: '10\u00A0l/s', name: 'Trạm 1' });
  });

  it('believes the frame when the alert itself is not known here', () => {
    const [mark] = stationMarks(layerOf([station(1)], { 1: 4 }), []);
    expect(mark).toMatchObject({ severity: 'major', form: 'unverified', value: '10\u00A0l/s' });
  });

  it.each<[Alert, string | null, string]>([
    [alertWith({ suppressed: { why: 'thử', by: 'an', until: '2026-11-24T00:00:00.000Z' } }), null, 'shelved'],
    [alertWith({ condition: 'pending', firedAt: null }), null, 'not fired'],
    [alertWith({ condition: 'resolved', handling: 'acknowledged' }), null, 'over and seen'],
    [alertWith({ condition: 'resolved' }), 'ended', 'over, and nobody saw it'],
  ])('shows %o as %s: %s', (alert, form) => {
    const [mark] = stationMarks(layerOf([station(1)], { 1: 0 }), [alert]);
    expect(mark?.severity === null ? null : mark?.form).toBe(form);
  });

  it('draws an alert without a station where it says it is, once', () => {
    const alert = alertWith({ series: null, thing: null });
    const marks = stationMarks(layerOf([station(1)], { 1: 0 }), [alert]);
    expect(marks).toHaveLength(2);
    expect(marks.at(-1)).toMatchObject({ key: alert.id, name: 'Lưu lượng thấp', position: [105.7, 18.7] });
  });

  it('shows the worst alert of one series and draws the others nowhere else', () => {
    const worst = alertWith({});
    const other = alertWith({ id: 'other', severity: 'minor' });
    const marks = stationMarks(layerOf([station(1)], { 1: 5 }), [worst, other]);
    expect(marks.map((mark) => mark.severity)).toEqual(['critical']);
  });

  it('draws the worst last, on top; what has ended lies below its equals', () => {
    const things = [station(1), station(2), station(3), station(4)];
    const ended = alertWith({ id: 'ended', series: 'series-2', condition: 'resolved' });
    const marks = stationMarks(layerOf(things, { 1: 5, 2: 0, 3: 0, 4: 8 }), [alertWith(), ended]);
    expect(marks.map((mark) => mark.key)).toEqual(['cap-nuoc cn-3', 'cap-nuoc cn-4', 'cap-nuoc cn-2', 'cap-nuoc cn-1']);
  });

  it('leaves out what has no place', () => {
    expect(stationMarks(layerOf([station(1, { position: null })], { 1: 0 }), [])).toEqual([]);
  });
});
