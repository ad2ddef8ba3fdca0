import type { Position } from '#contract/series.ts';
import { uuidFromName } from '../series-registry.ts';
import type { Route, Sink } from './decoder.ts';
import { readInstant } from './instant.ts';
import { isObject, isShallow, type JsonObject, MAX_DEPTH, member, parseJson } from './json-text.ts';
import { asName } from './mapped-field.ts';

const MAX_LABELS = 32;

/**
 * A GeoJSON Feature or FeatureCollection (RFC 7946). A feature whose properties have a `time` is an event, as
 * earthquake agencies publish them; any other is a thing and where it stands.
 */
export function decodeGeoJson(payload: Buffer, _route: Route, sink: Sink): void {
  const document = parseJson(payload, sink);
  if (document === undefined) return;
  const type = member(document, 'type');
  const list = member(document, 'features');
  if (type === 'Feature') readFeature(document, 0, sink);
  else if (type === 'FeatureCollection' && Array.isArray(list)) {
    for (let index = 0; index < list.length; index++) readFeature(list[index], index, sink);
  } else sink.reject(null, 'schema', 'the document is neither a GeoJSON Feature nor a FeatureCollection (RFC 7946 §3)');
}

/** One feature; `as` says whether a `time` may make it an event. */
export function readFeature(feature: unknown, index: number, sink: Sink, as: 'thing' | 'any' = 'any'): void {
  if (!isObject(feature) || feature.type !== 'Feature') {
    sink.reject(index, 'schema', `/features/${index} is not a Feature`);
    return;
  }
  if (!isShallow(feature)) {
    sink.reject(index, 'schema', `/features/${index} nests deeper than ${MAX_DEPTH} levels`);
    return;
  }
  const position = positionOf(feature.geometry);
  if (position === null && feature.geometry !== null && feature.geometry !== undefined) {
    sink.reject(
      index,
      'bad-value',
      `/features/${index}/geometry: [longitude, latitude] in degrees, within ±180 and ±90`,
    );
    return;
  }
  const properties = isObject(feature.properties) ? feature.properties : {};
  if (as === 'thing' || properties.time === undefined) readThing(feature, properties, position, index, sink);
  else readEvent(feature, properties, position, index, sink);
}

function readThing(feature: JsonObject, properties: JsonObject, position: Position | null, index: number, sink: Sink) {
  const id = asName(feature.id) ?? asName(properties.id);
  const name = asName(properties.name) ?? id;
  if (id === undefined || name === undefined || id.length > 256 || name.length > 256) {
    sink.reject(
      index,
      'schema',
      `/features/${index}/id: a thing needs an id, and id and name of 256 characters at most`,
    );
    return;
  }
  const labels = readLabels(properties.labels);
  if (labels === null) {
    const wanted = `at most ${MAX_LABELS} texts by name, 64 and 256 characters long`;
    sink.reject(index, 'schema', `/features/${index}/properties/labels: ${wanted}`);
    return;
  }
  sink.thing({ id, name, labels, position }, index);
}

function readEvent(feature: JsonObject, properties: JsonObject, position: Position | null, index: number, sink: Sink) {
  const time = readInstant(properties.time);
  if (Number.isNaN(time)) {
    sink.reject(index, 'bad-time', `/features/${index}/properties/time is no instant`);
    return;
  }
  const type = asName(properties.type) ?? 'geojson.feature';
  const title = asName(properties.title) ?? asName(properties.place) ?? asName(properties.name) ?? null;
  const id = asName(feature.id) ?? uuidFromName('geojson', sink.sourceId, JSON.stringify(feature));
  sink.event(
    {
      id: id.slice(0, 256),
      type: type.slice(0, 256),
      thing: null,
      time,
      position,
      title: title?.slice(0, 512) ?? null,
      data: feature,
    },
    index,
  );
}

function readLabels(value: unknown): Record<string, string> | null {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  if (entries.length > MAX_LABELS) return null;
  // A label may be called anything, `__proto__` too, so it is defined and not assigned.
  const labels = Object.create(null) as Record<string, string>;
  for (const [key, text] of entries) {
    if (typeof text !== 'string' || key.length > 64 || text.length > 256) return null;
    labels[key] = text;
  }
  return labels;
}

/** A point's own position; of any other geometry the middle of its bounding box. Null where there is none. */
export function positionOf(geometry: unknown): Position | null {
  const coordinates = member(geometry, 'coordinates');
  if (!Array.isArray(coordinates) || !isShallow(coordinates)) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
  if (!extend(box, coordinates)) return null;
  const [west, south, east, north] = box;
  if (!(west >= -180 && east <= 180 && south >= -90 && north <= 90)) return null;
  return [(west + east) / 2, (south + north) / 2];
}

function extend(box: [number, number, number, number], coordinates: readonly unknown[]): boolean {
  const [lon, lat] = coordinates;
  if (typeof lon === 'number' && typeof lat === 'number') {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
    return true;
  }
  return coordinates.length > 0 && coordinates.every((inner) => Array.isArray(inner) && extend(box, inner));
}
