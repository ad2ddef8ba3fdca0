import type { Position } from '#contract/series.ts';

/** One zoom for all: at 8 a tile is some 150 km wide here, so a province is a handful of rooms that many clients share. */
export const TILE_ZOOM = 8;
/** Where series go whose thing has no position: everybody who watches by area has them too. */
export const NOWHERE = 'none';
/** The room of a whole layer, for clients without an area or with too large a one. */
export const WHOLE_LAYER = 'all';
/** More tiles than this, and a client is better served with the whole layer. */
export const MOST_TILES = 64;

const SIDE = 2 ** TILE_ZOOM;
/** Latitude where the square web-mercator world ends. */
const POLE = 85.051129;

/** Tile `z/x/y` of a position in web-mercator, as map tiles are numbered; {@link NOWHERE} without one. */
export function tileOf(position: Position | null): string {
  if (position === null) return NOWHERE;
  return `${TILE_ZOOM}/${column(position[0])}/${row(position[1])}`;
}

/**
 * The cells a client must watch to see a series of its area exactly once: either the whole layer alone, or the area's
 * tiles and {@link NOWHERE}. Series lie in exactly one tile or nowhere, so nothing comes twice.
 * @param bbox [west, south, east, north] in degrees; west of east may be greater, across the antimeridian.
 */
export function cellsOf(bbox: readonly number[] | undefined, zoom: number | undefined): readonly string[] {
  if (bbox === undefined || (zoom !== undefined && zoom < TILE_ZOOM - 4)) return [WHOLE_LAYER];
  const [west = 0, south = 0, east = 0, north = 0] = bbox;
  const width = ((column(east) - column(west) + SIDE) % SIDE) + 1;
  const height = row(south) - row(north) + 1;
  if (east - west >= 360 || width * height > MOST_TILES) return [WHOLE_LAYER];
  const cells: string[] = [NOWHERE];
  for (let step = 0; step < width; step++) {
    const x = (column(west) + step) % SIDE;
    for (let y = row(north); y <= row(south); y++) cells.push(`${TILE_ZOOM}/${x}/${y}`);
  }
  return cells;
}

/** Whether a bounding box means an area at all. */
export function isArea(bbox: readonly number[]): boolean {
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = bbox;
  return bbox.every(Number.isFinite) && Math.abs(west) <= 540 && Math.abs(east) <= 540 && south <= north;
}

function column(longitude: number): number {
  const wrapped = (((longitude + 180) % 360) + 360) % 360;
  return Math.min(SIDE - 1, Math.floor((wrapped / 360) * SIDE));
}

function row(latitude: number): number {
  const radians = (Math.max(-POLE, Math.min(POLE, latitude)) * Math.PI) / 180;
  const y = (1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2;
  return Math.max(0, Math.min(SIDE - 1, Math.floor(y * SIDE)));
}
