const FIRST = 500;
const LONGEST = 15_000;

/**
 * Milliseconds to wait before attempt number `attempt` (from 1). Doubles up to 15 s; the half of it is random, so that
 * all screens of a hub that restarts do not come back in one instant.
 * @param random 0…1
 */
export function reconnectDelay(attempt: number, random: number): number {
  const span = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 10));
  return span / 2 + (span / 2) * random;
}
