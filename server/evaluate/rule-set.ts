import type { Rule } from '#contract/rule.ts';
import { type AlertTemplate, MISSING_SUFFIX, type Subject } from '#contract/verdict.ts';
import type { CompiledCondition } from './condition/compiled-condition.ts';
import { compileCondition } from './condition/condition.ts';
import { parseDuration } from './duration.ts';
import { SelectorIndex } from './selector.ts';

/** What a snapshot must remember of a rule to carry its state over to another rule set. */
export interface RuleMemory {
  readonly id: string;
  /** Equal for two rules that judge alike. Titles, severities and labels do not count. */
  readonly judgement: string;
  readonly forMs: number;
  readonly keepMs: number;
  readonly template: AlertTemplate;
  /** Of the alert about missing data; null without `missing.severity`. */
  readonly missingTemplate: AlertTemplate | null;
}

export interface CompiledRule extends RuleMemory {
  readonly rule: Rule;
  readonly condition: CompiledCondition;
  /** `missing.after`; NaN: by the series' usual interval. */
  readonly afterMs: number;
}

/** Rules ready to judge, ordered by id so that the order of files never changes the order of verdicts. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  select(subject: Subject): CompiledRule[];
}

/** @throws RangeError for a rule whose spans are malformed: check rules with `parseRuleFile` first. */
export function compileRules(rules: readonly Rule[]): RuleSet {
  const compiled = rules.map(compileRule).sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = new SelectorIndex<CompiledRule>();
  for (const rule of compiled) index.add(rule, rule.rule.select);
  return { rules: compiled, select: (subject) => index.select(subject) };
}

function compileRule(rule: Rule): CompiledRule {
  const template: AlertTemplate = {
    rule: rule.alert,
    title: rule.title,
    severity: rule.severity,
    labels: rule.labels ?? {},
    unit: rule.responsible?.unit ?? null,
    runbook: rule.runbook ?? null,
  };
  return {
    id: rule.alert,
    rule,
    judgement: JSON.stringify([rule.condition, rule.for, rule.keep_firing_for, rule.missing?.after]),
    condition: compileCondition(rule.condition),
    forMs: span(rule.for),
    keepMs: span(rule.keep_firing_for),
    afterMs: rule.missing?.after === undefined ? Number.NaN : parseDuration(rule.missing.after),
    template,
    missingTemplate: missingTemplate(rule, template),
  };
}

const span = (text: string | undefined) => (text === undefined ? 0 : parseDuration(text));

function missingTemplate(rule: Rule, template: AlertTemplate): AlertTemplate | null {
  if (rule.missing?.severity === undefined) return null;
  return {
    ...template,
    rule: `${rule.alert}${MISSING_SUFFIX}`,
    severity: rule.missing.severity,
    title: {
      vi: `Mất dữ liệu: ${rule.title.vi}`.slice(0, 256),
      en: `No data: ${rule.title.en}`.slice(0, 256),
    },
  };
}
