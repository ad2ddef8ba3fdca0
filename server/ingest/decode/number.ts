import { SampleFlag } from '#contract/sample-batch.ts';
import type { Route, Sink } from './decoder.ts';
import { constantField } from './mapped-field.ts';

const MAX_BYTES = 64;
export const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A payload that is one number as text. The mapping says from the topic what it is of. */
export function decodeNumber(payload: Buffer, route: Route, sink: Sink): void {
  const text = payload.length <= MAX_BYTES ? payload.toString('latin1').trim() : '';
  if (!DECIMAL.test(text)) {
    sink.reject(null, 'malformed', 'the payload is not one decimal number as text, such as 23.5');
    return;
  }
  const fields = route.mapping?.fields;
  const thing = constantField(fields?.thing, route) ?? sink.sourceId;
  const quantity = constantField(fields?.quantity, route) ?? route.levels.at(-1) ?? 'value';
  const uom = constantField(fields?.uom, route) ?? route.mapping?.uoms?.[quantity] ?? null;
  sink.number(`${thing}:`, quantity, uom, sink.receipt, Number(text), SampleFlag.receiptTime, 0);
}
