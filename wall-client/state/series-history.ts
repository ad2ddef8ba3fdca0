import type { SamplePoint } from '#contract/series.ts';

/** One point of a sparkline. */
export interface HistoryPoint {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly value: number;
}

/**
 * The recent past of one series: fetched once from `GET /series/{id}/samples`, continued by live values. Keeps at most
 * `capacity` points inside the last `span` ms; beyond that the oldest go.
 */
export class SeriesHistory {
  readonly #span: number;
  readonly #capacity: number;
  #points: HistoryPoint[] = [];

  constructor(span: number, capacity = 600) {
    this.#span = span;
    this.#capacity = capacity;
  }

  /** Ascending in time, one point an instant. The array is replaced, never changed. */
  get points(): readonly HistoryPoint[] {
    return this.#points;
  }

  /** Joins what was fetched with what came live meanwhile; the live value wins for the same instant. */
  fill(samples: readonly SamplePoint[]): void {
    const merged = new Map<number, number>();
    for (const { time, value } of samples) if (value !== null) merged.set(Date.parse(time), value);
    for (const { time, value } of this.#points) merged.set(time, value);
    this.#keep([...merged].map(([time, value]) => ({ time, value })).sort((a, b) => a.time - b.time));
  }

  /** A live value; an older one than the last is ignored: history is the database's to tell. */
  push(time: number, value: number): void {
    const last = this.#points.at(-1);
    if (last !== undefined && time < last.time) return;
    const before = last?.time === time ? this.#points.slice(0, -1) : this.#points;
    this.#keep([...before, { time, value }]);
  }

  #keep(points: HistoryPoint[]): void {
    const newest = points.at(-1)?.time ?? 0;
    const inside = points.findIndex((point) => point.time >= newest - this.#span);
    this.#points = points.slice(Math.max(inside, points.length - this.#capacity));
  }
}
