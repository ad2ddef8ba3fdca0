const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
/** Seconds reach this in the year 5138, milliseconds had it in March 1973. */
const SECONDS_BELOW = 1e11;

/**
 * An instant as feeds write it: RFC 3339 with an offset, or a number of seconds or milliseconds since the Unix epoch.
 * @returns milliseconds since the Unix epoch; NaN where it is none of these.
 */
export function readInstant(value: unknown): number {
  if (typeof value === 'number') return Math.round(value < SECONDS_BELOW ? value * 1000 : value);
  if (typeof value !== 'string') return Number.NaN;
  if (RFC_3339.test(value)) return Date.parse(value.replace(' ', 'T'));
  return /^\d{9,14}(?:\.\d+)?$/.test(value) ? readInstant(Number(value)) : Number.NaN;
}
