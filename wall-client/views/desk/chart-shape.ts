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
  const spread = most - least;
  const longest = usualInterval(inside) * GAP_FACTOR;
  let path = '';
  let before = Number.NEGATIVE_INFINITY;
  for (const { time, value } of inside) {
    const x = xOf(time, from, to);
    // A series that never changed runs through the middle: neither low nor high.
    const height = spread === 0 ? 0.5 : (value - least) / spread;
    const y = HEIGHT - 6 - height * (HEIGHT - 12);
    // `h0`: a sample that stands alone is a dot, for the line's ends are round.
    path += time - before > longest ? `M${x.toFixed(1)} ${y.toFixed(1)}h0` : `L${x.toFixed(1)} ${y.toFixed(1)}`;
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
