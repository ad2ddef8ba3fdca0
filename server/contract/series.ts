import { type Static, Type } from 'typebox';
import { Slug } from './primitives.ts';

/** [longitude, latitude], WGS 84 degrees (RFC 7946 §3.1.1). */
export const Position = Type.Tuple([
  Type.Number({ minimum: -180, maximum: 180 }),
  Type.Number({ minimum: -90, maximum: 90 }),
]);
export type Position = Static<typeof Position>;

export const Labels = Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 256 }));
export type Labels = Static<typeof Labels>;

/** Something that has a place and measures: a station, a gauge, a camera. Unique by source and id. */
export const Thing = Type.Object({
  source: Slug,
  id: Type.String({ minLength: 1, maxLength: 256 }),
  name: Type.String({ maxLength: 256 }),
  labels: Labels,
  position: Type.Union([Position, Type.Null()]),
});
export type Thing = Static<typeof Thing>;

/** One quantity of one thing over time. Its name is thing and quantity together, as SenML's `bn` + `n`. */
export const Series = Type.Object({
  id: Type.String({ format: 'uuid', description: 'UUIDv5 of unit, source and name: the same on every hub' }),
  number: Type.Integer({ minimum: 0, description: 'dense, local to this hub; what frames carry' }),
  unit: Slug,
  source: Slug,
  name: Type.String({ minLength: 1, maxLength: 512 }),
  thing: Type.String({ minLength: 1, maxLength: 256 }),
  quantity: Type.String({ minLength: 1, maxLength: 256 }),
  uom: Type.Union([Type.String({ maxLength: 32 }), Type.Null()], { description: 'unit of measure, RFC 8428 §12.1' }),
});
export type Series = Static<typeof Series>;

/** One stored value as the HTTP interface returns it. */
export const SamplePoint = Type.Object({
  time: Type.String({ format: 'date-time' }),
  value: Type.Union([Type.Number(), Type.Null()]),
  quality: Type.Union([Type.Literal('live'), Type.Literal('late')]),
});
export type SamplePoint = Static<typeof SamplePoint>;
