import type { Alert, AlertCommand } from '#contract/alert.ts';

/** The one thing an officer does next; each has a large button. */
export type NextStep = 'acknowledge' | 'start' | 'finish';

/** The next step of an alert's handling; null: nothing is left to do. */
export function nextStep(alert: Pick<Alert, 'handling' | 'condition'>): NextStep | null {
  switch (alert.handling) {
    case 'new':
      return 'acknowledge';
    case 'acknowledged':
    case 'assigned':
      return 'start';
    case 'in-progress':
      return 'finish';
    case 'done':
    case 'closed':
      return null;
  }
}

/** The command a step gives. `text` is the officer's note, empty for none. */
export function stepCommand(step: NextStep, text: string): AlertCommand {
  const note = text.trim() === '' ? {} : { text: text.trim() };
  switch (step) {
    case 'acknowledge':
      return { type: 'acknowledge', ...note };
    case 'start':
      return { type: 'report-status', status: 'in-progress', ...note };
    case 'finish':
      return { type: 'report-status', status: 'done', ...note };
  }
}
