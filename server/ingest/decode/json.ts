import { SampleFlag } from '#contract/sample-batch.ts';
import type { TopicMapping } from '#contract/source.ts';
import type { Route, Sink } from './decoder.ts';
import { readInstant } from './instant.ts';
import { atPointer, isObject, parseJson } from './json-text.ts';
import { asName, readField } from './mapped-field.ts';
import { DECIMAL } from './number.ts';

type Fields = NonNullable<TopicMapping['fields']>;

/** Where fields are sought when no mapping says otherwise. */
const DEFAULT: Required<Fields> = {
  thing: '/thing',
  quantity: '/quantity',
  value: '/value',
  time: '/time',
  uom: '/uom',
  longitude: '/longitude',
  latitude: '/latitude',
};

/** An object, or an array of objects, whose fields a mapping finds by JSON Pointer. */
export function decodeJson(payload: Buffer, route: Route, sink: Sink): void {
  const document = parseJson(payload, sink);
  if (document === undefined) return;
  const items: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (isObject(item)) readItem(item, index, route, sink);
    else sink.reject(index, 'schema', `/${index} is not an object`);
  }
}

function readItem(item: unknown, index: number, route: Route, sink: Sink): void {
  const fields = route.mapping?.fields ?? (route.mapping?.values ? {} : DEFAULT);
  const thing = fields.thing === undefined ? sink.sourceId : (asName(readField(fields.thing, item, route)) ?? null);
  if (thing === null && route.mapping !== null) {
    sink.reject(index, 'schema', `${fields.thing} leads to no name of a thing`);
    return;
  }
  const given = readField(fields.time, item, route);
  const time = given === undefined || given === null ? sink.receipt : readInstant(given);
  if (Number.isNaN(time)) {
    sink.reject(index, 'bad-time', `${fields.time} is neither RFC 3339 with an offset nor seconds or milliseconds`);
    return;
  }
  const at: Reading = { item, index, route, sink, thing: thing ?? sink.sourceId, time, flags: 0 };
  if (given === undefined || given === null) at.flags = SampleFlag.receiptTime;
  const moved = readPosition(at, fields);
  if (route.mapping?.values) readValues(at, route.mapping.values);
  else readValue(at, fields, moved);
}

interface Reading {
  readonly item: unknown;
  readonly index: number;
  readonly route: Route;
  readonly sink: Sink;
  readonly thing: string;
  readonly time: number;
  flags: number;
}

function readPosition(at: Reading, fields: Fields): boolean {
  const { item, route, index } = at;
  const lon = readNumber(readField(fields.longitude, item, route));
  const lat = readNumber(readField(fields.latitude, item, route));
  if (lon === undefined || lat === undefined) return false;
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) at.sink.place(at.thing, [lon, lat], index);
  else at.sink.reject(index, 'bad-value', `longitude ${lon} and latitude ${lat} are no position on the earth`);
  return true;
}

function readValues(at: Reading, values: Readonly<Record<string, string>>): void {
  let found = 0;
  for (const [quantity, pointer] of Object.entries(values)) {
    const raw = atPointer(at.item, pointer);
    // A station that measures nothing just now writes null or leaves the field out.
    if (raw === undefined || raw === null) continue;
    found++;
    deliver(at, quantity, raw, at.route.mapping?.uoms?.[quantity] ?? null, pointer);
  }
  if (found === 0) {
    at.sink.reject(at.index, 'schema', `none of ${Object.values(values).join(', ').slice(0, 200)} leads to a value`);
  }
}

function readValue(at: Reading, fields: Fields, moved: boolean): void {
  const { item, route, index, sink } = at;
  const raw = readField(fields.value, item, route);
  if ((raw === undefined || raw === null) && moved) return;
  const quantity = asName(readField(fields.quantity, item, route));
  if (quantity === undefined) {
    sink.reject(index, 'schema', `${fields.quantity ?? 'quantity'} leads to no name of a quantity`);
    return;
  }
  const uom = asName(readField(fields.uom, item, route)) ?? route.mapping?.uoms?.[quantity] ?? null;
  deliver(at, quantity, raw, uom, fields.value ?? 'value');
}

function deliver(at: Reading, quantity: string, raw: unknown, uom: string | null, pointer: string): void {
  const value = readNumber(raw);
  if (value !== undefined) at.sink.number(`${at.thing}:`, quantity, uom, at.time, value, at.flags, at.index);
  else at.sink.reject(at.index, 'bad-value', `${pointer} is not a number, true or false`);
}

function readNumber(raw: unknown): number | undefined {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  return typeof raw === 'string' && DECIMAL.test(raw.trim()) ? Number(raw) : undefined;
}
