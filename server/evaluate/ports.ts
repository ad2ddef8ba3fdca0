import type { AlertChange } from '#contract/alert.ts';
import type { Verdict } from '#contract/verdict.ts';

/** What turns verdicts into alerts; rule tests use the same book as the hub. Times are ms since the Unix epoch. */
export interface Book {
  apply(verdicts: readonly Verdict[], at: number): readonly AlertChange[];
}
