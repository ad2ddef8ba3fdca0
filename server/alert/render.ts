import type { Alert } from '#contract/alert.ts';
import type { Labels } from '#contract/series.ts';
import type { Subject } from '#contract/verdict.ts';
import { type AlertState, shownCondition, shownEnd } from './alert-state.ts';

/** The alert as the public contract has it. */
export function renderAlert(alert: AlertState): Alert {
  const { template, subject, suppressed } = alert;
  return {
    id: alert.id,
    rule: template.rule,
    labels: { ...subject.labels, ...subjectLabels(subject), ...template.labels },
    title: template.title,
    severity: template.severity,
    unit: alert.unit,
    condition: shownCondition(alert),
    quality: alert.quality,
    authenticity: alert.authenticity,
    handling: alert.handling,
    suppressed: suppressed && { why: suppressed.why, by: suppressed.by, until: timestamp(suppressed.until) },
    publication: alert.publication,
    startsAt: timestamp(alert.startsAt),
    firedAt: timestampOrNull(alert.firedAt),
    endsAt: timestampOrNull(shownEnd(alert)),
    value: alert.value,
    uom: subject.uom,
    location: subject.position && { type: 'Point', coordinates: subject.position },
    series: subject.seriesId,
    thing: subject.thingName,
    runbook: template.runbook,
    assignee: alert.assignee,
    acknowledgedBy: alert.acknowledgedBy,
    seq: alert.seq,
  };
}

const timestamp = (ms: number) => new Date(ms).toISOString();
const timestampOrNull = (ms: number | null) => (ms === null ? null : timestamp(ms));

/** What the alert is about, for matching by routes and by units' own software. */
function subjectLabels({ source, thing, quantity }: Subject): Labels {
  return { source, thing, quantity };
}
