import type { AlertCommand } from '#contract/alert.ts';
import type { DeskCommand } from './command-options.ts';

/** Fields a command's form has, in order. */
export const DRAFT_FIELDS = {
  acknowledge: [],
  'report-status': ['status', 'text'],
  comment: ['text'],
  assign: ['unit', 'user'],
  verify: ['result', 'text'],
  shelve: ['span', 'text'],
  unshelve: [],
  resolve: ['text'],
  reopen: [],
} as const satisfies Record<DeskCommand, readonly string[]>;
export type DraftField = (typeof DRAFT_FIELDS)[DeskCommand][number];
export type Draft = Partial<Readonly<Record<DraftField, string>>>;

/** Minutes an alert may be put aside for; the hub may allow less. */
export const SHELVE_MINUTES = [30, 60, 240, 480, 1440] as const;

export const STATUSES = ['in-progress', 'done', 'accepted', 'refused'] as const;
export const VERIFY_RESULTS = ['checking', 'confirmed', 'refuted', 'unverifiable'] as const;

/** What a form holds before anybody typed. */
export function emptyDraft(unit: string): Draft {
  return { status: STATUSES[0], result: VERIFY_RESULTS[0], span: String(SHELVE_MINUTES[1]), unit };
}

/** Fields that must be filled in and are not. */
export function missingFields(type: DeskCommand, draft: Draft): readonly DraftField[] {
  const needed: DraftField[] = [];
  if (type === 'comment' || type === 'shelve' || (type === 'report-status' && draft.status === 'refused')) {
    needed.push('text');
  }
  if (type === 'assign') needed.push('unit');
  return needed.filter((field) => (draft[field] ?? '').trim() === '');
}

/** The command of a complete form. `now`: hub clock, ms since the Unix epoch. */
export function commandOf(type: DeskCommand, draft: Draft, now: number): AlertCommand {
  const text = (draft.text ?? '').trim();
  const optional = text === '' ? {} : { text };
  switch (type) {
    case 'acknowledge':
    case 'reopen':
    case 'resolve':
      return { type, ...optional };
    case 'unshelve':
      return { type };
    case 'comment':
      return { type, text };
    case 'report-status':
      return { type, status: STATUSES.find((known) => known === draft.status) ?? STATUSES[0], ...optional };
    case 'verify': {
      const result = VERIFY_RESULTS.find((known) => known === draft.result) ?? VERIFY_RESULTS[0];
      return { type, result, ...(text === '' ? {} : { evidence: text }) };
    }
    case 'assign': {
      const user = (draft.user ?? '').trim();
      return { type, unit: draft.unit ?? '', ...(user === '' ? {} : { user }) };
    }
    case 'shelve':
      return { type, until: new Date(now + Number(draft.span) * 60_000).toISOString(), reason: text };
  }
}
