/**
 * Samples as columns. One batch is one group commit's worth; all columns have the same length.
 * The same bytes lie in the journal, so a reader gets typed-array views without parsing.
 */
export interface SampleBatch {
  readonly length: number;
  /** The hub-local dense series number, see `Series.number`. */
  readonly series: Uint32Array;
  /** Event time, milliseconds since the Unix epoch. */
  readonly time: Float64Array;
  readonly value: Float64Array;
  /** Bits of {@link SampleFlag}. */
  readonly flags: Uint8Array;
}

export const SampleFlag = {
  /** Too old when it came in to be judged: stored and drawn, never evaluated. */
  historical: 1,
  /** The device gave no absolute time; `time` was derived from the time of receipt. */
  receiptTime: 2,
} as const;

export const EMPTY_BATCH: SampleBatch = {
  length: 0,
  series: new Uint32Array(0),
  time: new Float64Array(0),
  value: new Float64Array(0),
  flags: new Uint8Array(0),
};

/** A batch that grows. `take` hands out the columns filled so far and starts anew. */
export class SampleBuilder {
  #capacity: number;
  #length = 0;
  #series: Uint32Array;
  #time: Float64Array;
  #value: Float64Array;
  #flags: Uint8Array;

  constructor(capacity = 1024) {
    this.#capacity = capacity;
    this.#series = new Uint32Array(capacity);
    this.#time = new Float64Array(capacity);
    this.#value = new Float64Array(capacity);
    this.#flags = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(series: number, time: number, value: number, flags: number): void {
    if (this.#length === this.#capacity) this.#grow();
    const at = this.#length++;
    this.#series[at] = series;
    this.#time[at] = time;
    this.#value[at] = value;
    this.#flags[at] = flags;
  }

  take(): SampleBatch {
    const length = this.#length;
    if (length === 0) return EMPTY_BATCH;
    this.#length = 0;
    return {
      length,
      series: this.#series.slice(0, length),
      time: this.#time.slice(0, length),
      value: this.#value.slice(0, length),
      flags: this.#flags.slice(0, length),
    };
  }

  #grow(): void {
    this.#capacity *= 2;
    const wider = <T extends Uint32Array | Float64Array | Uint8Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.#series = wider(new Uint32Array(this.#capacity), this.#series);
    this.#time = wider(new Float64Array(this.#capacity), this.#time);
    this.#value = wider(new Float64Array(this.#capacity), this.#value);
    this.#flags = wider(new Uint8Array(this.#capacity), this.#flags);
  }
}
