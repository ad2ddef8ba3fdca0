import type { Alert } from '#contract/alert.ts';
import type { Query } from '../../connection/http.ts';

const MINUTE = 60_000;
/** Points a chart of this width can show; more are averaged by the hub. */
const POINTS = 400;

/** The span around an alert worth looking at: an hour before it began, and a quarter after it ended or until now. */
export function seriesWindow(
  alert: Pick<Alert, 'startsAt' | 'endsAt'>,
  now: number,
): { readonly from: number; readonly to: number } {
  const from = Date.parse(alert.startsAt) - 60 * MINUTE;
  const until = alert.endsAt === null ? now : Math.min(now, Date.parse(alert.endsAt) + 15 * MINUTE);
  // A replayed or skewed series may begin after the hub's present.
  return { from, to: until > Date.parse(alert.startsAt) ? until : from + 75 * MINUTE };
}

/** The query for `GET /series/{id}/samples`: as stored for short spans, averaged for long ones. */
export function samplesQuery(window: { readonly from: number; readonly to: number }): Query {
  const span = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString(), limit: 1000 };
  const length = window.to - window.from;
  if (length <= 6 * 60 * MINUTE) return span;
  return { ...span, bucket: `${Math.ceil(length / POINTS / MINUTE)}m`, fn: 'avg' };
}
