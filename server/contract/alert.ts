import { type Static, Type } from 'typebox';
import { AUTHENTICITIES, COMMANDS, CONDITIONS, HANDLINGS, PUBLICATIONS, QUALITIES } from './names.ts';
import { Bilingual, literals, nullable, SeveritySchema, Slug, Timestamp } from './primitives.ts';
import { Labels, Position } from './series.ts';

export const Suppression = Type.Object({
  why: Type.String({ maxLength: 500 }),
  by: Type.String(),
  until: Timestamp,
});
export type Suppression = Static<typeof Suppression>;

/** An alert as everybody outside the engine sees it. Six independent axes; there is no combined status. */
export const Alert = Type.Object({
  id: Type.String({ format: 'uuid', description: 'UUIDv7 from rule, series and start: the same after every replay' }),
  rule: Type.String(),
  labels: Labels,
  title: Bilingual,
  severity: SeveritySchema,
  unit: Slug,
  condition: literals(CONDITIONS),
  quality: literals(QUALITIES),
  authenticity: literals(AUTHENTICITIES),
  handling: literals(HANDLINGS),
  suppressed: nullable(Suppression),
  publication: literals(PUBLICATIONS),
  startsAt: Timestamp,
  firedAt: nullable(Timestamp),
  endsAt: nullable(Timestamp),
  value: nullable(Type.Number()),
  uom: nullable(Type.String()),
  location: nullable(Type.Object({ type: Type.Literal('Point'), coordinates: Position })),
  series: nullable(Type.String({ format: 'uuid' })),
  thing: nullable(Type.String({ description: 'name of the thing, for people' })),
  runbook: nullable(Type.String()),
  assignee: nullable(Type.String()),
  acknowledgedBy: nullable(Type.String()),
  seq: Type.Integer({ description: 'grows by one with every change of any alert' }),
});
export type Alert = Static<typeof Alert>;

/** What made an alert change: the engine, or a person's or machine's command. */
export const ALERT_CHANGE_KINDS = [
  'pending',
  'cancelled',
  'fired',
  'recovering',
  'refired',
  'resolved',
  'quality',
  'rule-removed',
  'shelf-ended',
  ...COMMANDS,
] as const;
export type AlertChangeKind = (typeof ALERT_CHANGE_KINDS)[number];

/** One numbered change, with the alert as it stands after it. `cancelled`: a pending alert that never fired is gone. */
export const AlertChange = Type.Object({
  seq: Type.Integer(),
  /** Log clock, milliseconds since the Unix epoch. */
  at: Type.Number(),
  kind: literals(ALERT_CHANGE_KINDS),
  /** Username or `token:<name>`; null when the engine did it. */
  actor: nullable(Type.String()),
  note: nullable(Type.String()),
  alert: Alert,
});
export type AlertChange = Static<typeof AlertChange>;

/** What a unit's own software reads from its outbox. A gap in `seq` is normal: other units' changes have numbers too. */
export const OutboxMessage = Type.Object({ seq: Type.Integer(), kind: literals(ALERT_CHANGE_KINDS), alert: Alert });
export type OutboxMessage = Static<typeof OutboxMessage>;

const text = Type.String({ minLength: 1, maxLength: 4000 });

/** Body of `POST /alerts/{id}/commands`, of the MQTT inbox and of the desk's and phone's buttons. */
export const AlertCommand = Type.Union([
  Type.Object({ type: Type.Literal('acknowledge'), text: Type.Optional(text) }),
  Type.Object({
    type: Type.Literal('verify'),
    result: literals(['checking', 'confirmed', 'refuted', 'unverifiable']),
    evidence: Type.Optional(text),
  }),
  Type.Object({ type: Type.Literal('assign'), unit: Slug, user: Type.Optional(Type.String({ maxLength: 64 })) }),
  Type.Object({
    type: Type.Literal('report-status'),
    status: literals(['accepted', 'refused', 'in-progress', 'done']),
    text: Type.Optional(text),
    photos: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 10 })),
    location: Type.Optional(Type.Object({ type: Type.Literal('Point'), coordinates: Position })),
  }),
  Type.Object({ type: Type.Literal('comment'), text }),
  Type.Object({ type: Type.Literal('shelve'), until: Timestamp, reason: text }),
  Type.Object({ type: Type.Literal('unshelve') }),
  Type.Object({ type: Type.Literal('resolve'), text: Type.Optional(text) }),
  Type.Object({ type: Type.Literal('reopen'), text: Type.Optional(text) }),
  Type.Object({ type: Type.Literal('publish') }),
]);
export type AlertCommand = Static<typeof AlertCommand>;

/** A command on its way through the journal: who, what, to which alert. Its id makes a retry harmless. */
export interface JournalledCommand {
  readonly id: string;
  readonly alert: string;
  readonly actor: string;
  readonly command: AlertCommand;
}
