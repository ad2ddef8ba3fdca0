import type { Operator } from '#contract/rule.ts';

/**
 * Every comparison as one shape: `(low ≤ x ≤ high) === within`. The engine's fast path is this test and nothing else.
 */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly within: boolean;
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next larger double; turns `>` into `>=` without a second kind of test. */
function nextUp(x: number): number {
  float[0] = x === 0 ? 0 : x;
  bits[0]! += x >= 0 ? 1n : -1n;
  return float[0]!;
}

const nextDown = (x: number) => -nextUp(-x);

export function comparison(op: Operator, x: number): Bounds {
  switch (op) {
    case '>':
      return { low: nextUp(x), high: Infinity, within: true };
    case '>=':
      return { low: x, high: Infinity, within: true };
    case '<':
      return { low: -Infinity, high: nextDown(x), within: true };
    case '<=':
      return { low: -Infinity, high: x, within: true };
    case '==':
      return { low: x, high: x, within: true };
    case '!=':
      return { low: x, high: x, within: false };
  }
}
