import { AlertBook } from '../alert/book.ts';
import { loadSettings } from '../config/settings.ts';
import { formatFindings, formatTestResults, lintRules, testRules } from '../evaluate/rules-report.ts';
import { type Command, EXIT } from './program.ts';

/** `ioc-hub rules lint|test [directory]`. */
export const rules: Command = async ([action, directory], program) => {
  const rulesDir = directory ?? loadSettings(program.env, program.cwd).rulesDir;
  if (action === 'lint') {
    const { rules: count, findings } = await lintRules(rulesDir);
    program.out(formatFindings(findings, count));
    return findings.length === 0 ? EXIT.ok : EXIT.failed;
  }
  if (action === 'test') {
    const results = await testRules(rulesDir, () => new AlertBook());
    program.out(formatTestResults(results));
    return results.every((result) => result.passed) ? EXIT.ok : EXIT.failed;
  }
  program.err('usage: ioc-hub rules lint|test [directory]');
  return EXIT.usage;
};
