import { type Static, Type } from 'typebox';
import { DECODERS } from './names.ts';
import { literals, Slug } from './primitives.ts';

const name = Type.String({ minLength: 1, maxLength: 128 });

/** Someone or something that supplies data under one credential. */
export const Source = Type.Object({
  id: Slug,
  unit: Slug,
  name,
  decoder: literals(DECODERS),
  /** Seconds without data after which the source counts as stale. */
  staleAfter: Type.Number({ minimum: 1 }),
  recorded: Type.Boolean(),
});
export type Source = Static<typeof Source>;

export const NewSource = Type.Object({
  id: Slug,
  unit: Slug,
  name,
  decoder: Type.Optional(literals(DECODERS)),
  staleAfter: Type.Optional(Type.Number({ minimum: 1, maximum: 31_536_000 })),
});
export type NewSource = Static<typeof NewSource>;

/** What a credential may do. Shown once: only a hash of the password is kept. */
export const Credential = Type.Object({ username: Type.String(), password: Type.String() });
export type Credential = Static<typeof Credential>;

/** One mapping of `config/sources.yaml`: messages on topics outside `ioc/v1/`. */
export const TopicMapping = Type.Object({
  topic: Type.String({ description: 'MQTT topic filter; `+` and `#` allowed', minLength: 1, maxLength: 256 }),
  decoder: literals(DECODERS),
  /** JSON Pointers (RFC 6901) into the payload; `topic:N` is the topic's N-th level, from 0; `=text` is constant. */
  fields: Type.Optional(
    Type.Object({
      thing: Type.Optional(Type.String()),
      quantity: Type.Optional(Type.String()),
      value: Type.Optional(Type.String()),
      time: Type.Optional(Type.String()),
      uom: Type.Optional(Type.String()),
      longitude: Type.Optional(Type.String()),
      latitude: Type.Optional(Type.String()),
    }),
  ),
  /** Several quantities in one object: quantity → JSON Pointer. Instead of `quantity` and `value`. */
  values: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** Unit of measure by quantity. */
  uoms: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type TopicMapping = Static<typeof TopicMapping>;
