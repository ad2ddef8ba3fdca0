import { SampleFlag } from '#contract/sample-batch.ts';
import { uuidFromName } from '../series-registry.ts';
import type { Route, Sink } from './decoder.ts';
import { readInstant } from './instant.ts';
import { isObject, isShallow, member, parseJson } from './json-text.ts';
import { asName } from './mapped-field.ts';

type Items = readonly (readonly [name: string, value: unknown])[];

/**
 * One ONVIF event notification as JSON (ONVIF Core §9.5): `UtcTime`, `Source`, `Key`, `Data`. It becomes an event of
 * the camera, and its flags and figures become samples: `IsMotion` true is 1.
 */
export function decodeOnvif(payload: Buffer, route: Route, sink: Sink): void {
  const document = parseJson(payload, sink);
  if (document === undefined) return;
  if (!isObject(document) || !isShallow(document)) {
    sink.reject(null, 'schema', 'an ONVIF event is one object with UtcTime, Source, Key and Data');
    return;
  }
  const data = itemsOf(document.Data);
  if (data.length === 0) {
    sink.reject(0, 'schema', '/Data has no items: an event says at least one name and value');
    return;
  }
  const given = document.UtcTime;
  const time = given === undefined ? sink.receipt : readInstant(given);
  if (Number.isNaN(time)) {
    sink.reject(0, 'bad-time', '/UtcTime is not RFC 3339 with an offset, such as 2026-01-31T08:00:00Z');
    return;
  }
  const flags = given === undefined ? SampleFlag.receiptTime : 0;
  const camera = route.camera ?? asName(itemsOf(document.Source)[0]?.[1]) ?? sink.sourceId;
  const topic = asName(document.Topic);
  // Name space prefixes differ from maker to maker and mean nothing here.
  const type = `onvif.${topic?.replaceAll(/[A-Za-z0-9]+:/g, '') ?? data[0]![0]}`.slice(0, 256);
  // The same notification told twice is one event: its identity is its content.
  const id = uuidFromName('onvif', sink.sourceId, camera, payload);
  sink.event({ id, type, thing: camera.slice(0, 256), time, position: null, title: null, data: document }, 0);
  for (const [name, value] of data) {
    const figure = readFigure(value);
    if (figure !== undefined) sink.number(`${camera}:`, name, null, time, figure, flags, 0);
  }
}

/** `{Name: value}`, or ONVIF's own list of SimpleItems `[{Name, Value}]`. */
function itemsOf(part: unknown): Items {
  const list = Array.isArray(part) ? part : member(part, 'SimpleItem');
  if (Array.isArray(list)) {
    return list.flatMap((item) => {
      const name = asName(member(item, 'Name'));
      return name === undefined ? [] : [[name, member(item, 'Value')] as const];
    });
  }
  return isObject(part) ? Object.entries(part) : [];
}

function readFigure(value: unknown): number | undefined {
  if (value === true || value === 'true') return 1;
  if (value === false || value === 'false') return 0;
  return typeof value === 'number' ? value : undefined;
}
