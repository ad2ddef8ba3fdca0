import type { AlertCommand } from '#contract/alert.ts';
import { type AlertState, shownCondition, shownEnd } from './alert-state.ts';
import { AUTHENTICITY_AXIS } from './authenticity.ts';
import { HANDLING_AXIS, type HandlingTrigger } from './handling.ts';
import { PUBLICATION_AXIS } from './publication.ts';
import { LONGEST_SHELF, SUPPRESSION_AXIS } from './suppression.ts';

/** The alert after the command with what the trail should say of it, or why the command is not allowed now. */
export type CommandResult = { readonly alert: AlertState; readonly note: string | null } | { readonly refused: string };

interface Context {
  readonly actor: string;
  /** Log clock, ms. */
  readonly at: number;
}

type Handlers = {
  readonly [T in AlertCommand['type']]: (
    alert: AlertState,
    command: Extract<AlertCommand, { type: T }>,
    context: Context,
  ) => CommandResult;
};

/** What a command does to an alert. Whether this actor may give it was decided before it came into the journal. */
export function executeCommand(alert: AlertState, command: AlertCommand, context: Context): CommandResult {
  const handle = handlers[command.type] as (
    alert: AlertState,
    command: AlertCommand,
    context: Context,
  ) => CommandResult;
  return handle(alert, command, context);
}

const handlers: Handlers = {
  acknowledge(alert, command, { actor }) {
    if (alert.acknowledgedBy !== null) return { refused: `already acknowledged by ${alert.acknowledgedBy}` };
    return handled(alert, 'acknowledge', { acknowledgedBy: actor }, command.text);
  },

  assign(alert, command) {
    return handled(alert, 'assign', { unit: command.unit, assignee: command.user ?? null }, undefined);
  },

  'report-status'(alert, { status, text }, { actor }) {
    if (status === 'refused') return handled(alert, status, { assignee: null, acknowledgedBy: null }, text);
    return handled(alert, status, { acknowledgedBy: alert.acknowledgedBy ?? actor }, text);
  },

  comment: (alert, { text }) => ({ alert, note: text }),

  verify(alert, { result, evidence }, { actor }) {
    const authenticity = AUTHENTICITY_AXIS[alert.authenticity][result];
    if (authenticity === undefined) return { refused: `authenticity is already ${alert.authenticity}` };
    const confirmed = authenticity === 'confirmed';
    const publication = confirmed ? alert.publication : PUBLICATION_AXIS[alert.publication].unconfirmed!;
    return { alert: { ...alert, authenticity, verifiedBy: actor, publication }, note: evidence ?? null };
  },

  publish(alert, _command, { actor }) {
    if (alert.firedAt === null) return { refused: 'the alert has not fired yet' };
    if (alert.authenticity !== 'confirmed') return { refused: 'only a confirmed alert is published' };
    const publication = PUBLICATION_AXIS[alert.publication].publish;
    if (publication === undefined) return { refused: `publication is already ${alert.publication}` };
    if (publication === 'approved' && actor === alert.verifiedBy) {
      return { refused: 'a second person approves: you verified this alert yourself' };
    }
    return { alert: { ...alert, publication }, note: null };
  },

  shelve(alert, { until, reason }, { actor, at }) {
    const end = Date.parse(until);
    if (shownCondition(alert) === 'resolved') return { refused: 'the alert has ended' };
    if (!(end > at)) return { refused: 'the end of a shelf lies in the future' };
    if (end > at + LONGEST_SHELF) return { refused: 'a shelf lasts seven days at most' };
    return { alert: { ...alert, suppressed: { why: reason, by: actor, until: end } }, note: reason };
  },

  unshelve(alert) {
    const state = alert.suppressed === null ? 'announced' : 'shelved';
    if (SUPPRESSION_AXIS[state].unshelve === undefined) return { refused: 'the alert is not shelved' };
    return { alert: { ...alert, suppressed: null }, note: null };
  },

  resolve(alert, { text }, { at }) {
    return handled(alert, 'resolve', { endedByPersonAt: shownEnd(alert) ?? at, suppressed: null }, text);
  },

  reopen(alert, { text }) {
    return handled(alert, 'reopen', { endedByPersonAt: null, acknowledgedBy: null, assignee: null }, text);
  },
};

/** Moves the handling axis. What has not fired yet is nobody's task. */
function handled(
  alert: AlertState,
  trigger: HandlingTrigger,
  change: Partial<AlertState>,
  note: string | undefined,
): CommandResult {
  if (shownCondition(alert) === 'pending') return { refused: 'the alert has not fired yet' };
  const handling = HANDLING_AXIS[alert.handling][trigger];
  if (handling === undefined) return { refused: `not allowed while handling is ${alert.handling}` };
  return { alert: { ...alert, ...change, handling }, note: note ?? null };
}
