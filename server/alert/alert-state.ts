import type { Authenticity, Condition, Handling, Publication, Quality } from '#contract/names.ts';
import { type AlertTemplate, MISSING_SUFFIX, type Subject, type Verdict } from '#contract/verdict.ts';

/** An alert as the book keeps it. Times are milliseconds since the Unix epoch. Never changed, only replaced. */
export interface AlertState {
  readonly id: string;
  readonly template: AlertTemplate;
  readonly subject: Subject;
  readonly startsAt: number;
  readonly firedAt: number | null;
  /** What the engine says; what is shown is {@link shownCondition}. */
  readonly judged: Condition;
  /** When the engine ended it. */
  readonly judgedEndsAt: number | null;
  /** When a person ended it: from then on the engine's word on this episode is noted but not shown. */
  readonly endedByPersonAt: number | null;
  readonly quality: Quality;
  readonly authenticity: Authenticity;
  readonly verifiedBy: string | null;
  readonly handling: Handling;
  readonly acknowledgedBy: string | null;
  readonly unit: string;
  readonly assignee: string | null;
  readonly suppressed: Shelf | null;
  readonly publication: Publication;
  readonly value: number | null;
  /** Number of its last change. */
  readonly seq: number;
}

export interface Shelf {
  readonly why: string;
  readonly by: string;
  readonly until: number;
}

/** The alert that a first `pending` or `fired` verdict begins. */
export function newAlert(id: string, verdict: Verdict): AlertState {
  const fired = verdict.kind === 'fired';
  return {
    id,
    template: verdict.template,
    subject: verdict.subject,
    startsAt: verdict.startsAt,
    firedAt: fired ? verdict.at : null,
    judged: fired ? 'firing' : 'pending',
    judgedEndsAt: null,
    endedByPersonAt: null,
    quality: verdict.template.rule.endsWith(MISSING_SUFFIX) ? 'missing' : 'live',
    authenticity: 'unverified',
    verifiedBy: null,
    handling: 'new',
    acknowledgedBy: null,
    unit: verdict.template.unit ?? verdict.subject.unit,
    assignee: null,
    suppressed: null,
    publication: 'internal',
    value: verdict.value,
    seq: 0,
  };
}

export function shownCondition(alert: AlertState): Condition {
  return alert.endedByPersonAt === null ? alert.judged : 'resolved';
}

export function shownEnd(alert: AlertState): number | null {
  return alert.endedByPersonAt ?? alert.judgedEndsAt;
}
