import type { AlertChange } from '#contract/alert.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import type { PlacedOutcome } from './batch.ts';
import type { Session } from './database.ts';

type RecordOf<K extends OutcomeRecord['kind']> = Extract<OutcomeRecord, { kind: K }>;

/** Writes what the hub concluded. Repeating any record, or meeting an older one late, changes nothing. */
export async function writeOutcomes(
  session: Session,
  hub: string,
  journal: string,
  placed: readonly PlacedOutcome[],
): Promise<void> {
  if (placed.length === 0) return;
  const of = <K extends OutcomeRecord['kind']>(kind: K) =>
    placed.filter((one): one is { position: number; record: RecordOf<K> } => one.record.kind === kind);
  await writeChanges(
    session,
    hub,
    of('alert').map((one) => one.record.change),
  );
  await writeDeliveries(
    session,
    of('delivery').map((one) => one.record.delivery),
  );
  await writeAudit(session, journal, of('audit'));
}

async function writeChanges(session: Session, hub: string, changes: readonly AlertChange[]): Promise<void> {
  if (changes.length === 0) return;
  const last = new Map<string, AlertChange>();
  for (const change of changes) {
    if (change.seq > (last.get(change.alert.id)?.seq ?? 0)) last.set(change.alert.id, change);
  }
  // An alert that never fired leaves no trace: its rows go, and those of this batch are not written at all.
  const cancelled = [...last.values()].filter((change) => change.kind === 'cancelled').map((change) => change.alert.id);
  const standing = [...last.values()].filter((change) => change.kind !== 'cancelled');
  const kept = changes.filter((change) => last.get(change.alert.id)?.kind !== 'cancelled');
  if (cancelled.length > 0) {
    await session.query('delete from alert where id = any($1::uuid[])', [cancelled]);
    await session.query('delete from alert_change where alert_id = any($1::uuid[])', [cancelled]);
  }
  if (standing.length === 0) return;
  await session.query(
    `insert into alert (id, hub, seq, rule, unit, condition, severity, handling, starts_at, ends_at, lon, lat, body)
     select (a ->> 'id')::uuid, $2, (a ->> 'seq')::bigint, a ->> 'rule', a ->> 'unit', a ->> 'condition',
       a ->> 'severity', a ->> 'handling', (a ->> 'startsAt')::timestamptz, (a ->> 'endsAt')::timestamptz,
       (a #>> '{location,coordinates,0}')::float8, (a #>> '{location,coordinates,1}')::float8, a
     from jsonb_array_elements($1::jsonb) as given (a)
     on conflict (id) do update set hub = excluded.hub, seq = excluded.seq, rule = excluded.rule,
       unit = excluded.unit, condition = excluded.condition, severity = excluded.severity,
       handling = excluded.handling, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       lon = excluded.lon, lat = excluded.lat, body = excluded.body
     where excluded.seq > alert.seq`,
    [JSON.stringify(standing.map((change) => ({ ...change.alert, seq: change.seq }))), hub],
  );
  await session.query(
    `insert into alert_change (hub, alert_id, seq, at, kind, actor, note, body)
     select $2, (c #>> '{alert,id}')::uuid, (c ->> 'seq')::bigint, to_timestamp((c ->> 'at')::float8 / 1000),
       c ->> 'kind', c ->> 'actor', c ->> 'note', c
     from jsonb_array_elements($1::jsonb) as given (c)
     on conflict do nothing`,
    [JSON.stringify(kept), hub],
  );
}

async function writeDeliveries(
  session: Session,
  deliveries: readonly RecordOf<'delivery'>['delivery'][],
): Promise<void> {
  if (deliveries.length === 0) return;
  // A delivery is told again as it proceeds; within one statement a row may be met only once.
  const last = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  await session.query(
    `insert into delivery (id, alert, queued_at, body)
     select d ->> 'id', (d ->> 'alert')::uuid, (d ->> 'queuedAt')::timestamptz, d
     from jsonb_array_elements($1::jsonb) as given (d)
     on conflict (id) do update set body = excluded.body
     where (excluded.body ->> 'attempts')::int >= (delivery.body ->> 'attempts')::int`,
    [JSON.stringify([...last.values()])],
  );
}

async function writeAudit(
  session: Session,
  journal: string,
  placed: readonly { position: number; record: RecordOf<'audit'> }[],
): Promise<void> {
  if (placed.length === 0) return;
  const rows = placed.map(({ position, record }) => ({ ...record.entry, position, origin: record.entry.from }));
  await session.query(
    `insert into audit (journal, position, at, actor, action, subject, origin, detail)
     select $2, position, at, actor, action, subject, origin, detail
     from jsonb_to_recordset($1::jsonb) as given (position bigint, at timestamptz, actor text, action text,
       subject text, origin text, detail jsonb)
     on conflict do nothing`,
    [JSON.stringify(rows), journal],
  );
}
