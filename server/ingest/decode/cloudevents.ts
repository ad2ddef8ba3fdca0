import type { Route, Sink } from './decoder.ts';
import { positionOf } from './geojson.ts';
import { readInstant } from './instant.ts';
import { isObject, type JsonObject, member, parseJson } from './json-text.ts';
import { asName } from './mapped-field.ts';

const MAX_ATTRIBUTE = 256;

/** CloudEvents 1.0 in JSON, structured mode; several in an array as in batched mode. */
export function decodeCloudEvents(payload: Buffer, _route: Route, sink: Sink): void {
  const document = parseJson(payload, sink);
  if (document === undefined) return;
  const events: readonly unknown[] = Array.isArray(document) ? document : [document];
  if (events.length === 0) sink.reject(null, 'schema', 'the batch has no events');
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    if (isObject(event)) readEvent(event, index, sink);
    else sink.reject(index, 'schema', `/${index} is not an object`);
  }
}

function readEvent(event: JsonObject, index: number, sink: Sink): void {
  if (event.specversion !== '1.0') {
    sink.reject(index, 'unsupported', '/specversion must be "1.0" (CloudEvents 1.0 §3.1)');
    return;
  }
  for (const attribute of ['id', 'source', 'type'] as const) {
    const value = event[attribute];
    if (typeof value !== 'string' || value === '' || value.length > MAX_ATTRIBUTE) {
      sink.reject(index, 'schema', `/${attribute} must be text of 1 to ${MAX_ATTRIBUTE} characters`);
      return;
    }
  }
  if (event.data_base64 !== undefined) {
    sink.reject(index, 'unsupported', '/data_base64: send the data as JSON in /data');
    return;
  }
  const time = event.time === undefined ? sink.receipt : typeof event.time === 'string' ? readInstant(event.time) : NaN;
  if (Number.isNaN(time)) {
    sink.reject(index, 'bad-time', '/time is not RFC 3339 with an offset, such as 2026-01-31T08:00:00Z');
    return;
  }
  const data = event.data ?? null;
  sink.event(
    {
      id: event.id as string,
      type: event.type as string,
      thing: asName(event.subject)?.slice(0, MAX_ATTRIBUTE) ?? null,
      time,
      position: positionOf(member(data, 'geometry')),
      title: titleOf(data),
      data,
    },
    index,
  );
}

function titleOf(data: unknown): string | null {
  const properties = member(data, 'properties') ?? data;
  const title = asName(member(properties, 'title')) ?? asName(member(properties, 'place'));
  return title?.slice(0, 512) ?? null;
}
