import type { Subject, Verdict } from '#contract/verdict.ts';
import { History } from './history.ts';
import type { CompiledRule, RuleMemory } from './rule-set.ts';
import { IDLE, type InstanceTable, MISSING, PAUSED, PENDING, RAISED, RECOVERING } from './tables.ts';

/** The state of one rule on one series, out of the tables: for a snapshot, new labels or new rules. */
export interface Instance {
  readonly rule: RuleMemory;
  readonly phase: number;
  readonly flags: number;
  readonly start: number;
  readonly due: number;
  readonly settled: number;
  readonly missingSince: number;
  readonly history: History | null;
}

/** Nothing seen yet: what a rule starts with on a series. */
export function freshInstance(rule: CompiledRule, historyPoints: number): Instance {
  return {
    rule,
    phase: 0,
    flags: 0,
    start: Number.NaN,
    due: Infinity,
    settled: -Infinity,
    missingSince: Number.NaN,
    history: rule.condition.window === null ? null : new History(historyPoints),
  };
}

export function readInstance(table: InstanceTable, i: number): Instance {
  return {
    rule: table.rules[i]!,
    phase: table.phase[i]!,
    flags: table.flags[i]!,
    start: table.start[i]!,
    due: table.due[i]!,
    settled: table.settled[i]!,
    missingSince: table.missingSince[i]!,
    history: table.histories[i] ?? null,
  };
}

export function writeInstance(table: InstanceTable, i: number, rule: CompiledRule, instance: Instance): void {
  table.rules[i] = rule;
  table.phase[i] = instance.phase;
  table.flags[i] = instance.flags;
  table.start[i] = instance.start;
  table.due[i] = instance.due;
  table.settled[i] = instance.settled;
  table.missingSince[i] = instance.missingSince;
  table.histories[i] = instance.history;
}

/**
 * The state as the rule of now goes on with it. A rule that judges as before keeps everything. One that judges otherwise
 * keeps its episode: the alert stays the same one, running spans become longer or shorter by the difference (but never
 * end before what was told already), and the new condition judges from the next sample on.
 */
export function adopt(instance: Instance, rule: CompiledRule, historyPoints: number): Instance {
  if (instance.rule.judgement === rule.judgement) return instance;
  const longer = rule.forMs - instance.rule.forMs;
  const keptLonger = rule.keepMs - instance.rule.keepMs;
  const difference = instance.phase === PENDING ? longer : instance.phase === RECOVERING ? keptLonger : 0;
  // Missing data was found by the old rule's `after`; the new one finds it anew from the next sample on.
  const floor = instance.flags & PAUSED ? 0 : instance.settled;
  const windowed = rule.condition.window !== null;
  // A level has no undefined values: only missing data can keep its timers still.
  const resumes = !windowed && (instance.flags & PAUSED) !== 0 && (instance.flags & MISSING) === 0;
  const due = Math.max(floor, instance.due + difference);
  return {
    ...instance,
    rule,
    due: resumes ? instance.settled + due : due,
    flags: resumes ? instance.flags & ~PAUSED : instance.flags,
    history: windowed ? (instance.history ?? new History(historyPoints)) : null,
  };
}

/** What ends because `rules` no longer hold the instance's rule, or no longer ask for an alert about missing data. */
export function removedAlerts(
  subject: Subject,
  instance: Instance,
  rules: readonly CompiledRule[],
): Omit<Verdict, 'at'>[] {
  const { rule, phase, flags, start, missingSince } = instance;
  const successor = rules.find((candidate) => candidate.id === rule.id);
  const removed: Omit<Verdict, 'at'>[] = [];
  const common = { kind: 'rule-removed', subject, value: null } as const;
  if (phase !== IDLE && !successor) removed.push({ ...common, template: rule.template, startsAt: start });
  if (flags & RAISED && rule.missingTemplate && !successor?.missingTemplate) {
    removed.push({ ...common, template: rule.missingTemplate, startsAt: missingSince });
  }
  return removed;
}
