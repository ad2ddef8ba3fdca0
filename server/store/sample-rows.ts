import type { SampleBatch } from '#contract/sample-batch.ts';

/** Columns ready for the database: its own series ids, one row an instant, bounds for excluding chunks. */
export interface SampleRows {
  length: number;
  seriesId: Int32Array;
  time: Float64Array;
  value: Float64Array;
  quality: Uint8Array;
  earliest: number;
  latest: number;
  /** Every row is newer than what is known to be stored of its series: none of them can be there already. */
  fresh: boolean;
  /** Numbers of series that the database has never heard of; their samples are not among the rows. */
  unknown: Set<number>;
}

/** hub-local series number → the database's id; 0: unknown. */
export class SeriesIds {
  #ids = new Int32Array(1024);

  get(number: number): number {
    return number < this.#ids.length ? this.#ids[number]! : 0;
  }

  set(number: number, id: number): void {
    if (number >= this.#ids.length) {
      const wider = new Int32Array(Math.max(number + 1, this.#ids.length * 2));
      wider.set(this.#ids);
      this.#ids = wider;
    }
    this.#ids[number] = id;
  }

  clear(): void {
    this.#ids.fill(0);
  }
}

/**
 * Turns batches into rows. Within a batch the last sample of a series and instant wins: an upsert may not meet a row
 * twice. Live data come in ascending order per series, which one pass proves without sorting; only else are they sorted.
 */
export class RowBuilder {
  readonly #ids: SeriesIds;
  #newest = new Float64Array(1024);
  /** By the database's id, the newest time this process saw committed; NaN: nothing yet. */
  #stored = new Float64Array(1024).fill(Number.NaN);

  constructor(ids: SeriesIds) {
    this.#ids = ids;
  }

  build(samples: SampleBatch): SampleRows {
    const rows = this.#translate(samples);
    this.#reserve(rows);
    if (!this.#ascending(rows)) return lastOfEach(rows);
    rows.fresh = this.#unseen(rows);
    return rows;
  }

  /** These rows are in the database now. */
  committed(rows: SampleRows): void {
    for (let i = 0; i < rows.length; i++) {
      const id = rows.seriesId[i]!;
      if (!(rows.time[i]! <= this.#stored[id]!)) this.#stored[id] = rows.time[i]!;
    }
  }

  /** Somebody else wrote, or ids changed: nothing is known of what is stored. */
  forget(): void {
    this.#stored.fill(Number.NaN);
  }

  #translate(samples: SampleBatch): SampleRows {
    const { length } = samples;
    const rows: SampleRows = {
      length: 0,
      seriesId: new Int32Array(length),
      time: new Float64Array(length),
      value: new Float64Array(length),
      quality: new Uint8Array(length),
      earliest: Number.POSITIVE_INFINITY,
      latest: Number.NEGATIVE_INFINITY,
      fresh: false,
      unknown: new Set(),
    };
    let at = 0;
    for (let i = 0; i < length; i++) {
      const id = this.#ids.get(samples.series[i]!);
      if (id === 0) {
        rows.unknown.add(samples.series[i]!);
        continue;
      }
      const time = samples.time[i]!;
      rows.seriesId[at] = id;
      rows.time[at] = time;
      rows.value[at] = samples.value[i]!;
      rows.quality[at] = samples.flags[i]!;
      if (time < rows.earliest) rows.earliest = time;
      if (time > rows.latest) rows.latest = time;
      at++;
    }
    rows.length = at;
    return rows;
  }

  /** False while a series' newest row is not known; then the database decides row by row. */
  #unseen(rows: SampleRows): boolean {
    for (let i = 0; i < rows.length; i++) if (!(rows.time[i]! > this.#stored[rows.seriesId[i]!]!)) return false;
    return true;
  }

  #ascending(rows: SampleRows): boolean {
    for (let i = 0; i < rows.length; i++) this.#newest[rows.seriesId[i]!] = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows.length; i++) {
      const id = rows.seriesId[i]!;
      const time = rows.time[i]!;
      if (time <= this.#newest[id]!) return false;
      this.#newest[id] = time;
    }
    return true;
  }

  #reserve(rows: SampleRows): void {
    let highest = 0;
    for (let i = 0; i < rows.length; i++) if (rows.seriesId[i]! > highest) highest = rows.seriesId[i]!;
    if (highest < this.#newest.length) return;
    const capacity = Math.max(highest + 1, this.#newest.length * 2);
    const stored = new Float64Array(capacity).fill(Number.NaN);
    stored.set(this.#stored);
    this.#stored = stored;
    this.#newest = new Float64Array(capacity);
  }
}

function lastOfEach(rows: SampleRows): SampleRows {
  const { seriesId, time } = rows;
  const order = new Uint32Array(rows.length).map((_, i) => i);
  order.sort((a, b) => seriesId[a]! - seriesId[b]! || time[a]! - time[b]! || a - b);
  const kept: SampleRows = {
    ...rows,
    length: 0,
    seriesId: new Int32Array(rows.length),
    time: new Float64Array(rows.length),
    value: new Float64Array(rows.length),
    quality: new Uint8Array(rows.length),
  };
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const next = order[i + 1];
    if (next !== undefined && seriesId[next] === seriesId[row] && time[next] === time[row]) continue;
    const at = kept.length++;
    kept.seriesId[at] = seriesId[row]!;
    kept.time[at] = time[row]!;
    kept.value[at] = rows.value[row]!;
    kept.quality[at] = rows.quality[row]!;
  }
  return kept;
}
