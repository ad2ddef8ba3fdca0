import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import type { LayerEvent } from '#contract/layer.ts';
import { PALETTES } from '../../../../wall-client/elements/palette.ts';
import { basemapStyle } from '../../../../wall-client/map/basemap-style.ts';
import {
  eventLayers,
  placeMarks,
  quakeMarks,
  quakeRadius,
  REMEMBERED,
} from '../../../../wall-client/map/layers/events.ts';
import { labelAbnormal, labelLayers } from '../../../../wall-client/map/layers/labels.ts';
import { stationLayers } from '../../../../wall-client/map/layers/stations.ts';
import type { StationMark } from '../../../../wall-client/map/station-marks.ts';

const palette = PALETTES.night;
const NOW = 1_800_000_000_000;

function mark(key: string, more: Partial<StationMark> = {}): StationMark {
  const name = `Trạm ${key}`;
  return { key, name, position: [105, 19], severity: null, form: 'unverified', stale: false, value: '', ...more };
}

/** Drawing never looks at the picture, so none is needed here. */
const style = { palette, rem: 32, atlas: { image: {} as HTMLCanvasElement, mapping: {} } };
const dataOf = (layers: readonly { id: string; props: { data: unknown } }[], id: string) =>
  (layers.find((layer) => layer.id === id)?.props.data ?? []) as readonly { key: string }[];

describe('stationLayers', () => {
  const marks = [
    mark('a'),
    mark('b', { stale: true }),
    mark('c', { severity: 'major' }),
    mark('d', { severity: 'critical', stale: true }),
  ];
  const layers = stationLayers(marks, style);

  it('draws each mark once, by what it is; an alert stays one even when its station falls silent', () => {
    expect(dataOf(layers, 'stations-normal').map(({ key }) => key)).toEqual(['a']);
    expect(dataOf(layers, 'stations-stale').map(({ key }) => key)).toEqual(['b']);
    expect(dataOf(layers, 'stations-abnormal').map(({ key }) => key)).toEqual(['c', 'd']);
  });

  it('gives a normal station no colour of an alarm', () => {
    const { getFillColor } = layers[0]!.props as unknown as { getFillColor: number[] };
    const [red = 0, green = 0, blue = 0] = getFillColor;
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(40);
  });
});

describe('labelAbnormal', () => {
  const view = {
    width: 1200,
    height: 700,
    rem: 32,
    project: ([longitude, latitude]: readonly [number, number]) => ({
      x: (longitude - 104) * 600,
      y: (20 - latitude) * 400,
    }),
    measure: (line: string, size: number) => line.length * size * 0.5,
    taken: [],
  };

  it('names abnormal stations, name above figure, and nobody else', () => {
    const lines = labelAbnormal([mark('a'), mark('b', { severity: 'major', value: '12 l/s' })], view);
    expect(lines.map(({ text, strong }) => [text, strong])).toEqual([
      ['Trạm b', false],
      ['12 l/s', true],
    ]);
    expect(lines[0]!.offset[1]).toBeLessThan(lines[1]!.offset[1]);
  });

  it('does not name what is over', () => {
    expect(labelAbnormal([mark('a', { severity: 'major', form: 'ended' })], view)).toEqual([]);
  });

  it('gives the worst the room when there is not enough for all', () => {
    // The worst comes last, for it is drawn on top.
    const crowd = Array.from({ length: 30 }, (_, index) => mark(`${index}`, { severity: 'minor' }));
    const lines = labelAbnormal([...crowd, mark('worst', { severity: 'critical' })], view);
    expect(lines[0]!.text).toBe('Trạm worst');
    expect(lines.length).toBeLessThan(31);
  });

  it('makes no layer without a letter', () => {
    expect(labelLayers([], style)).toEqual([]);
    const lines = labelAbnormal([mark('b', { severity: 'major', value: '12 l/s' })], view);
    expect(labelLayers(lines, style).map(({ id }) => id)).toEqual(['labels-names', 'labels-figures']);
  });
});

describe('events', () => {
  const event = (id: string, more: Partial<LayerEvent>): LayerEvent => ({
    id,
    source: 'dia-chan',
    type: 'earthquake',
    title: null,
    time: NOW,
    position: [104, 19],
    thing: null,
    magnitude: 2,
    ...more,
  });

  it('keeps quakes of the last hour, fading with age, the newest on top', () => {
    const marks = quakeMarks(
      [event('new', {}), event('old', { time: NOW - REMEMBERED / 2 }), event('gone', { time: NOW - REMEMBERED - 1 })],
      NOW,
    );
    expect(marks.map(({ key }) => key)).toEqual(['old', 'new']);
    expect(marks[1]!.freshness).toBe(1);
    expect(marks[0]!.freshness).toBeCloseTo(0.625);
  });

  it('leaves out what has no place or no magnitude', () => {
    expect(quakeMarks([event('a', { position: null }), event('b', { magnitude: null })], NOW)).toEqual([]);
  });

  it('keeps the newest when there are more than the map can show', () => {
    const many = Array.from({ length: 100 }, (_, index) => event(`${index}`, { time: NOW - index * 1000 }));
    const marks = quakeMarks(many, NOW);
    expect(marks).toHaveLength(40);
    expect(marks.at(-1)!.key).toBe('0');
  });

  it('draws a larger quake as a larger ring, and a negative magnitude still as one', () => {
    expect(quakeRadius(5)).toBeGreaterThan(quakeRadius(4) * 1.4);
    expect(quakeRadius(-0.5)).toBeGreaterThan(0);
  });

  it('draws a camera once, however much it tells', () => {
    const told = [1, 2, 3].map((number) => event(`e${number}`, { thing: 'cam-1', magnitude: null }));
    const places = placeMarks([...told, event('q', {})]);
    expect(places.map(({ key }) => key)).toEqual(['dia-chan cam-1']);
    expect(dataOf(eventLayers([], places, style), 'cameras')).toHaveLength(1);
  });
});

describe.each(['night', 'day'] as const)('the base map by %s', (scheme) => {
  const basemap = basemapStyle({ origin: 'http://hub.test', palette: PALETTES[scheme], rem: 32 });

  it('is a valid style', () => {
    expect(validateStyleMin(basemap).map(({ message }) => message)).toEqual([]);
  });

  it('asks nobody but the hub, and needs no glyph server', () => {
    const addresses = JSON.stringify(basemap).match(/[a-z]+:\/\/[^"]+/g) ?? [];
    expect(addresses.length).toBeGreaterThan(6);
    for (const address of addresses) expect(address).toMatch(/^http:\/\/hub\.test\//);
    expect(basemap.glyphs).toBeUndefined();
    expect(basemap.sprite).toBeUndefined();
  });
});
