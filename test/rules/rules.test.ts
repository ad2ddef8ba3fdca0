import { expect, test } from 'vitest';
import { AlertBook } from '../../server/alert/book.ts';
import { findFiles } from '../../server/evaluate/rule-files.ts';
import { formatFindings, formatTestResults, lintRules, testRules } from '../../server/evaluate/rules-report.ts';

const directory = new URL('../../alert-rules', import.meta.url).pathname;

test('the rules have no findings', async () => {
  const { rules, findings } = await lintRules(directory);
  expect(formatFindings(findings, rules)).toBe(`${rules} rules, no findings`);
  expect(rules).toBeGreaterThanOrEqual(8);
});

const results = await testRules(directory, () => new AlertBook());

test.each(results)('$file:$line $name', (result) => {
  expect(result.passed, formatTestResults([result])).toBe(true);
});

test('every rule file has tests beside it', async () => {
  const topics = async (ending: string) => (await findFiles(directory, ending)).map((file) => file.replace(ending, ''));
  expect(await topics('.test.yaml')).toEqual(await topics('.rules.yaml'));
});
