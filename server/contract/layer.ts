import { type Static, Type } from 'typebox';
import { Bilingual, nullable, Slug } from './primitives.ts';
import { Labels, Position } from './series.ts';

/** A map layer as configured: which series or events it shows. */
export const LayerConfig = Type.Object({
  id: Slug,
  title: Bilingual,
  kind: Type.Union([Type.Literal('samples'), Type.Literal('events')]),
  /** Globs over quantity, or event types for an event layer. Empty means all. */
  match: Type.Array(Type.String({ maxLength: 128 })),
});
export type LayerConfig = Static<typeof LayerConfig>;

/** One series of a layer with what is needed to draw it. */
export const LayerSeries = Type.Object({
  number: Type.Integer(),
  id: Type.String(),
  quantity: Type.String(),
  uom: nullable(Type.String()),
  staleAfter: Type.Number({ description: 'seconds' }),
});
export type LayerSeries = Static<typeof LayerSeries>;

export const LayerThing = Type.Object({
  source: Slug,
  unit: Slug,
  thing: Type.String(),
  name: Type.String(),
  labels: Labels,
  position: nullable(Position),
  series: Type.Array(LayerSeries),
});
export type LayerThing = Static<typeof LayerThing>;

export const LayerEvent = Type.Object({
  id: Type.String(),
  source: Slug,
  type: Type.String(),
  title: nullable(Type.String()),
  time: Type.Number(),
  position: nullable(Position),
  thing: nullable(Type.String()),
  magnitude: nullable(Type.Number()),
});
export type LayerEvent = Static<typeof LayerEvent>;

/** `GET /layers/{id}`: what frames refer to by number. */
export const LayerCatalogue = Type.Object({
  layer: LayerConfig,
  version: Type.Integer({ description: 'another number after every change; frames carry it' }),
  things: Type.Array(LayerThing),
  events: Type.Array(LayerEvent),
});
export type LayerCatalogue = Static<typeof LayerCatalogue>;
