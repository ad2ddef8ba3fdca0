import type { Alert, AlertChange } from '#contract/alert.ts';
import type { Role } from '#contract/names.ts';
import type { PushSubscriptionRecord } from '#contract/records.ts';
import type { Subscriber } from '../../../server/notify/ports.ts';

export const AT = Date.parse('2026-10-27T07:03:00Z');

export function alertOf(parts: Partial<Alert> = {}): Alert {
  return {
    id: '019a2c4e-0000-7000-8000-000000000001',
    rule: 'river-above-level-2',
    labels: {},
    title: { vi: 'Mực nước vượt báo động II', en: 'River above alarm level II' },
    severity: 'major',
    unit: 'so-nnmt',
    condition: 'firing',
    quality: 'live',
    authenticity: 'unverified',
    handling: 'new',
    suppressed: null,
    publication: 'internal',
    startsAt: new Date(AT - 300_000).toISOString(),
    firedAt: new Date(AT).toISOString(),
    endsAt: null,
    value: 5.43,
    uom: 'm',
    location: null,
    series: null,
    thing: 'Trạm Nam Đàn',
    runbook: null,
    assignee: null,
    acknowledgedBy: null,
    seq: 1,
    ...parts,
  };
}

export function changeOf(
  kind: AlertChange['kind'],
  alert: Partial<Alert> = {},
  parts: Partial<AlertChange> = {},
): AlertChange {
  const seq = parts.seq ?? alert.seq ?? 1;
  return { seq, at: AT, kind, actor: null, note: null, alert: alertOf({ ...alert, seq }), ...parts };
}

export function subscriberOf(role: Role, unit: string | null, username = role as string): Subscriber {
  return { role, unit, subscription: subscriptionOf(`phone-${username}`, username) };
}

export function subscriptionOf(id: string, username = id): PushSubscriptionRecord {
  const endpoint = `https://push.example/${id}`;
  return { id, username, endpoint, p256dh: '', auth: '', createdAt: '2026-01-01T00:00:00Z' };
}
