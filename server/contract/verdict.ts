import type { Severity } from './names.ts';
import type { Bilingual } from './primitives.ts';
import type { Labels, Position } from './series.ts';

/** After a rule's id: the alert about its missing data, which is an alert of its own. */
export const MISSING_SUFFIX = ':missing';

/** What a rule is, as far as its alerts tell. */
export interface AlertTemplate {
  readonly rule: string;
  readonly title: Bilingual;
  readonly severity: Severity;
  /** Labels of the rule, over those of the thing. */
  readonly labels: Labels;
  /** Responsible unit; null: the unit that owns the series' source. */
  readonly unit: string | null;
  readonly runbook: string | null;
}

/** What a verdict is about: one series, or one place. */
export interface Subject {
  /** Series number; what the engine indexes by. */
  readonly number: number;
  readonly seriesId: string;
  readonly unit: string;
  readonly source: string;
  readonly thing: string;
  readonly thingName: string;
  readonly quantity: string;
  readonly uom: string | null;
  readonly labels: Labels;
  readonly position: Position | null;
}

/**
 * One transition of one rule on one subject. All times are event time in milliseconds since the Unix epoch; `startsAt`
 * is the identity of the episode together with rule and subject.
 */
export interface Verdict {
  readonly kind:
    | 'pending'
    | 'cancelled'
    | 'fired'
    | 'recovering'
    | 'refired'
    | 'resolved'
    | 'missing'
    | 'present'
    | 'rule-removed';
  readonly template: AlertTemplate;
  readonly subject: Subject;
  readonly startsAt: number;
  /** The instant of the transition. */
  readonly at: number;
  readonly value: number | null;
}
