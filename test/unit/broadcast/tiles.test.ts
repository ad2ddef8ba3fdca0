import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, isArea, MOST_TILES, NOWHERE, tileOf, WHOLE_LAYER } from '../../../server/broadcast/tiles.ts';

test.each<[string, [number, number], string, string]>([
  ['Vinh', [105.69, 18.67], '8/203/114', 'x = floor((105.69+180)/360·256), y from the web-mercator formula'],
  ['the origin', [0, 0], '8/128/128', 'on a border: the tile east and south of it'],
  ['the pole', [0, 90], '8/128/0', 'beyond the square world: its edge'],
  ['the other pole', [0, -90], '8/128/255', 'beyond the square world: its edge'],
  ['the antimeridian', [180, 0], '8/0/128', 'the same meridian as -180'],
])('%s lies in its map tile', (_, position, tile) => {
  expect(tileOf(position)).toBe(tile);
});

test('without a position there is no tile, but a place all the same', () => {
  expect(tileOf(null)).toBe(NOWHERE);
});

const longitude = fc.double({ min: -180, max: 180, noNaN: true });
const latitude = fc.double({ min: -85, max: 85, noNaN: true });

test('whatever lies in an area lies in exactly one of its cells', () => {
  const area = fc.record({
    west: longitude,
    width: fc.double({ min: 0, max: 12, noNaN: true }),
    south: latitude,
    height: fc.double({ min: 0, max: 8, noNaN: true }),
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(area, ({ west, width, south, height, x, y }) => {
      const north = Math.min(85, south + height);
      // Across the antimeridian east is less than west, or beyond 180: both are in use.
      const cells = cellsOf([west, south, west + width, north], 8);
      const place = west + width * x;
      const tile = tileOf([place > 180 ? place - 360 : place, south + (north - south) * y]);
      if (cells.length === 1) expect(cells).toEqual([WHOLE_LAYER]);
      else expect(cells.filter((cell) => cell === tile)).toHaveLength(1);
      expect(new Set(cells).size).toBe(cells.length);
      expect(cells.length).toBeLessThanOrEqual(MOST_TILES + 1);
    }),
  );
});

test.each([
  ['no area', undefined, 8, [WHOLE_LAYER]],
  ['the whole world at a near zoom', [-180, -85, 180, 85], 12, [WHOLE_LAYER]],
  ['a small area seen from far away', [105, 18, 105.1, 18.1], 3, [WHOLE_LAYER]],
  ['more than once around', [-300, 0, 300, 1], 8, [WHOLE_LAYER]],
  ['a point', [105.69, 18.67, 105.69, 18.67], 8, [NOWHERE, '8/203/114']],
  ['across the antimeridian', [179.9, -0.1, -179.9, 0.1], 8, [NOWHERE, '8/255/127', '8/255/128', '8/0/127', '8/0/128']],
] as const)('%s is watched by these cells', (_, bbox, zoom, cells) => {
  expect(cellsOf(bbox, zoom)).toEqual(cells);
});

test.each([
  ['degrees in order', [104, 18, 106, 20], true],
  ['upside down', [104, 20, 106, 18], false],
  ['not a number', [104, Number.NaN, 106, 20], false],
  ['without end', [Number.NEGATIVE_INFINITY, 18, 106, 20], false],
  ['several times around', [-900, 18, 900, 20], false],
] as const)('a bbox of %s: area %s', (_, bbox, area) => {
  expect(isArea(bbox)).toBe(area);
});
