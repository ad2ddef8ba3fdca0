/** A binary heap of (due, series), the earliest first and, at the same instant, the lower series number. */
export class Timers {
  #due = new Float64Array(64);
  #series = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Due time of the earliest; Infinity when empty. */
  peekDue(): number {
    return this.#length === 0 ? Infinity : this.#due[0]!;
  }

  peekSeries(): number {
    return this.#series[0]!;
  }

  push(due: number, series: number): void {
    if (this.#length === this.#due.length) this.#grow();
    let at = this.#length++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(due, series, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#due[at] = due;
    this.#series[at] = series;
  }

  pop(): void {
    const last = --this.#length;
    if (last <= 0) return;
    const due = this.#due[last]!;
    const series = this.#series[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#before(this.#due[child + 1]!, this.#series[child + 1]!, child)) child++;
      if (this.#before(due, series, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#due[at] = due;
    this.#series[at] = series;
  }

  #before(due: number, series: number, slot: number): boolean {
    const other = this.#due[slot]!;
    return due < other || (due === other && series < this.#series[slot]!);
  }

  #move(from: number, to: number): void {
    this.#due[to] = this.#due[from]!;
    this.#series[to] = this.#series[from]!;
  }

  #grow(): void {
    const due = new Float64Array(this.#due.length * 2);
    const series = new Uint32Array(this.#series.length * 2);
    due.set(this.#due);
    series.set(this.#series);
    this.#due = due;
    this.#series = series;
  }
}
