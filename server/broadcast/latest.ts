import type { Alert } from '#contract/alert.ts';
import { FRAME_SEVERITY_MASK, FRAME_STALE } from '#contract/frame.ts';
import { SEVERITIES } from '#contract/names.ts';
import { type SampleBatch, SampleFlag } from '#contract/sample-batch.ts';

/**
 * The newest sample of every series, in columns by series number, and what changed since the last `takeChanged`.
 * Taking a sample costs a few array writes: everything else happens once a frame.
 */
export class Latest {
  #value = new Float64Array(0);
  #time = new Float64Array(0);
  #state = new Uint8Array(0);
  #staleAfter = new Float64Array(0);
  /** 1: already among the changed. */
  #queued = new Uint8Array(0);
  /** Frame tick in which the series last changed, so that a client that paused gets only what it missed. */
  #changedIn = new Uint32Array(0);
  #changed = new Uint32Array(64);
  #changedCount = 0;
  #tick = 1;
  readonly #numberOf = new Map<string, number>();
  /** Series id → alert id → level: alerts may be known before their series is. */
  readonly #alerts = new Map<string, Map<string, number>>();

  /** The present frame tick; grows with every `takeChanged`. */
  get tick(): number {
    return this.#tick;
  }

  /** @param staleAfter milliseconds without a sample after which the series is stale. */
  declare(number: number, id: string, staleAfter: number): void {
    if (number >= this.#time.length) this.#grow(number);
    this.#numberOf.set(id, number);
    this.#staleAfter[number] = staleAfter;
    this.#judge(id);
  }

  /** Takes the samples of a committed group. Historical and out-of-order ones leave the newest as it is. */
  take(samples: SampleBatch): void {
    const { series, time, value, flags, length } = samples;
    for (let row = 0; row < length; row++) {
      const number = series[row]!;
      if ((flags[row]! & SampleFlag.historical) !== 0) continue;
      // Not declared here: no layer can show it.
      if (number >= this.#time.length || time[row]! < this.#time[number]!) continue;
      this.#time[number] = time[row]!;
      this.#value[number] = value[row]!;
      this.#state[number]! &= ~FRAME_STALE;
      this.mark(number);
    }
  }

  /** Puts the series into the next frame. */
  mark(number: number): void {
    if (this.#queued[number] !== 0) return;
    this.#queued[number] = 1;
    if (this.#changedCount === this.#changed.length) this.#changed = widen(this.#changed, this.#changedCount * 2);
    this.#changed[this.#changedCount++] = number;
  }

  /** Marks the series that grew stale. */
  age(now: number): void {
    for (let number = 0; number < this.#time.length; number++) {
      const time = this.#time[number]!;
      if (time === 0 || (this.#state[number]! & FRAME_STALE) !== 0) continue;
      if (now - time <= this.#staleAfter[number]!) continue;
      this.#state[number]! |= FRAME_STALE;
      this.mark(number);
    }
  }

  /** Follows an alert: the worst one open on a series colours it. Shelving quiets people, not the map. */
  alert(alert: Alert, over: boolean): void {
    if (alert.series === null) return;
    const open =
      !over && alert.handling !== 'closed' && alert.condition !== 'pending' && alert.condition !== 'resolved';
    const levels = this.#alerts.get(alert.series) ?? new Map<string, number>();
    if (open) levels.set(alert.id, SEVERITIES.length - SEVERITIES.indexOf(alert.severity));
    else levels.delete(alert.id);
    if (levels.size > 0) this.#alerts.set(alert.series, levels);
    else this.#alerts.delete(alert.series);
    this.#judge(alert.series);
  }

  /** The series changed since the last call, each once. Valid until the next sample. */
  takeChanged(): Uint32Array {
    const changed = this.#changed.subarray(0, this.#changedCount);
    this.#changedCount = 0;
    for (const number of changed) {
      this.#queued[number] = 0;
      this.#changedIn[number] = this.#tick;
    }
    this.#tick++;
    return changed;
  }

  /** Whether there is a sample at all. */
  has(number: number): boolean {
    return (this.#time[number] ?? 0) !== 0;
  }

  changedAfter(number: number, tick: number): boolean {
    return this.#changedIn[number]! > tick;
  }

  /** The four columns of a frame for these series, ages counted from `now`. */
  columns(numbers: readonly number[], now: number): FrameColumns {
    const n = numbers.length;
    const columns = {
      value: new Float64Array(n),
      series: Uint32Array.from(numbers),
      age: new Int32Array(n),
      state: new Uint8Array(n),
    };
    for (let row = 0; row < n; row++) {
      const number = numbers[row]!;
      columns.value[row] = this.#value[number]!;
      columns.age[row] = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, this.#time[number]! - now));
      columns.state[row] = this.#state[number]!;
    }
    return columns;
  }

  #judge(id: string): void {
    const number = this.#numberOf.get(id);
    if (number === undefined) return;
    const worst = Math.max(0, ...(this.#alerts.get(id)?.values() ?? []));
    const state = (this.#state[number]! & ~FRAME_SEVERITY_MASK) | worst;
    if (state === this.#state[number]) return;
    this.#state[number] = state;
    this.mark(number);
  }

  #grow(number: number): void {
    const length = 2 ** Math.ceil(Math.log2(Math.max(1024, number + 1)));
    this.#value = widen(this.#value, length);
    this.#time = widen(this.#time, length);
    this.#state = widen(this.#state, length);
    this.#staleAfter = widen(this.#staleAfter, length);
    this.#queued = widen(this.#queued, length);
    this.#changedIn = widen(this.#changedIn, length);
  }
}

export interface FrameColumns {
  readonly value: Float64Array;
  readonly series: Uint32Array;
  readonly age: Int32Array;
  readonly state: Uint8Array;
}

function widen<T extends Float64Array | Uint32Array | Uint8Array>(old: T, length: number): T {
  const wider = new (old.constructor as new (length: number) => T)(length);
  wider.set(old);
  return wider;
}
