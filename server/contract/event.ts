import { type Static, Type } from 'typebox';
import { nullable, Slug } from './primitives.ts';
import { Position } from './series.ts';

/**
 * Something that happened once: an earthquake, a camera's detection, a report. Normalised from CloudEvents, ONVIF or
 * GeoJSON. Unique by source and id (CloudEvents 1.0 §3.1.1).
 */
export const HubEvent = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 256 }),
  unit: Slug,
  source: Slug,
  type: Type.String({ minLength: 1, maxLength: 256 }),
  /** What it is about: a camera, a place, a subject. */
  thing: nullable(Type.String({ maxLength: 256 })),
  /** Milliseconds since the Unix epoch. */
  time: Type.Number(),
  position: nullable(Position),
  title: nullable(Type.String({ maxLength: 512 })),
  data: Type.Unknown(),
});
export type HubEvent = Static<typeof HubEvent>;
