import type { StyleSpecification } from 'maplibre-gl';
import { FONT_FILES } from '../elements/fonts.ts';
import type { Palette } from '../elements/palette.ts';
import { wallText } from '../i18n/wall-texts.ts';

const QUIET = 'Be Vietnam Pro Regular';
const STRONG = 'Be Vietnam Pro SemiBold';

export interface BasemapOptions {
  /** Where the hub is, such as `location.origin`; the base map lies under `/basemap/`. */
  readonly origin: string;
  readonly palette: Palette;
  /** Pixels of 1 rem: letters on the map grow with the wall like all others. */
  readonly rem: number;
}

/**
 * The base map: ground for data, so it stays grey. All from the hub itself; letters are drawn from the same font files
 * as the page's (`font-faces`), so no glyph server is needed.
 */
export function basemapStyle({ origin, palette, rem }: BasemapOptions): StyleSpecification {
  const { map } = palette;
  const geojson = (file: string) => ({ type: 'geojson' as const, data: `${origin}/basemap/${file}.geojson` });
  const line = (width: number) => width * (rem / 16);
  return {
    version: 8,
    'font-faces': { [QUIET]: fontFaces(origin, 400), [STRONG]: fontFaces(origin, 600) },
    sources: {
      land: geojson('land'),
      lakes: geojson('lakes'),
      rivers: geojson('rivers'),
      borders: geojson('borders'),
      province: geojson('province'),
      communes: geojson('communes'),
      neighbours: { type: 'geojson', data: neighbours() },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': map.sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': map.land } },
      { id: 'province', type: 'fill', source: 'province', paint: { 'fill-color': map.province } },
      // The province's outline is coarse along the coast; the sea is drawn by the better coast, over it.
      {
        id: 'coast',
        type: 'line',
        source: 'land',
        paint: { 'line-color': map.border, 'line-width': line(0.7) },
      },
      { id: 'lakes', type: 'fill', source: 'lakes', paint: { 'fill-color': map.water } },
      {
        id: 'rivers',
        type: 'line',
        source: 'rivers',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': map.water, 'line-width': line(1.1) },
      },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': map.border, 'line-width': line(1.2), 'line-dasharray': [4, 2] },
      },
      {
        id: 'outline',
        type: 'line',
        source: 'province',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': map.outline, 'line-width': line(1.1) },
      },
      {
        id: 'communes',
        type: 'symbol',
        source: 'communes',
        layout: {
          'text-field': ['get', 'name'],
          'text-font': [QUIET],
          'text-size': ['interpolate', ['linear'], ['zoom'], 7, rem * 0.42, 11, rem * 0.7],
          'text-max-width': 7,
          'text-padding': rem * 0.5,
          'symbol-sort-key': ['case', ['==', ['get', 'type'], 'Phường'], 0, 1],
        },
        paint: {
          'text-color': map.place,
          'text-opacity': 0.7,
          'text-halo-color': map.province,
          'text-halo-width': line(1),
        },
      },
      {
        id: 'neighbours',
        type: 'symbol',
        source: 'neighbours',
        layout: {
          'text-field': ['get', 'name'],
          'text-font': [QUIET],
          'text-size': rem * 0.8,
          'text-letter-spacing': 0.18,
        },
        paint: { 'text-color': map.place, 'text-opacity': 0.75 },
      },
    ],
  };
}

function fontFaces(origin: string, weight: 400 | 600): { url: string; 'unicode-range': string[] }[] {
  return FONT_FILES.filter((file) => file.weight === weight).map((file) => ({
    // The map's worker resolves no relative addresses.
    url: new URL(file.url, origin).href,
    'unicode-range': [...file.unicodeRange],
  }));
}

function neighbours() {
  const places: readonly (readonly [string, number, number])[] = [
    [wallText('map.sea'), 106.04, 19.33],
    [wallText('map.laos'), 103.98, 18.86],
    [wallText('map.thanh-hoa'), 105.38, 19.86],
    [wallText('map.ha-tinh'), 105.42, 18.42],
  ];
  return {
    type: 'FeatureCollection' as const,
    features: places.map(([name, longitude, latitude]) => ({
      type: 'Feature' as const,
      properties: { name },
      geometry: { type: 'Point' as const, coordinates: [longitude, latitude] },
    })),
  };
}
