import type { HistoryPoint } from '../state/series-history.ts';

/** A box in pixels. */
export interface SparkBox {
  readonly width: number;
  readonly height: number;
}

export interface SparkGeometry {
  /** SVG path data; a gap in the data is a gap in the line. */
  readonly path: string;
  /** Where the last point lies; null: no data. */
  readonly last: { readonly x: number; readonly y: number } | null;
  /** Height of the threshold line; null: none was given. */
  readonly thresholdY: number | null;
}

/** Room above and below, so that a line at the extreme is not cut in half. */
const MARGIN = 0.1;
/** Points further apart than this many usual intervals are not joined: what happened between them is not known. */
const GAP = 4;

/**
 * Draws points into a box. The threshold is always inside the picture, so distance from it can be seen; so is some span
 * around a constant line, so that noise does not look like a storm.
 * @param from ms since the Unix epoch at the left edge, `to` at the right
 */
export function drawSparkline(
  points: readonly HistoryPoint[],
  box: SparkBox,
  from: number,
  to: number,
  threshold: number | null,
): SparkGeometry {
  const inside = points.filter((point) => point.time >= from && point.time <= to);
  const { low, high } = valueRange(inside, threshold);
  const x = (time: number) => round(((time - from) / Math.max(1, to - from)) * box.width);
  const y = (value: number) => {
    const share = (value - low) / (high - low);
    return round(box.height * (1 - MARGIN - share * (1 - 2 * MARGIN)));
  };
  const longest = usualInterval(inside) * GAP;
  let path = '';
  inside.forEach((point, index) => {
    const before = inside[index - 1];
    const joined = before !== undefined && point.time - before.time <= longest;
    path += `${joined ? 'L' : 'M'}${x(point.time)} ${y(point.value)}`;
  });
  const last = inside.at(-1);
  return {
    path,
    last: last ? { x: x(last.time), y: y(last.value) } : null,
    thresholdY: threshold === null ? null : y(threshold),
  };
}

function valueRange(points: readonly HistoryPoint[], threshold: number | null): { low: number; high: number } {
  let low = threshold ?? Number.POSITIVE_INFINITY;
  let high = threshold ?? Number.NEGATIVE_INFINITY;
  for (const { value } of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { low: 0, high: 1 };
  const least = Math.max(Math.abs(low), Math.abs(high)) * 0.01 || 1;
  const missing = Math.max(0, least - (high - low)) / 2;
  return { low: low - missing, high: high + missing };
}

/** The median: a few gaps do not change it. */
function usualInterval(points: readonly HistoryPoint[]): number {
  const intervals = points.slice(1).map((point, index) => point.time - points[index]!.time);
  intervals.sort((a, b) => a - b);
  return intervals[Math.floor(intervals.length / 2)] ?? 0;
}

const round = (pixels: number) => Math.round(pixels * 10) / 10;
