import type { AlertChange, AlertCommand } from '#contract/alert.ts';
import type { Verdict } from '#contract/verdict.ts';
import type { AlertBook } from '../../../server/alert/book.ts';

export const START = Date.parse('2026-03-01T08:00:00Z');

/** A verdict on one gauge; times in seconds after {@link START}. */
export function verdict(
  kind: Verdict['kind'],
  at: number,
  startsAt = at,
  more: { rule?: string; thing?: string; unit?: string; position?: [number, number] } = {},
): Verdict {
  const thing = more.thing ?? 'g1';
  return {
    kind,
    template: {
      rule: more.rule ?? 'river-high',
      title: { vi: 'Mực nước cao', en: 'River high' },
      severity: 'major',
      labels: { hazard: 'flood', river: 'rule' },
      unit: null,
      runbook: 'runbooks/river-high.md',
    },
    subject: {
      number: 0,
      seriesId: `00000000-0000-5000-8000-${Buffer.from(thing).toString('hex').padStart(12, '0')}`,
      unit: more.unit ?? 'so-nnmt',
      source: 'gauges',
      thing,
      thingName: `Trạm ${thing}`,
      quantity: 'water-level',
      uom: 'm',
      labels: { river: 'Lam', basin: 'Ca' },
      position: more.position ?? [105.7, 18.7],
    },
    startsAt: START + startsAt * 1000,
    at: START + at * 1000,
    value: 5.5,
  };
}

/** Fires one alert and returns its id. */
export function fire(book: AlertBook, startsAt = 0, more: Parameters<typeof verdict>[3] = {}): string {
  return book.apply([verdict('fired', startsAt, startsAt, more)], START + startsAt * 1000)[0]!.alert.id;
}

let commands = 0;

/** Gives one command; `at` in seconds. @returns the change, or the reason of the refusal. */
export function give(
  book: AlertBook,
  alert: string,
  command: AlertCommand,
  { actor = 'an', at = 60 }: { actor?: string; at?: number } = {},
): AlertChange | string {
  const answer = book.execute({ id: `c${commands++}`, alert, actor, command }, START + at * 1000);
  return 'change' in answer ? answer.change : answer.refused.reason;
}

/** The same, where a refusal is a failure. */
export function must(...given: Parameters<typeof give>): AlertChange {
  const answer = give(...given);
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
}
