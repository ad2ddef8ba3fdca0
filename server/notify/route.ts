import type { Alert, AlertChange } from '#contract/alert.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { Subscriber } from './ports.ts';

/** Why a phone hears of a change. `ended` updates the notice in silence, all others ring. */
export type Announcement = 'fired' | 'refired' | 'raised' | 'assigned' | 'unshelved' | 'ended';

/** What was known of an alert before a change; null when nothing is, as after a restart. */
export interface Known {
  readonly severity: Severity;
  readonly unit: string;
  readonly condition: Alert['condition'];
}

/** @returns why phones should hear of the change; null when they should not. */
export function announcementOf(change: AlertChange, before: Known | null): Announcement | null {
  const { alert, kind } = change;
  // The end is told although the alert is shelved: otherwise a notice from before the shelf would stay for ever.
  if (kind === 'resolved' || kind === 'resolve' || kind === 'rule-removed') {
    const ended = alert.condition === 'resolved' && alert.firedAt !== null && before?.condition !== 'resolved';
    return ended ? 'ended' : null;
  }
  if (alert.suppressed !== null || alert.condition !== 'firing') return kind === 'assign' ? assigned(change) : null;
  if (kind === 'fired') return 'fired';
  if (kind === 'assign') return assigned(change);
  if (before !== null && worse(alert.severity, before.severity)) return 'raised';
  const over = alert.handling === 'done' || alert.handling === 'closed';
  // A wobble while the alert is being handled tells nobody anything new; back after "done" it does.
  if (kind === 'refired') return over && alert.authenticity !== 'refuted' ? 'refired' : null;
  if (kind === 'unshelve' || kind === 'shelf-ended') return over ? null : 'unshelved';
  return null;
}

/** Work is handed over also while the condition recovers, but not after its end, and not while shelved. */
function assigned({ alert }: AlertChange): Announcement | null {
  return alert.suppressed === null && alert.condition !== 'resolved' ? 'assigned' : null;
}

/** Whether this person is told. The table of the test gives each row's reason. */
export function concerns(
  announcement: Announcement,
  change: AlertChange,
  before: Known | null,
  { role, unit, subscription }: Subscriber,
): boolean {
  const { alert } = change;
  const responsible = unit === alert.unit && (role === 'focal-point' || role === 'head');
  if (announcement === 'assigned') {
    if (subscription.username === change.actor) return false;
    if (subscription.username === alert.assignee) return true;
    // One person named in a unit that knows of the alert already: the others are left in peace.
    return responsible && (alert.assignee === null || before?.unit !== alert.unit);
  }
  const watching = role === 'operator' || role === 'shift-leader';
  return responsible || (watching && (alert.severity === 'critical' || alert.severity === 'major'));
}

/** A lower rank is worse. */
export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

const worse = (a: Severity, b: Severity) => rankOf(a) < rankOf(b);

const MINUTE = 60_000;

/** How long a notice is worth showing after the change, ms. */
export function lifeOf(severity: Severity): number {
  return LIFE[severity];
}

const LIFE: Readonly<Record<Severity, number>> = {
  critical: 240 * MINUTE,
  major: 120 * MINUTE,
  minor: 60 * MINUTE,
  warning: 30 * MINUTE,
  info: 30 * MINUTE,
};

/** @returns an alert's id as a topic: a UUID without its hyphens is 32 characters, the most there may be. */
export const topicOf = (alertId: string): string => alertId.replaceAll('-', '').slice(0, 32);
