import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chartShape, HEIGHT, WIDTH, xOf } from '../../../../wall-client/views/desk/chart-shape.ts';
import {
  isInside,
  outlinePath,
  project,
  HEIGHT as SKETCH_HEIGHT,
  WIDTH as SKETCH_WIDTH,
} from '../../../../wall-client/views/desk/place-outline.ts';
import { samplesQuery, seriesWindow } from '../../../../wall-client/views/desk/series-window.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const iso = (minutesAgo: number) => new Date(NOW - minutesAgo * MINUTE).toISOString();

describe('the span around an alert', () => {
  test.each<[{ startsAt: string; endsAt: string | null }, number, number, string]>([
    [{ startsAt: iso(120), endsAt: null }, 180, 0, 'open: an hour before until now'],
    [{ startsAt: iso(300), endsAt: iso(200) }, 360, 185, 'ended: a quarter beyond its end'],
    [{ startsAt: iso(30), endsAt: iso(5) }, 90, 0, 'ended just now: not into the future'],
    [{ startsAt: iso(1), endsAt: null }, 61, 0, 'just begun: not into the future'],
    [{ startsAt: iso(-60), endsAt: null }, 0, -75, 'a replayed series ahead of the clock still has a span'],
  ])('%o', (alert, from, to) => {
    expect(seriesWindow(alert, NOW)).toEqual({ from: NOW - from * MINUTE, to: NOW - to * MINUTE });
  });

  test('a short span is asked for as stored, a long one averaged to what a chart can show', () => {
    expect(samplesQuery({ from: NOW - 60 * MINUTE, to: NOW })).not.toHaveProperty('bucket');
    const week = samplesQuery({ from: NOW - 7 * 24 * 60 * MINUTE, to: NOW });
    expect(week).toMatchObject({ bucket: '26m', fn: 'avg' });
    expect((7 * 24 * 60) / 26).toBeLessThan(400);
  });
});

describe('the line of a series', () => {
  const points = [0, 1, 2, 3].map((at) => ({ time: at * MINUTE, value: 10 + at }));

  test('runs from the first to the last point, the least at the bottom, the most at the top', () => {
    const shape = chartShape(points, 0, 3 * MINUTE)!;
    expect(shape.path).toBe(`M0.0 ${HEIGHT - 6}.0h0L133.3 78.0L266.7 42.0L${WIDTH}.0 6.0`);
    expect([shape.least, shape.most]).toEqual([10, 13]);
  });

  test('breaks where samples are missing: nobody measured there', () => {
    const gap = [...points, { time: 30 * MINUTE, value: 12 }, { time: 31 * MINUTE, value: 12 }];
    expect(chartShape(gap, 0, 31 * MINUTE)!.path.match(/M/g)).toHaveLength(2);
  });

  test('a single sample is a dot, not nothing', () => {
    expect(chartShape(points.slice(0, 1), 0, 3 * MINUTE)!.path).toBe(`M0.0 ${HEIGHT / 2}.0h0`);
  });

  test('leaves out what lies outside the span, and has nothing to draw without points', () => {
    expect(chartShape(points, 2 * MINUTE, 3 * MINUTE)!.least).toBe(12);
    expect(chartShape([], 0, MINUTE)).toBeNull();
  });

  test('a constant series is a line, not a division by zero', () => {
    const flat = points.map(({ time }) => ({ time, value: 5 }));
    const { path } = chartShape(flat, 0, 3 * MINUTE)!;
    expect(path).not.toContain('NaN');
    expect(path).toContain(` ${HEIGHT / 2}.0`);
  });

  test('the mark of an instant lies where it belongs', () => expect(xOf(5, 0, 10)).toBe(WIDTH / 2));
});

describe('the sketch of the province', () => {
  const file = new URL('../../../../config/basemap/province.geojson', import.meta.url);
  const outline = JSON.parse(readFileSync(file, 'utf8'));

  test('holds the whole outline of the basemap', () => {
    const numbers = outlinePath(outline)
      .split(/[MLZ ]+/)
      .filter((part) => part !== '')
      .map(Number);
    const xs = numbers.filter((_, at) => at % 2 === 0);
    const ys = numbers.filter((_, at) => at % 2 === 1);
    expect(numbers.length).toBeGreaterThan(200);
    expect(Math.min(...xs)).toBeGreaterThan(0);
    expect(Math.max(...xs)).toBeLessThan(SKETCH_WIDTH);
    expect(Math.min(...ys)).toBeGreaterThan(0);
    expect(Math.max(...ys)).toBeLessThan(SKETCH_HEIGHT);
  });

  test('north is up, and what is elsewhere is not drawn', () => {
    expect(project([105, 19.5])[1]).toBeLessThan(project([105, 18.7])[1]);
    expect(isInside([105.69, 18.68])).toBe(true);
    expect(isInside([106.6, 10.8])).toBe(false);
  });
});
