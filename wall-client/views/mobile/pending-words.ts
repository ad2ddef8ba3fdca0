import type { AlertCommand } from '#contract/alert.ts';
import { mobileText } from '../../i18n/mobile-texts.ts';

/** What a kept command will do, in the words of the button that was tapped. */
export function pendingWords(command: AlertCommand): string {
  switch (command.type) {
    case 'acknowledge':
      return mobileText('step.acknowledge');
    case 'comment':
      return mobileText('alert.comment');
    case 'report-status':
      return mobileText(command.status === 'done' ? 'step.finish' : 'step.start');
    default:
      return command.type;
  }
}
