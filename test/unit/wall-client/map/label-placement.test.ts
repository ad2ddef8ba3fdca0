import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, boxAt, breakName, placeLabels } from '../../../../wall-client/map/label-placement.ts';

const size = { width: 1000, height: 600 };
const GAP = 20;
const wish = (x: number, y: number, width = 100, height = 40) => ({ x, y, width, height });

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe('placeLabels', () => {
  it('prefers the right, where reading begins beside the mark', () => {
    expect(placeLabels([wish(500, 300)], size, GAP)).toEqual(['right']);
  });

  it.each([
    [wish(950, 300), 'left', 'no room before the right edge'],
    [wish(500, 5), 'below-right', 'no room above or around the upper edge'],
    [wish(500, 595), 'above-right', 'nor below the lower one'],
  ])('%o goes %s: %s', (label, expected) => {
    expect(placeLabels([label], size, GAP)).toEqual([expected]);
  });

  it('gives the first the better place and drops what finds none', () => {
    const crowded = Array.from({ length: 12 }, () => wish(60, 30, 100, 40));
    const sides = placeLabels(crowded, { width: 300, height: 80 }, GAP);
    expect(sides[0]).not.toBeNull();
    expect(sides.at(-1)).toBeNull();
  });

  it('keeps clear of what is taken', () => {
    const legend = { left: 510, top: 0, right: 1000, bottom: 600 };
    expect(placeLabels([wish(500, 300)], size, GAP, [legend])).toEqual(['left']);
  });

  it('never lets two labels overlap, nor one leave the map or cover another mark', () => {
    const anyWish = fc.record({
      x: fc.integer({ min: 0, max: 1000 }),
      y: fc.integer({ min: 0, max: 600 }),
      width: fc.integer({ min: 20, max: 300 }),
      height: fc.integer({ min: 10, max: 120 }),
    });
    fc.assert(
      fc.property(fc.array(anyWish, { maxLength: 15 }), (wishes) => {
        const placed = placeLabels(wishes, size, GAP).flatMap((side, index) =>
          side === null ? [] : [{ index, box: boxAt(wishes[index]!, side, GAP) }],
        );
        for (const { box, index } of placed) {
          expect(box.left >= 0 && box.top >= 0 && box.right <= size.width && box.bottom <= size.height).toBe(true);
          for (const other of placed) if (other.index !== index) expect(overlaps(box, other.box)).toBe(false);
          wishes.forEach(({ x, y }, mark) => {
            const inside = x > box.left && x < box.right && y > box.top && y < box.bottom;
            if (mark !== index) expect(inside).toBe(false);
          });
        }
      }),
    );
  });
});

describe('breakName', () => {
  it.each([
    ['Phao hải văn số 5', ['Phao hải văn số 5'], 'short enough'],
    ['Đồng hồ tổng Xã Mường Típ', ['Đồng hồ tổng', 'Xã Mường Típ'], 'the place stays together'],
    ['Trạm khí tượng Phường Vinh Hưng', ['Trạm khí tượng', 'Phường Vinh Hưng'], 'so does a ward'],
    ['Trạm quan trắc môi trường nước', ['Trạm quan trắc môi', 'trường nước'], 'without a place: by length'],
  ])('%s → %o (%s)', (name, lines) => {
    expect(breakName(name, 20)).toEqual(lines);
  });
});
