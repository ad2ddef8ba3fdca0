import { formatValue } from '../../i18n/format.ts';

/** Decimals beyond which a sensor's figure says more than the sensor knows. */
const MOST_DECIMALS = 3;

/** A figure as it was measured: at a desk, centimetres of a river's level decide, so nothing is rounded away. */
export function exactValue(value: number, uom: string | null): string {
  const decimals = (String(Number(value.toFixed(MOST_DECIMALS))).split('.')[1] ?? '').length;
  return formatValue(value, uom, decimals);
}
