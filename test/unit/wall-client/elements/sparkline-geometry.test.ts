import { describe, expect, it } from 'vitest';
import { drawSparkline } from '../../../../wall-client/elements/sparkline-geometry.ts';

const box = { width: 100, height: 50 };
const points = (...pairs: [time: number, value: number][]) => pairs.map(([time, value]) => ({ time, value }));

describe('drawSparkline', () => {
  it('draws time from left to right and the larger value higher', () => {
    const { path, last } = drawSparkline(points([0, 10], [50, 20], [100, 10]), box, 0, 100, null);
    expect(path).toBe('M0 45L50 5L100 45');
    expect(last).toEqual({ x: 100, y: 45 });
  });

  it('keeps the threshold in the picture, however far the values are from it', () => {
    const { thresholdY, last } = drawSparkline(points([0, 10], [100, 10]), box, 0, 100, 90);
    expect(thresholdY).toBe(5);
    expect(last?.y).toBe(45);
  });

  it('leaves a gap where nothing is known', () => {
    const { path } = drawSparkline(points([0, 1], [10, 1], [20, 1], [80, 1], [90, 1]), box, 0, 100, null);
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it('does not blow the noise of a constant value up to a storm', () => {
    const { path } = drawSparkline(points([0, 1000], [50, 1000.1], [100, 1000]), box, 0, 100, null);
    const heights = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(2);
  });

  it('leaves out what lies before the span', () => {
    expect(drawSparkline(points([0, 1], [60, 1], [100, 1]), box, 50, 100, null).path).toMatch(/^M20 /);
  });

  it('draws nothing from nothing', () => {
    expect(drawSparkline([], box, 0, 100, null)).toEqual({ path: '', last: null, thresholdY: null });
  });
});
