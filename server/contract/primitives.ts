import { type Static, type TSchema, Type } from 'typebox';
import { SEVERITIES, SLUG_PATTERN } from './names.ts';

/** Building blocks that several schemas share. */

export const Slug = Type.String({ pattern: SLUG_PATTERN, description: 'lower-case letters, digits and hyphens' });

export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339' });

/** A text in both languages of the screens. */
export const Bilingual = Type.Object({
  vi: Type.String({ minLength: 1, maxLength: 256 }),
  en: Type.String({ minLength: 1, maxLength: 256 }),
});
export type Bilingual = Static<typeof Bilingual>;

export function literals<const T extends readonly string[]>(values: T, options: { description?: string } = {}) {
  return Type.Unsafe<T[number]>(Type.Enum([...values], options));
}

export const SeveritySchema = literals(SEVERITIES, { description: 'ITU-T X.733' });

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** The shape of every list: `nextCursor` is opaque, null at the end. */
export const page = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullable(Type.String()) });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** RFC 9457 problem details. `type` is stable; `errors` points into the request. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ at: Type.String(), reason: Type.String() }))),
});
export type Problem = Static<typeof Problem>;
