import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleFinding } from '#contract/rule.ts';
import type { Book } from './ports.ts';
import { findFiles, readRules } from './rule-files.ts';
import { compileRules } from './rule-set.ts';
import { runTest, type TestResult } from './rule-test.ts';
import { parseTestFile } from './rule-test-text.ts';
import type { RuleTextOptions } from './rule-text.ts';

/** Everything wrong with a directory's rules and test files; `rules` is how many rules are in order. */
export async function lintRules(
  directory: string,
  options: RuleTextOptions = { units: null },
): Promise<{ rules: number; findings: RuleFinding[] }> {
  const { rules, findings } = await readRules(directory, options);
  for (const file of await findFiles(directory, '.test.yaml')) {
    const parsed = parseTestFile(await readFile(join(directory, file), 'utf8'), file);
    if ('findings' in parsed) findings.push(...parsed.findings);
  }
  return { rules: rules.length, findings };
}

/** Runs all tests of a directory. What cannot be read, rules or tests, is a failed result of its own. */
export async function testRules(directory: string, newBook: () => Book): Promise<TestResult[]> {
  const { rules, findings } = await readRules(directory);
  if (findings.length > 0) return findings.map(unreadable);
  const compiled = compileRules(rules.map(({ rule }) => rule));
  const results: TestResult[] = [];
  for (const file of await findFiles(directory, '.test.yaml')) {
    const parsed = parseTestFile(await readFile(join(directory, file), 'utf8'), file);
    if ('findings' in parsed) results.push(...parsed.findings.map(unreadable));
    else results.push(...parsed.tests.map((test) => runTest(test, compiled, newBook)));
  }
  return results;
}

/** For a terminal: `file:line:column reason`, with what to do below. */
export function formatFindings(findings: readonly RuleFinding[], rules: number): string {
  if (findings.length === 0) return `${rules} rules, no findings`;
  const lines = findings.map(({ file, line, column, rule, reason, suggestion }) => {
    const about = rule === null ? '' : `${rule}: `;
    return `${file}:${line}:${column} ${about}${reason}${suggestion === null ? '' : `\n    ${suggestion}`}`;
  });
  return [...lines, `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`].join('\n');
}

export function formatTestResults(results: readonly TestResult[]): string {
  const failed = results.filter(({ passed }) => !passed);
  const lines = failed.map(({ file, line, name, failure }) => `${file}:${line} ${name}\n  ${failure}`);
  return [...lines, `${results.length - failed.length} of ${results.length} tests passed`].join('\n');
}

function unreadable({ file, line, reason }: RuleFinding): TestResult {
  return { file, line, name: 'cannot be read', passed: false, failure: reason };
}
