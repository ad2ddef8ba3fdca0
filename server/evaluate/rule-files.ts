import { access, readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { RuleFinding } from '#contract/rule.ts';
import { compileRules, type RuleSet } from './rule-set.ts';
import { type PlacedRule, parseRuleFile, type RuleTextOptions } from './rule-text.ts';

/** Files below `directory` whose names end so, as paths relative to it, sorted. */
export async function findFiles(directory: string, ending: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

/** All rules of a directory with all that is wrong with them: one bad file does not hide the others' faults. */
export async function readRules(
  directory: string,
  options: RuleTextOptions = { units: null },
): Promise<{ rules: PlacedRule[]; findings: RuleFinding[] }> {
  const rules: PlacedRule[] = [];
  const findings: RuleFinding[] = [];
  for (const file of await findFiles(directory, '.rules.yaml')) {
    const parsed = parseRuleFile(await readFile(join(directory, file), 'utf8'), file, options);
    if ('findings' in parsed) findings.push(...parsed.findings);
    else rules.push(...parsed.rules);
  }
  findings.push(...duplicates(rules), ...(await missingRunbooks(directory, rules)));
  return { rules, findings };
}

export interface LoadedRules {
  readonly rules: RuleSet;
  /** Rule id → file, relative to the directory. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The rules of a directory, all or none: a file with a fault leaves the rules in force as they are.
 * @throws when the directory cannot be read.
 */
export async function loadRules(
  directory: string,
  options: RuleTextOptions = { units: null },
): Promise<LoadedRules | { findings: RuleFinding[] }> {
  const { rules, findings } = await readRules(directory, options);
  if (findings.length > 0) return { findings };
  return {
    rules: compileRules(rules.map(({ rule }) => rule)),
    files: new Map(rules.map(({ rule, file }) => [rule.alert, file])),
  };
}

function duplicates(rules: readonly PlacedRule[]): RuleFinding[] {
  const first = new Map<string, PlacedRule>();
  return rules.flatMap((placed): RuleFinding[] => {
    const id = placed.rule.alert;
    const other = first.get(id);
    if (!other) {
      first.set(id, placed);
      return [];
    }
    const reason = `alert "${id}" is already defined in ${other.file}:${other.place.line}:${other.place.column}`;
    return [{ file: placed.file, ...placed.place, rule: id, reason, suggestion: 'give one of them another id' }];
  });
}

/** A runbook is a file below the rules' directory, or the address of a page. */
async function missingRunbooks(directory: string, rules: readonly PlacedRule[]): Promise<RuleFinding[]> {
  const findings: RuleFinding[] = [];
  for (const { rule, file, runbookPlace } of rules) {
    const { runbook } = rule;
    if (runbook === undefined || /^https?:\/\//.test(runbook)) continue;
    const common = { file, ...runbookPlace, rule: rule.alert };
    const path = resolve(directory, runbook);
    if (isAbsolute(runbook) || relative(directory, path).startsWith('..')) {
      findings.push({ ...common, reason: `runbook ${runbook} lies outside the rules' directory`, suggestion: null });
    } else if (!(await exists(path))) {
      findings.push({ ...common, reason: `runbook ${runbook} does not exist`, suggestion: `write ${path}` });
    }
  }
  return findings;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
