/** One value of a test's series; null where the device was silent for a step. */
export type Notated = number | null;

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e-?\d+)?`;
const TOKEN = new RegExp(`^(?:(?<gap>_)|(?<value>${NUMBER})(?<slope>[+-]${NUMBER})?)(?:x(?<times>\\d+))?$`);
/** A test is read by people; longer series belong into a backtest. */
const LONGEST = 100_000;

/**
 * Values on a clock, one a step: `5.2` one value, `5.2x10` the same ten times, `5.2+0.1x10` ten values that begin at
 * 5.2 and grow by 0.1, `_` and `_x4` no value for one or four steps.
 * @throws RangeError for what cannot be read, naming it
 */
export function parseSeries(text: string): Notated[] {
  const values: Notated[] = [];
  for (const token of text.trim().split(/\s+/)) {
    const parts = TOKEN.exec(token)?.groups;
    if (!parts) throw new RangeError(`"${token}" is not a value such as 5.2, 5.2x10, 5.2+0.1x10, _ or _x4`);
    const times = Number(parts.times ?? 1);
    if (values.length + times > LONGEST) throw new RangeError(`more than ${LONGEST} values`);
    const start = Number(parts.value);
    const slope = Number(parts.slope ?? 0);
    // Rounded: 5.2 + 3 × 0.1 should compare as the 5.5 that the author reads.
    for (let k = 0; k < times; k++) values.push(parts.gap ? null : Number((start + k * slope).toPrecision(12)));
  }
  return values;
}
