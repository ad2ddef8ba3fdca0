import type { HistoryPoint } from '../../state/series-history.ts';

/** Size of the drawing in its own units; it is stretched to the element's width, lines keep theirs. */
export const WIDTH = 400;
export const HEIGHT = 120;
/** A gap longer than this many usual intervals is left open: a line across it would claim samples nobody took. */
const GAP_FACTOR = 5;

export interface ChartShape {
  readonly path: string;
  readonly least: number;
  readonly most: number;
}

/** The line of points inside [from, to], in the drawing's units; null without points. */
export function chartShape(points: readonly HistoryPoint[], from: number, to: number): ChartShape | null {
  const inside = points.filter((point) => point.time >= from && point.time <= to);
  if (inside.length === 0) return null;
  const values = inside.map((point) => point.value);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const spread = most - least || 1;
  const longest = usualInterval(inside) * GAP_FACTOR;
  let path = '';
  let before = Number.NEGATIVE_INFINITY;
  for (const { time, value } of inside) {
    const x = xOf(time, from, to);
    const y = HEIGHT - 6 - ((value - least) / spread) * (HEIGHT - 12);
    path += `${time - before > longest ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    before = time;
  }
  return { path, least, most };
}

/** Where an instant lies across the drawing. */
export function xOf(time: number, from: number, to: number): number {
  return ((time - from) / (to - from)) * WIDTH;
}

/** Median distance of neighbours, ms. */
function usualInterval(points: readonly HistoryPoint[]): number {
  const distances = points.slice(1).map((point, at) => point.time - points[at]!.time);
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
}
