import { type SampleBatch, SampleFlag } from '#contract/sample-batch.ts';
import type { Subject, Verdict } from '#contract/verdict.ts';
import { adopt, freshInstance, type Instance, readInstance, removedAlerts, writeInstance } from './carry-over.ts';
import { Episodes, SHORTEST_DEFAULT_AFTER } from './episodes.ts';
import type { CompiledRule, RuleSet } from './rule-set.ts';
import { readSnapshot, SnapshotWriter } from './snapshot.ts';
import { ARMED, InstanceTable, MISSING, SeriesTable, STRIDE, TIME, USUAL, VALUE, WAKE } from './tables.ts';
import { Timers } from './timers.ts';

export interface EngineOptions {
  /** How far the log clock must be past a timer before it ends without a later sample, ms. */
  readonly timerGrace: number;
  /** A timer that the log clock finds overdue by more than this shows that the hub was away, ms. */
  readonly awayAfter: number;
  /** After an absence only samples end timers for so long, ms: what the broker kept comes first, or every series would count as missing. */
  readonly resumeGrace: number;
  /** Most samples that a windowed rule keeps of one series. */
  readonly historyPoints: number;
}

export const ENGINE_DEFAULTS: EngineOptions = {
  timerGrace: 1_000,
  awayAfter: 5_000,
  resumeGrace: 30_000,
  historyPoints: 4_096,
};

/** Counted since the start of the process; no part of the state. */
export interface EngineCounts {
  samples: number;
  /** Older than the newest of their series, or flagged historical. */
  late: number;
  duplicates: number;
  corrections: number;
  /** Of series never declared, or not a number. */
  unknown: number;
  /** Times that a full history gave up points. */
  historyCut: number;
}

/**
 * Samples and rules in, verdicts out. Pure: the same declarations, groups and rules give the same verdicts, whatever
 * the wall clock says. All times are milliseconds since the Unix epoch.
 */
export class Engine {
  readonly counts: EngineCounts = { samples: 0, late: 0, duplicates: 0, corrections: 0, unknown: 0, historyCut: 0 };
  readonly #options: EngineOptions;
  readonly #series = new SeriesTable();
  readonly #table = new InstanceTable();
  readonly #episodes = new Episodes(this.#series, this.#table);
  readonly #timers = new Timers();
  #rules: RuleSet;
  #holdUntil = -Infinity;
  /** Alerts whose rule no longer selects their series: told with the next group, whose clock they take. */
  #removed: Omit<Verdict, 'at'>[] = [];
  readonly #writer = new SnapshotWriter();

  constructor(rules: RuleSet, options: Partial<EngineOptions> = {}) {
    this.#rules = rules;
    this.#options = { ...ENGINE_DEFAULTS, ...options };
  }

  /** Adds a series or renews what is known of it. Rules that still select it keep their state. */
  declare(subject: Subject): void {
    const s = subject.number;
    if (this.#series.subjects[s] === undefined) this.#series.add(subject);
    this.#series.subjects[s] = subject;
    this.#writer.forgetSubjects();
    const rules = this.#rules.select(subject);
    const previous = this.#instancesOf(s);
    if (previous.length === rules.length && rules.every((rule, k) => rule === previous[k]!.rule)) return;
    this.#place(subject, rules, previous);
    if (this.#table.length > 2 * this.#series.instances + 1024) this.#rebuild(this.#rules.select);
  }

  /**
   * Judges one group in order of arrival, then lets the log clock end timers.
   * @param at log clock; never runs backwards
   */
  process(at: number, samples: SampleBatch): Verdict[] {
    this.#noticeAbsence(at);
    this.#tellRemoved(at);
    this.#judgeBatch(at - this.#options.timerGrace, samples);
    if (at >= this.#holdUntil) this.#runTimers(at - this.#options.timerGrace);
    return this.#takeVerdicts();
  }

  /**
   * The log clock at which a group is needed even if nothing comes in; null when no timer runs. It may be early, never
   * late: a group too many changes nothing.
   */
  nextTimer(): number | null {
    this.#dropSuperseded();
    const due = this.#timers.peekDue();
    return due === Infinity ? null : Math.max(due + this.#options.timerGrace, this.#holdUntil);
  }

  /** Swaps the rules. Alerts of rules that are gone end as `rule-removed`; see `adopt` for changed ones. */
  replaceRules(rules: RuleSet, at: number): Verdict[] {
    this.#rules = rules;
    this.#rebuild((subject) => rules.select(subject));
    this.#tellRemoved(at);
    return this.#takeVerdicts();
  }

  /** All state as bytes, for {@link Engine.restore}. Take it between two groups. */
  snapshot(): Uint8Array {
    return this.#writer.write(this.#series, this.#table, this.#rules.rules, this.#holdUntil);
  }

  /**
   * An engine as it was, also under other rules: these take over as in {@link Engine.replaceRules}, and what that ends
   * is told with the next group.
   * @throws RangeError for bytes of another version.
   */
  static restore(bytes: Uint8Array, rules: RuleSet, options: Partial<EngineOptions> = {}): Engine {
    const engine = new Engine(rules, options);
    const saved = readSnapshot(bytes);
    engine.#holdUntil = saved.holdUntil;
    for (const { subject, cells, instances } of saved.series) {
      engine.#series.add(subject);
      engine.#series.cells.set(cells, subject.number * STRIDE);
      engine.#place(subject, rules.select(subject), instances);
    }
    return engine;
  }

  #judgeBatch(horizon: number, samples: SampleBatch): void {
    const { length, series, time, value, flags } = samples;
    const { cells, first, count, subjects } = this.#series;
    const { low, high, calm } = this.#table;
    const known = subjects.length;
    for (let k = 0; k < length; k++) {
      const s = series[k]!;
      const t = time[k]!;
      const v = value[k]!;
      if (s >= known || flags[k]! & SampleFlag.historical || Number.isNaN(v)) {
        this.#setAside(s, v);
        continue;
      }
      const at = s * STRIDE;
      const last = cells[at + TIME]!;
      if (t > last && t <= cells[at + WAKE]!) {
        let i = first[s]!;
        const end = i + count[s]!;
        while (i < end && (v >= low[i]! && v <= high[i]!) === (calm[i] === 1)) i++;
        if (i === end) {
          cells[at + USUAL] = usualInterval(cells[at + USUAL]!, t - last);
          cells[at + TIME] = t;
          cells[at + VALUE] = v;
          continue;
        }
      }
      this.#lookClosely(s, t, v, horizon);
    }
    this.counts.samples += length;
  }

  #setAside(s: number, v: number): void {
    if (this.#series.subjects[s] === undefined || Number.isNaN(v)) this.counts.unknown++;
    else this.counts.late++;
  }

  /** One sample where a timer, a transition, a window, missing data or a correction is in play. */
  #lookClosely(s: number, t: number, v: number, horizon: number): void {
    const { cells, first, count } = this.#series;
    const at = s * STRIDE;
    const last = cells[at + TIME]!;
    if (this.#series.subjects[s] === undefined) {
      this.counts.unknown++;
      return;
    }
    if (t < last) {
      this.counts.late++;
      return;
    }
    const correction = t === last;
    if (correction && v === cells[at + VALUE]!) {
      this.counts.duplicates++;
      return;
    }
    const end = first[s]! + count[s]!;
    if (correction) this.counts.corrections++;
    else for (let i = first[s]!; i < end; i++) this.#episodes.advance(s, i, t, false);
    if (last !== -Infinity && !correction) cells[at + USUAL] = usualInterval(cells[at + USUAL]!, t - last);
    cells[at + TIME] = t;
    cells[at + VALUE] = v;
    for (let i = first[s]!; i < end; i++) if (this.#episodes.take(s, i, horizon, correction)) this.counts.historyCut++;
    this.#arm(s);
  }

  #runTimers(limit: number): void {
    while (this.#earliest(limit) <= limit) {
      const s = this.#timers.peekSeries();
      const end = this.#series.first[s]! + this.#series.count[s]!;
      for (let i = this.#series.first[s]!; i < end; i++) this.#episodes.advance(s, i, limit, true);
      this.#arm(s);
    }
  }

  /**
   * Due time of the earliest timer; Infinity when none is due by `limit`. Entries of the heap are lower bounds, since a
   * calm sample only moves the end of its data into the future. They are made exact here, so that neither order nor
   * outcome depends on when anybody looked.
   */
  #earliest(limit: number): number {
    for (;;) {
      this.#dropSuperseded();
      const due = this.#timers.peekDue();
      if (due > limit) return Infinity;
      const s = this.#timers.peekSeries();
      if (this.#nextDue(s) === due) return due;
      this.#timers.pop();
      this.#series.cells[s * STRIDE + ARMED] = Infinity;
      this.#arm(s);
    }
  }

  /** An entry counts only while it is its series' own; an earlier one has taken its place. */
  #dropSuperseded(): void {
    const { cells } = this.#series;
    while (this.#timers.length > 0 && cells[this.#timers.peekSeries() * STRIDE + ARMED] !== this.#timers.peekDue()) {
      this.#timers.pop();
    }
  }

  /** A timer that should have had its group long ago shows that nobody kept the log meanwhile. */
  #noticeAbsence(at: number): void {
    const { timerGrace, awayAfter, resumeGrace } = this.#options;
    const due = this.#earliest(at - awayAfter - timerGrace);
    if (at - Math.max(due + timerGrace, this.#holdUntil) > awayAfter) this.#holdUntil = at + resumeGrace;
  }

  #nextDue(s: number): number {
    const end = this.#series.first[s]! + this.#series.count[s]!;
    let next = Infinity;
    for (let i = this.#series.first[s]!; i < end; i++) next = Math.min(next, this.#episodes.nextDue(s, i));
    return next;
  }

  /** Brings heap and fast path up to date after anything but a calm sample. */
  #arm(s: number): void {
    const { cells } = this.#series;
    const at = s * STRIDE;
    const next = this.#nextDue(s);
    cells[at + WAKE] = this.#needsCloseLook(s) ? -Infinity : next;
    if (next >= cells[at + ARMED]!) return;
    cells[at + ARMED] = next;
    this.#timers.push(next, s);
  }

  /**
   * The first sample starts the watch for missing data. Where the default `after` follows the usual interval, a sample may also move the end of its data nearer; on the
   * fast path `next` must be a lower bound.
   */
  #needsCloseLook(s: number): boolean {
    const { flags, histories, rules } = this.#table;
    if (this.#series.cells[s * STRIDE + TIME] === -Infinity) return true;
    const slow = 2 * this.#series.cells[s * STRIDE + USUAL]! > SHORTEST_DEFAULT_AFTER;
    const end = this.#series.first[s]! + this.#series.count[s]!;
    for (let i = this.#series.first[s]!; i < end; i++) {
      if (flags[i]! & MISSING || histories[i] || (slow && Number.isNaN(rules[i]!.afterMs))) return true;
    }
    return false;
  }

  /** Gives a series its instances: the rules that select it now, each with the state it had. */
  #place(subject: Subject, rules: readonly CompiledRule[], previous: readonly Instance[]): void {
    const s = subject.number;
    const { first, count } = this.#series;
    if (rules.length > count[s]!) first[s] = this.#table.allocate(rules.length);
    this.#series.instances += rules.length - count[s]!;
    count[s] = rules.length;
    const points = this.#options.historyPoints;
    rules.forEach((rule, k) => {
      const old = previous.find((instance) => instance.rule.id === rule.id);
      const instance = old ? adopt(old, rule, points) : freshInstance(rule, points);
      writeInstance(this.#table, first[s]! + k, rule, instance);
      this.#episodes.setBounds(first[s]! + k);
    });
    this.#removed.push(...previous.flatMap((instance) => removedAlerts(subject, instance, rules)));
    this.#arm(s);
  }

  /** Lays all instances anew, without the gaps that changed labels leave. */
  #rebuild(select: (subject: Subject) => readonly CompiledRule[]): void {
    const subjects = this.#subjects();
    const previous = subjects.map((subject) => this.#instancesOf(subject.number));
    this.#table.clear();
    this.#series.clearInstances();
    subjects.forEach((subject, k) => {
      this.#place(subject, select(subject), previous[k]!);
    });
  }

  #subjects(): Subject[] {
    return this.#series.subjects.filter((subject) => subject !== undefined);
  }

  #instancesOf(s: number): Instance[] {
    const first = this.#series.first[s]!;
    return Array.from({ length: this.#series.count[s]! }, (_, k) => readInstance(this.#table, first + k));
  }

  #tellRemoved(at: number): void {
    for (const verdict of this.#removed) this.#episodes.out.push({ ...verdict, at });
    this.#removed = [];
  }

  #takeVerdicts(): Verdict[] {
    const verdicts = this.#episodes.out;
    this.#episodes.out = [];
    return verdicts;
  }
}

/** A running mean that one long gap cannot spoil: an interval counts at most twice the mean so far. */
function usualInterval(usual: number, interval: number): number {
  if (usual === 0) return interval;
  return usual + (Math.min(interval, 2 * usual) - usual) / 8;
}
