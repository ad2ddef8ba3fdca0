import { type Static, Type } from 'typebox';
import { literals, nullable, Timestamp } from './primitives.ts';

/** Why an input was not understood. Stable: counted in metrics, shown with a remedy on the desk. */
export const QUARANTINE_REASONS = [
  'malformed',
  'schema',
  'unsupported',
  'too-large',
  'unknown-topic',
  'bad-time',
  'future-time',
  'bad-value',
  'unit-of-measure-changed',
  'too-many-series',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

export const QuarantineItem = Type.Object({
  id: Type.String(),
  at: Timestamp,
  source: nullable(Type.String()),
  transport: literals(['mqtt', 'http', 'journal'], {
    description: '`journal`: taken in, but the database could not keep it',
  }),
  topic: nullable(Type.String()),
  reason: literals(QUARANTINE_REASONS),
  detail: Type.String({ description: 'what is wrong, where, and how to mend it' }),
  /** The first bytes as text; what is not UTF-8 is escaped. */
  excerpt: Type.String(),
  size: Type.Integer({ description: 'bytes of the whole payload' }),
});
export type QuarantineItem = Static<typeof QuarantineItem>;
