import type { Position } from '#contract/series.ts';

/** The part of the outline's GeoJSON that is read. */
export interface Outline {
  readonly features: readonly { readonly geometry: { readonly type: string; readonly coordinates: unknown } }[];
}

/** West, south, east, north of the province with a margin, degrees. */
const BOX = { west: 103.8, south: 18.4, east: 105.95, north: 20.1 };
/** Units of the drawing a degree of latitude; a degree of longitude is shorter by the cosine of the middle. */
const SCALE = 200;
const SHRINK = Math.cos(((BOX.south + BOX.north) / 2) * (Math.PI / 180));
export const WIDTH = (BOX.east - BOX.west) * SHRINK * SCALE;
export const HEIGHT = (BOX.north - BOX.south) * SCALE;

/** [x, y] of a place in the drawing. */
export function project([longitude, latitude]: readonly [number, number]): readonly [number, number] {
  return [(longitude - BOX.west) * SHRINK * SCALE, (BOX.north - latitude) * SCALE];
}

/** Outer rings of polygons as SVG path data; anything else in the file is left out. */
export function outlinePath(outline: Outline): string {
  const rings = outline.features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon') return (geometry.coordinates as [number, number][][]).slice(0, 1);
    if (geometry.type !== 'MultiPolygon') return [];
    return (geometry.coordinates as [number, number][][][]).flatMap((polygon) => polygon.slice(0, 1));
  });
  const point = (position: [number, number]) => {
    const [x, y] = project(position);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  return rings.map((ring) => `M${ring.map(point).join('L')}Z`).join('');
}

/** Inside the drawing; a place elsewhere is told in words only. */
export function isInside([longitude, latitude]: Position): boolean {
  return longitude >= BOX.west && longitude <= BOX.east && latitude >= BOX.south && latitude <= BOX.north;
}
