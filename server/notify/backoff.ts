const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Doubling waits up to a minute, each shortened at random to between half and all of itself, so that many phones of one
 * push service do not come back in the same instant.
 * @param failures in a row, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(full * (0.5 + random / 2));
}
