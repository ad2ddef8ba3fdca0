import { Type } from 'typebox';
import { Aggregate, Range, Rate, Rule, type RuleFinding, Threshold } from '#contract/rule.ts';
import { checkRule } from './rule-checks.ts';
import { conforms } from './schema-findings.ts';
import { type Path, type Place, YamlText } from './yaml-text.ts';

/** A rule with its place, for what can only be found out among all files. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly file: string;
  readonly place: Place;
  readonly runbookPlace: Place;
}

export interface RuleTextOptions {
  /** Known unit ids; null: units are not checked. */
  readonly units: ReadonlySet<string> | null;
}

const strict = { additionalProperties: false };
const { condition: _condition, ...rest } = Rule.properties;
/** Checked part by part, so that a slip in one condition is told as what it is and not as "matches no condition". */
const RuleFrame = Type.Object({ ...rest, condition: Type.Object({ type: Type.String() }) }, strict);
const GroupFrame = Type.Object({ name: Type.String({ minLength: 1 }), rules: Type.Array(Type.Unknown()) }, strict);
const FileFrame = Type.Object({ groups: Type.Array(GroupFrame) }, strict);

const conditions = { threshold: Threshold, range: Range, rate: Rate, aggregate: Aggregate };
const ConditionType = Type.Object({ type: Type.Enum(Object.keys(conditions)) });

/** Rules of one file's text, or everything that is wrong with it. Pure: files that it names are checked elsewhere. */
export function parseRuleFile(
  source: string,
  file: string,
  options: RuleTextOptions = { units: null },
): { rules: PlacedRule[] } | { findings: RuleFinding[] } {
  const text = new YamlText(source, file);
  const findings = [...text.findings];
  const { value } = text;
  if (findings.length > 0 || !conforms(text, [], FileFrame, value, findings)) return { findings };
  const rules = value.groups.flatMap((group, g) =>
    group.rules.flatMap((rule, r) => placedRule(text, ['groups', g, 'rules', r], rule, options, findings)),
  );
  return findings.length > 0 ? { findings } : { rules };
}

function placedRule(
  text: YamlText,
  path: Path,
  value: unknown,
  { units }: RuleTextOptions,
  findings: RuleFinding[],
): PlacedRule[] {
  const id = ruleId(value);
  const before = findings.length;
  const framed = conforms(text, path, RuleFrame, value, findings, id);
  checkConditionShape(text, path, value, findings, id);
  if (!framed || findings.length > before) return [];
  const rule = value as Rule;
  for (const { at, reason, suggestion } of checkRule(rule, units)) {
    findings.push(text.finding(text.place([...path, ...at]), reason, suggestion, id));
  }
  return [
    { rule, file: text.file, place: text.place([...path, 'alert']), runbookPlace: text.place([...path, 'runbook']) },
  ];
}

function checkConditionShape(
  text: YamlText,
  path: Path,
  value: unknown,
  findings: RuleFinding[],
  id: string | null,
): void {
  const condition = (value as { condition?: { type?: unknown } } | null)?.condition;
  if (typeof condition !== 'object' || condition === null || typeof condition.type !== 'string') return;
  const at = [...path, 'condition'];
  if (!conforms(text, at, ConditionType, condition, findings, id)) return;
  conforms(text, at, conditions[condition.type as keyof typeof conditions], condition, findings, id);
}

function ruleId(value: unknown): string | null {
  const id = (value as { alert?: unknown } | null)?.alert;
  return typeof id === 'string' ? id : null;
}
