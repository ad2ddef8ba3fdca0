import type { Alert } from '#contract/alert.ts';
import type { CommandType, Role } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';

/** Commands the desk has a button for, in the order of the buttons. */
export const DESK_COMMANDS = [
  'acknowledge',
  'report-status',
  'comment',
  'assign',
  'verify',
  'shelve',
  'unshelve',
  'resolve',
  'reopen',
] as const satisfies readonly CommandType[];
export type DeskCommand = (typeof DESK_COMMANDS)[number];

const CENTRE = new Set<DeskCommand>(DESK_COMMANDS);
const UNIT = new Set<DeskCommand>(['acknowledge', 'report-status', 'comment', 'verify']);

/** What a role is offered. The hub decides again on every command; this only spares people buttons that must fail. */
const BY_ROLE: Readonly<Record<Role, ReadonlySet<DeskCommand>>> = {
  administrator: CENTRE,
  'shift-leader': CENTRE,
  operator: CENTRE,
  'focal-point': UNIT,
  head: new Set([...UNIT, 'assign']),
  leader: new Set(['comment']),
  auditor: new Set(),
};

type Axes = Pick<Alert, 'condition' | 'handling' | 'authenticity' | 'suppressed'>;

const FITS: Readonly<Record<DeskCommand, (alert: Axes) => boolean>> = {
  acknowledge: ({ handling }) => handling === 'new',
  'report-status': ({ handling }) => handling !== 'closed' && handling !== 'done',
  comment: () => true,
  assign: ({ handling }) => handling !== 'closed' && handling !== 'done',
  verify: ({ handling }) => handling !== 'closed',
  shelve: ({ condition, suppressed }) => suppressed === null && condition !== 'resolved',
  unshelve: ({ suppressed }) => suppressed !== null,
  resolve: ({ handling }) => handling !== 'closed',
  reopen: ({ handling }) => handling === 'closed' || handling === 'done',
};

/** Commands to offer a person for an alert as it stands, in the order of the buttons. */
export function commandOptions(principal: Principal | null, alert: Axes): readonly DeskCommand[] {
  if (principal === null || principal.kind === 'wall') return [];
  const role = BY_ROLE[principal.role];
  return DESK_COMMANDS.filter((command) => role.has(command) && FITS[command](alert));
}

/** The one command most likely next: its button stands out. */
export function likelyNext(offered: readonly DeskCommand[]): DeskCommand | null {
  return (['acknowledge', 'report-status'] as const).find((command) => offered.includes(command)) ?? null;
}
