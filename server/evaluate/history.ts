/** The recent samples that one windowed rule needs of one series: a ring that grows up to a limit. */
export class History {
  readonly limit: number;
  #times: Float64Array;
  #values: Float64Array;
  #head = 0;
  #length = 0;
  /** The figure last judged; NaN where it was not defined. */
  judged = Number.NaN;

  constructor(limit: number) {
    this.limit = limit;
    const capacity = Math.min(16, limit);
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Time of the k-th oldest point, 0 ≤ k < length. */
  time(k: number): number {
    return this.#times[(this.#head + k) % this.#times.length]!;
  }

  value(k: number): number {
    return this.#values[(this.#head + k) % this.#values.length]!;
  }

  /** Appends; at the limit it first makes room as told. @returns whether points were given up. */
  push(time: number, value: number, full: 'thin' | 'drop'): boolean {
    let gaveUp = false;
    if (this.#length === this.#times.length) {
      if (this.#length < this.limit) this.#resize(Math.min(this.limit, this.#length * 2));
      else {
        gaveUp = true;
        if (full === 'drop') this.dropFirst();
        else this.#thin();
      }
    }
    const at = (this.#head + this.#length) % this.#times.length;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#length++;
    return gaveUp;
  }

  /** A correction of the newest sample. */
  replaceLast(value: number): void {
    this.#values[(this.#head + this.#length - 1) % this.#values.length] = value;
  }

  dropFirst(): void {
    this.#head = (this.#head + 1) % this.#times.length;
    this.#length--;
  }

  toColumns(): { times: Float64Array; values: Float64Array; judged: number } {
    const times = new Float64Array(this.#length);
    const values = new Float64Array(this.#length);
    for (let k = 0; k < this.#length; k++) {
      times[k] = this.time(k);
      values[k] = this.value(k);
    }
    return { times, values, judged: this.judged };
  }

  /** Keeps the first and every second point: the span stays, the grain doubles. */
  #thin(): void {
    const kept = Math.ceil(this.#length / 2);
    for (let k = 0; k < kept; k++) {
      const from = (this.#head + 2 * k) % this.#times.length;
      const to = (this.#head + k) % this.#times.length;
      this.#times[to] = this.#times[from]!;
      this.#values[to] = this.#values[from]!;
    }
    this.#length = kept;
  }

  #resize(capacity: number): void {
    const { times, values } = this.toColumns();
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#times.set(times);
    this.#values.set(values);
    this.#head = 0;
  }
}
