import type { History } from '../history.ts';
import type { Bounds } from './bounds.ts';

/** What is judged over a span of past samples rather than over the newest value alone. */
export interface Window {
  /** Milliseconds. */
  readonly over: number;
  /** What a full history gives up: half of its older points (`thin`), or the oldest ones (`drop`). */
  readonly full: 'thin' | 'drop';
  /** Forgets what no later instant can need, then gives the value at `now`; NaN where it is not defined. */
  derive(points: History, now: number, after: number): number;
  /** The next instant after the last `derive` at which the value may change without a new sample. */
  nextChange(points: History, now: number, after: number): number;
}

/** One condition of a rule, ready to judge. */
export interface CompiledCondition {
  /** What must hold to become true. */
  readonly rising: Bounds;
  /** What must hold to stay true while firing: differs from `rising` by `clear`. */
  readonly holding: Bounds;
  readonly window: Window | null;
}
