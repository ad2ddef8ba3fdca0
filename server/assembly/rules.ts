import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleFinding } from '#contract/rule.ts';
import { type LoadedRules, loadRules } from '../evaluate/rule-files.ts';
import { parseRuleFile } from '../evaluate/rule-text.ts';
import type { Rules } from '../http/ports.ts';

/** Rule files that cannot be used; the hub does not start with them. */
export class InvalidRules extends Error {
  constructor(findings: readonly RuleFinding[]) {
    const lines = findings.map(
      ({ file, line, column, reason, suggestion }) =>
        `  ${file}:${line}:${column} ${reason}${suggestion ? ` (${suggestion})` : ''}`,
    );
    super(`The hub does not start with these rules:\n${lines.join('\n')}`);
    this.name = 'InvalidRules';
  }
}

/** @throws InvalidRules */
export async function loadRulesOrRefuse(directory: string, units: ReadonlySet<string>): Promise<LoadedRules> {
  const loaded = await loadRules(directory, { units });
  if ('findings' in loaded) throw new InvalidRules(loaded.findings);
  return loaded;
}

/** Rules as HTTP lists them. */
export function rulesPort(rulesDir: string, current: () => LoadedRules): Rules {
  return {
    list: () =>
      current().rules.rules.map(({ rule }) => ({
        alert: rule.alert,
        title: rule.title,
        severity: rule.severity,
        file: current().files.get(rule.alert) ?? '',
        condition: rule.condition,
        runbook: rule.runbook ?? null,
      })),
    async runbook(id) {
      const file = current().rules.rules.find(({ rule }) => rule.alert === id)?.rule.runbook;
      // Loading has checked that the file is there, and that it lies below the rules' directory.
      return file === undefined || /^https?:/.test(file) ? null : await readFile(join(rulesDir, file), 'utf8');
    },
    lint: (text) => {
      const parsed = parseRuleFile(text, 'text');
      return 'findings' in parsed ? parsed.findings : [];
    },
  };
}
