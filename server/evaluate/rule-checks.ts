import type { Rule, RuleCondition } from '#contract/rule.ts';
import { parseDuration } from './duration.ts';
import type { Path } from './yaml-text.ts';

/** What the schema cannot say of a rule: where it is in the rule, what is wrong, how to mend it. */
export interface Objection {
  readonly at: Path;
  readonly reason: string;
  readonly suggestion: string | null;
}

/** @param units known unit ids; null when they are not known here */
export function checkRule(rule: Rule, units: ReadonlySet<string> | null): Objection[] {
  return [
    ...checkCondition(rule.condition).map((objection) => ({ ...objection, at: ['condition', ...objection.at] })),
    ...checkSpan(rule.missing?.after, ['missing', 'after']),
    ...checkArea(rule.select.area),
    ...checkUnit(rule.responsible?.unit, units),
  ];
}

function checkCondition(condition: RuleCondition): Objection[] {
  switch (condition.type) {
    case 'range':
      return checkRange(condition);
    case 'threshold':
      return checkClear(condition);
    default:
      return [...checkSpan(condition.over, ['over']), ...checkClear(condition)];
  }
}

/** `clear` must be easier to hold than the threshold, or a firing alert would end while its condition is true. */
function checkClear({ op, value, clear }: Exclude<RuleCondition, { type: 'range' }>): Objection[] {
  if (clear === undefined) return [];
  if (op === '==' || op === '!=') {
    return [{ at: ['clear'], reason: `"clear" has no meaning with ${op}`, suggestion: 'leave it out, or use a range' }];
  }
  const above = op === '>' || op === '>=';
  if (above ? clear <= value : clear >= value) return [];
  return [
    {
      at: ['clear'],
      reason: `"clear" ${clear} is on the wrong side of ${op} ${value}`,
      suggestion: `use a value ${above ? 'below' : 'above'} ${value}`,
    },
  ];
}

function checkRange({ inside, outside, clear = 0 }: Extract<RuleCondition, { type: 'range' }>): Objection[] {
  if ((inside === undefined) === (outside === undefined)) {
    return [
      { at: [], reason: 'a range needs either "inside" or "outside"', suggestion: 'give [low, high] for one of them' },
    ];
  }
  const side = inside ? 'inside' : 'outside';
  const [low, high] = (inside ?? outside)!;
  if (low > high) return [{ at: [side], reason: `low ${low} exceeds high ${high}`, suggestion: `[${high}, ${low}]` }];
  if (outside && 2 * clear > high - low) {
    return [
      { at: ['clear'], reason: `with "clear" ${clear} nothing is left inside: it could never end`, suggestion: null },
    ];
  }
  return [];
}

function checkSpan(span: string | undefined, at: Path): Objection[] {
  if (span === undefined || parseDuration(span) > 0) return [];
  return [{ at, reason: `"${at.at(-1)}" must be longer than nothing`, suggestion: null }];
}

function checkArea(area: readonly number[] | undefined): Objection[] {
  if (!area || area[1]! <= area[3]!) return [];
  return [{ at: ['select', 'area'], reason: 'south lies north of north', suggestion: '[west, south, east, north]' }];
}

function checkUnit(unit: string | undefined, units: ReadonlySet<string> | null): Objection[] {
  if (unit === undefined || units === null || units.has(unit)) return [];
  return [{ at: ['responsible', 'unit'], reason: `unit "${unit}" is not known`, suggestion: 'see config/units.yaml' }];
}
