import type { AlertTemplate, Verdict } from '#contract/verdict.ts';
import type { History } from './history.ts';
import type { CompiledRule } from './rule-set.ts';
import {
  FIRING,
  IDLE,
  type InstanceTable,
  MISSING,
  PAUSED,
  PENDING,
  RAISED,
  RECOVERING,
  type SeriesTable,
  STRIDE,
  TIME,
  USUAL,
  VALUE,
} from './tables.ts';

/** Without `missing.after`, data is missing after twice the usual interval, but never sooner than this. */
export const SHORTEST_DEFAULT_AFTER = 300_000;

/**
 * The course of one rule on one series: idle → pending → firing → recovering → idle, with its timers.
 *
 * Three kinds of instants change an episode without a sample, and at the same instant they count in this order: a sample
 * enters or leaves the window of a rate or aggregate (it changes the condition, as a sample would), then `for` or
 * `keep_firing_for` ends, then data becomes missing. A sample at that very instant counts before all of them.
 *
 * While data is missing, or the condition is not defined, the state holds and the timers stand still: that time does
 * not count towards `for` and `keep_firing_for`, which go on with what was left of them.
 */
export class Episodes {
  readonly #series: SeriesTable;
  readonly #table: InstanceTable;
  /** Where transitions go; the engine takes them after each call. */
  out: Verdict[] = [];

  constructor(series: SeriesTable, table: InstanceTable) {
    this.#series = series;
    this.#table = table;
  }

  /** The next instant at which the instance changes without a sample. */
  nextDue(s: number, i: number): number {
    return Math.min(this.#windowDue(s, i), this.#phaseDue(i), this.#missingDue(s, i));
  }

  /** Lets all timers end that are due before `limit`, or also at it. */
  advance(s: number, i: number, limit: number, inclusive: boolean): void {
    const { settled } = this.#table;
    for (;;) {
      const window = this.#windowDue(s, i);
      const phase = this.#phaseDue(i);
      const due = Math.min(window, phase, this.#missingDue(s, i));
      if (inclusive ? due > limit : due >= limit) return;
      if (due > settled[i]!) settled[i] = due;
      if (due === window) this.#judgeWindow(s, i, due);
      else if (due === phase) this.#timerEnds(s, i, due);
      else this.#dataMissing(s, i, due);
    }
  }

  /**
   * Takes the sample that the series now stands at. One that comes after a timer it would have preceded counts from
   * that timer's instant on, for what was told stays told.
   *
   * A correction does not end a spell of missing data, nor does a sample that is too old to hold when it comes: a
   * device that is always late by more than `missing.after` would otherwise raise and end an alert with every sample.
   * @param horizon the log clock less its grace
   * @returns whether the history gave up points
   */
  take(s: number, i: number, horizon: number, correction: boolean): boolean {
    const { cells } = this.#series;
    const { settled, histories } = this.#table;
    const sampled = cells[s * STRIDE + TIME]!;
    const time = Math.max(sampled, settled[i]!);
    const value = cells[s * STRIDE + VALUE]!;
    if (!correction && sampled + this.after(s, i) > horizon) this.#dataPresent(s, i, time);
    const history = histories[i];
    if (!history) {
      this.#judge(s, i, time, value);
      return false;
    }
    let gaveUp = false;
    if (!correction) gaveUp = history.push(time, value, this.#rule(i).condition.window!.full);
    else if (history.length > 0) history.replaceLast(value);
    this.#judgeWindow(s, i, time);
    return gaveUp;
  }

  /** Age at which a value no longer holds. */
  after(s: number, i: number): number {
    const own = this.#rule(i).afterMs;
    return Number.isNaN(own) ? Math.max(SHORTEST_DEFAULT_AFTER, 2 * this.#series.cells[s * STRIDE + USUAL]!) : own;
  }

  /** Puts in force the test that belongs to the instance's phase. */
  setBounds(i: number): void {
    const { phase, low, high, calm } = this.#table;
    const { rising, holding } = this.#rule(i).condition;
    const truth = phase[i] === PENDING || phase[i] === FIRING;
    const bounds = phase[i] === FIRING ? holding : rising;
    low[i] = bounds.low;
    high[i] = bounds.high;
    calm[i] = bounds.within === truth ? 1 : 0;
  }

  #rule(i: number): CompiledRule {
    return this.#table.rules[i]!;
  }

  #windowDue(s: number, i: number): number {
    const history = this.#table.histories[i];
    if (!history || this.#table.flags[i]! & MISSING) return Infinity;
    const now = Math.max(this.#series.cells[s * STRIDE + TIME]!, this.#table.settled[i]!);
    return this.#rule(i).condition.window!.nextChange(history, now, this.after(s, i));
  }

  #phaseDue(i: number): number {
    const { phase, flags, due } = this.#table;
    return (phase[i] === PENDING || phase[i] === RECOVERING) && !(flags[i]! & PAUSED) ? due[i]! : Infinity;
  }

  #missingDue(s: number, i: number): number {
    const last = this.#series.cells[s * STRIDE + TIME]!;
    if (this.#table.flags[i]! & MISSING || last === -Infinity) return Infinity;
    return Math.max(last + this.after(s, i), this.#table.settled[i]!);
  }

  #judgeWindow(s: number, i: number, now: number): void {
    const history = this.#table.histories[i] as History;
    history.judged = rounded(this.#rule(i).condition.window!.derive(history, now, this.after(s, i)));
    this.#judge(s, i, now, history.judged);
  }

  #judge(s: number, i: number, now: number, x: number): void {
    const { low, high, calm, flags } = this.#table;
    if (Number.isNaN(x)) {
      this.#pause(i, now);
      return;
    }
    if (!(flags[i]! & MISSING)) this.#resume(i, now);
    if ((x >= low[i]! && x <= high[i]!) !== (calm[i] === 1)) this.#turn(s, i, now);
  }

  /** The condition changed between true and false. */
  #turn(s: number, i: number, now: number): void {
    const { phase, flags, start } = this.#table;
    const { forMs, keepMs } = this.#rule(i);
    switch (phase[i]) {
      case IDLE:
        start[i] = now;
        if (forMs === 0) this.#enter(s, i, FIRING, 'fired', now);
        else this.#enter(s, i, PENDING, 'pending', now, forMs);
        if (flags[i]! & MISSING) this.#tell(s, i, 'missing', now);
        break;
      case PENDING:
        this.#enter(s, i, IDLE, 'cancelled', now);
        break;
      case FIRING:
        if (keepMs === 0) this.#enter(s, i, IDLE, 'resolved', now);
        else this.#enter(s, i, RECOVERING, 'recovering', now, keepMs);
        break;
      default:
        this.#enter(s, i, FIRING, 'refired', now);
    }
  }

  #timerEnds(s: number, i: number, now: number): void {
    if (this.#table.phase[i] === PENDING) this.#enter(s, i, FIRING, 'fired', now);
    else this.#enter(s, i, IDLE, 'resolved', now);
  }

  #enter(s: number, i: number, phase: number, kind: Verdict['kind'], now: number, span = Infinity): void {
    const { flags, due } = this.#table;
    this.#table.phase[i] = phase;
    due[i] = flags[i]! & PAUSED ? span : now + span;
    this.setBounds(i);
    this.#tell(s, i, kind, now);
  }

  #dataMissing(s: number, i: number, now: number): void {
    const { flags, phase, missingSince } = this.#table;
    this.#pause(i, now);
    flags[i]! |= MISSING;
    missingSince[i] = now;
    if (phase[i] !== IDLE) this.#tell(s, i, 'missing', now);
    const template = this.#rule(i).missingTemplate;
    if (template === null) return;
    flags[i]! |= RAISED;
    this.#tellMissing(s, i, template, 'fired', now);
  }

  #dataPresent(s: number, i: number, now: number): void {
    const { flags, phase } = this.#table;
    if (!(flags[i]! & MISSING)) return;
    if (phase[i] !== IDLE) this.#tell(s, i, 'present', now);
    const template = this.#rule(i).missingTemplate;
    if (flags[i]! & RAISED && template !== null) this.#tellMissing(s, i, template, 'resolved', now);
    flags[i]! &= ~(MISSING | RAISED);
  }

  #pause(i: number, now: number): void {
    const { flags, due } = this.#table;
    if (flags[i]! & PAUSED) return;
    flags[i]! |= PAUSED;
    due[i]! -= now;
  }

  #resume(i: number, now: number): void {
    const { flags, due } = this.#table;
    if (!(flags[i]! & PAUSED)) return;
    flags[i]! &= ~PAUSED;
    due[i]! += now;
  }

  #tell(s: number, i: number, kind: Verdict['kind'], at: number): void {
    const judged = this.#table.histories[i]?.judged ?? this.#series.cells[s * STRIDE + VALUE]!;
    this.out.push({
      kind,
      template: this.#rule(i).template,
      subject: this.#series.subjects[s]!,
      startsAt: this.#table.start[i]!,
      at,
      value: Number.isNaN(judged) ? null : judged,
    });
  }

  #tellMissing(s: number, i: number, template: AlertTemplate, kind: Verdict['kind'], at: number): void {
    const value = this.#series.cells[s * STRIDE + VALUE]!;
    const subject = this.#series.subjects[s]!;
    this.out.push({ kind, template, subject, startsAt: this.#table.missingSince[i]!, at, value });
  }
}

/** To nine decimals, so that a rise from 10 to 11.2 is the 1.2 that the author of the rule means. */
function rounded(x: number): number {
  return Math.abs(x) < 1e6 ? Math.round(x * 1e9) / 1e9 : x;
}
