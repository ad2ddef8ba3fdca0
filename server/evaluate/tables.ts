import type { Subject } from '#contract/verdict.ts';
import type { History } from './history.ts';
import type { CompiledRule } from './rule-set.ts';

/** Cells of one series, side by side: a sample touches one cache line of them. */
export const STRIDE = 8;
/** Event time of the newest sample; −Infinity before the first. */
export const TIME = 0;
export const VALUE = 1;
/** Usual interval between samples, ms; 0 until there are two. */
export const USUAL = 2;
/** A sample at or before this instant cannot meet a timer. −Infinity: look closely at every sample. */
export const WAKE = 3;
/** Due time of the series' entry in the heap; Infinity without one. */
export const ARMED = 4;

/** What is known of each series, by its number, and which instances are its own. */
export class SeriesTable {
  cells = new Float64Array(STRIDE * 64);
  first = new Uint32Array(64);
  count = new Uint32Array(64);
  readonly subjects: (Subject | undefined)[] = [];
  /** Instances in use. */
  instances = 0;

  /** Makes room for the number and clears its cells. */
  add(subject: Subject): void {
    while (subject.number >= this.first.length) this.#grow();
    const at = subject.number * STRIDE;
    this.cells[at + TIME] = -Infinity;
    this.cells[at + WAKE] = -Infinity;
    this.cells[at + ARMED] = Infinity;
    this.subjects[subject.number] = subject;
  }

  clearInstances(): void {
    this.count.fill(0);
    this.instances = 0;
  }

  #grow(): void {
    const wider = this.first.length * 2;
    const cells = new Float64Array(wider * STRIDE);
    cells.set(this.cells);
    this.cells = cells;
    this.first = widen(this.first, new Uint32Array(wider));
    this.count = widen(this.count, new Uint32Array(wider));
  }
}

export const IDLE = 0;
export const PENDING = 1;
export const FIRING = 2;
export const RECOVERING = 3;

/** Data is missing. */
export const MISSING = 1;
/** Timers stand still: data is missing, or the condition is not defined. `due` then holds what is left of the span. */
export const PAUSED = 2;
/** The alert about missing data is out. */
export const RAISED = 4;

/** State of each rule on each series: one slot an instance, the instances of a series next to each other. */
export class InstanceTable {
  length = 0;
  /** The test in force: nothing changes as long as `(low ≤ x ≤ high) === calm`. */
  low = new Float64Array(64);
  high = new Float64Array(64);
  calm = new Uint8Array(64);
  phase = new Uint8Array(64);
  flags = new Uint8Array(64);
  start = new Float64Array(64);
  due = new Float64Array(64);
  /** Nothing at or before this instant is judged again: a timer that ended there was told already. */
  settled = new Float64Array(64);
  missingSince = new Float64Array(64);
  readonly rules: CompiledRule[] = [];
  readonly histories: (History | null)[] = [];

  /** @returns the first of `count` new slots. */
  allocate(count: number): number {
    const first = this.length;
    while (first + count > this.low.length) this.#grow();
    this.length += count;
    return first;
  }

  clear(): void {
    this.length = 0;
    this.rules.length = 0;
    this.histories.length = 0;
  }

  #grow(): void {
    const size = this.low.length * 2;
    this.low = widen(this.low, new Float64Array(size));
    this.high = widen(this.high, new Float64Array(size));
    this.calm = widen(this.calm, new Uint8Array(size));
    this.phase = widen(this.phase, new Uint8Array(size));
    this.flags = widen(this.flags, new Uint8Array(size));
    this.start = widen(this.start, new Float64Array(size));
    this.due = widen(this.due, new Float64Array(size));
    this.settled = widen(this.settled, new Float64Array(size));
    this.missingSince = widen(this.missingSince, new Float64Array(size));
  }
}

function widen<T extends Float64Array | Uint32Array | Uint8Array>(old: T, next: T): T {
  next.set(old);
  return next;
}
