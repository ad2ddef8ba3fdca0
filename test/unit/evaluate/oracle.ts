import type { Operator, Rule, RuleCondition } from '#contract/rule.ts';

/**
 * The text of the public contract, read word by word and slowly: every question is answered by looking through all
 * samples again. It shares nothing with the engine but the rules' schema.
 */
export interface OracleVerdict {
  readonly rule: string;
  readonly series: number;
  readonly kind: string;
  readonly startsAt: number;
  readonly at: number;
  readonly value: number | null;
}

export interface OracleSample {
  readonly series: number;
  readonly time: number;
  readonly value: number;
  readonly historical: boolean;
}

export interface OracleOptions {
  readonly timerGrace: number;
  readonly awayAfter: number;
  readonly resumeGrace: number;
}

const ms = (span: string | undefined) => (span === undefined ? 0 : Number(/^(\d+)s$/.exec(span)![1]) * 1000);

/** One rule on one series. */
class Course {
  readonly rule: Rule;
  readonly series: number;
  /** As they count: `from` is the instant at which the sample began to hold for this rule. */
  readonly taken: { readonly time: number; readonly from: number; value: number }[] = [];
  /** The last instant at which a timer was told. */
  told = -Infinity;
  episode: { start: number; fired: boolean; falseSince: number | null } | null = null;
  /** Spells in which timers stood still, the last one perhaps open. */
  readonly still: { from: number; to: number }[] = [];
  missingSince: number | null = null;
  /** What was judged last; null where it was not defined. */
  judged: number | null = null;
  out: OracleVerdict[] = [];

  constructor(rule: Rule, series: number) {
    this.rule = rule;
    this.series = series;
  }

  get last() {
    return this.taken.at(-1);
  }

  after(): number {
    const own = this.rule.missing?.after;
    if (own !== undefined) return ms(own);
    let usual = 0;
    for (let k = 1; k < this.taken.length; k++) {
      const interval = this.taken[k]!.time - this.taken[k - 1]!.time;
      usual = k === 1 ? interval : usual + (Math.min(interval, 2 * usual) - usual) / 8;
    }
    return Math.max(300_000, 2 * usual);
  }

  /** The next instant after which something changes by time alone, and what kind of instant it is. */
  next(): { at: number; kind: 'window' | 'span' | 'missing' } {
    const instants = [
      { at: this.nextOfWindow(), kind: 'window' as const },
      { at: this.endOfSpan(), kind: 'span' as const },
      { at: this.endOfData(), kind: 'missing' as const },
    ];
    return instants.reduce((first, other) => (other.at < first.at ? other : first));
  }

  endOfData(): number {
    if (!this.last || this.missingSince !== null) return Infinity;
    return Math.max(this.last.time + this.after(), this.told);
  }

  /** When `for` or `keep_firing_for` has run its span, not counting the spells in which timers stood still. */
  endOfSpan(): number {
    const { episode } = this;
    if (!episode || (episode.fired && episode.falseSince === null)) return Infinity;
    if (this.still.at(-1)?.to === Infinity) return Infinity;
    const since = episode.fired ? episode.falseSince! : episode.start;
    const stood = this.still.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, since)), 0);
    return since + ms(episode.fired ? this.rule.keep_firing_for : this.rule.for) + stood;
  }

  nextOfWindow(): number {
    const { condition } = this.rule;
    if (!('over' in condition) || !this.last || this.missingSince !== null) return Infinity;
    const over = ms(condition.over);
    const now = Math.max(this.last.time, this.told);
    const instants = this.taken.map(({ from }) => from + over);
    if (condition.type === 'rate') {
      for (const { from } of this.taken) {
        const expiry = from + over + this.after();
        const replaced = this.taken.some((other) => other.from > from && other.from + over <= expiry);
        if (!replaced) instants.push(expiry);
      }
    }
    return Math.min(Infinity, ...instants.filter((instant) => instant > now));
  }

  runUntil(limit: number, inclusive: boolean): void {
    for (;;) {
      const { at, kind } = this.next();
      if (inclusive ? at > limit : at >= limit) return;
      this.told = Math.max(this.told, at);
      if (kind === 'window') this.judge(at);
      else if (kind === 'span') this.spanEnds(at);
      else this.dataEnds(at);
    }
  }

  sample(time: number, value: number, horizon: number): void {
    if (this.last && time < this.last.time) return;
    if (this.last && time === this.last.time) {
      if (value === this.last.value) return;
      this.last.value = value;
      this.judge(Math.max(time, this.told));
      return;
    }
    this.runUntil(time, false);
    const from = Math.max(time, this.told);
    this.taken.push({ time, from, value });
    if (time + this.after() > horizon) this.dataReturns(from);
    this.judge(from);
  }

  judge(now: number): void {
    const figure = this.figure(now);
    const value = figure === null ? null : Number(figure.toFixed(9));
    this.judged = value;
    if (value === null) {
      this.stand(now);
      return;
    }
    if (this.missingSince === null) this.go(now);
    const firing = this.episode?.fired === true && this.episode.falseSince === null;
    const truth = isTrue(this.rule.condition, value, firing);
    const { episode } = this;
    if (truth && !episode) {
      const fired = ms(this.rule.for) === 0;
      this.episode = { start: now, fired, falseSince: null };
      this.tell(fired ? 'fired' : 'pending', now);
      if (this.missingSince !== null) this.tell('missing', now);
    } else if (!truth && episode && !episode.fired) {
      this.tell('cancelled', now);
      this.episode = null;
    } else if (!truth && firing) {
      if (ms(this.rule.keep_firing_for) === 0) {
        this.tell('resolved', now);
        this.episode = null;
      } else {
        episode!.falseSince = now;
        this.tell('recovering', now);
      }
    } else if (truth && episode?.falseSince != null) {
      episode.falseSince = null;
      this.tell('refired', now);
    }
  }

  spanEnds(at: number): void {
    if (this.episode!.fired) {
      this.tell('resolved', at);
      this.episode = null;
    } else {
      this.episode!.fired = true;
      this.tell('fired', at);
    }
  }

  dataEnds(at: number): void {
    this.stand(at);
    this.missingSince = at;
    if (this.episode) this.tell('missing', at);
    if (this.rule.missing?.severity) this.tellMissing('fired', at);
  }

  dataReturns(at: number): void {
    if (this.missingSince === null) return;
    if (this.episode) this.tell('present', at);
    if (this.rule.missing?.severity) this.tellMissing('resolved', at);
    this.missingSince = null;
  }

  stand(now: number): void {
    if (this.still.at(-1)?.to !== Infinity) this.still.push({ from: now, to: Infinity });
  }

  go(now: number): void {
    const spell = this.still.at(-1);
    if (spell?.to === Infinity) spell.to = now;
  }

  /** The judged figure at an instant; null where it is not defined. */
  figure(now: number): number | null {
    const { condition } = this.rule;
    const value = this.last!.value;
    if (condition.type === 'threshold' || condition.type === 'range') return value;
    const over = ms(condition.over);
    if (condition.type === 'rate') {
      const held = this.taken.findLast(({ from }) => from + over <= now);
      return held && now < held.from + over + this.after() ? value - held.value : null;
    }
    const inside = this.taken.filter(({ from }) => from + over > now).map((sample) => sample.value);
    return aggregate(condition.fn, inside);
  }

  tell(kind: string, at: number): void {
    const value = 'over' in this.rule.condition ? this.judged : this.last!.value;
    this.out.push({ rule: this.rule.alert, series: this.series, kind, startsAt: this.episode!.start, at, value });
  }

  tellMissing(kind: string, at: number): void {
    this.out.push({
      rule: `${this.rule.alert}:missing`,
      series: this.series,
      kind,
      startsAt: this.missingSince!,
      at,
      value: this.last!.value,
    });
  }
}

/** All rules on all series they select by quantity: series k measures `q<k>`. */
export class Oracle {
  readonly #options: OracleOptions;
  readonly #courses: Course[];
  #holdUntil = -Infinity;

  constructor(rules: readonly Rule[], series: number, options: OracleOptions) {
    this.#options = options;
    this.#courses = Array.from({ length: series }, (_, k) =>
      rules.filter((rule) => rule.select.quantity === `q${k}`).map((rule) => new Course(rule, k)),
    ).flat();
  }

  nextTimer(): number | null {
    const due = Math.min(Infinity, ...this.#courses.map((course) => course.next().at));
    return due === Infinity ? null : Math.max(due + this.#options.timerGrace, this.#holdUntil);
  }

  process(at: number, samples: readonly OracleSample[]): OracleVerdict[] {
    const due = this.nextTimer();
    if (due !== null && at - due > this.#options.awayAfter) this.#holdUntil = at + this.#options.resumeGrace;
    const horizon = at - this.#options.timerGrace;
    for (const { series, time, value, historical } of samples) {
      if (historical) continue;
      for (const course of this.#courses) if (course.series === series) course.sample(time, value, horizon);
    }
    if (at >= this.#holdUntil) for (const course of this.#courses) course.runUntil(horizon, true);
    return this.#courses.flatMap((course) => course.out.splice(0));
  }
}

function isTrue(condition: RuleCondition, value: number, firing: boolean): boolean {
  if (condition.type === 'range') {
    const wider = firing ? (condition.clear ?? 0) : 0;
    if (condition.inside) return value >= condition.inside[0] - wider && value <= condition.inside[1] + wider;
    return value < condition.outside![0] + wider || value > condition.outside![1] - wider;
  }
  return compare(value, condition.op, firing ? (condition.clear ?? condition.value) : condition.value);
}

function compare(value: number, op: Operator, limit: number): boolean {
  switch (op) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

function aggregate(fn: string, values: readonly number[]): number | null {
  const sum = values.reduce((total, value) => total + value, 0);
  if (fn === 'count') return values.length;
  if (fn === 'sum') return sum;
  if (values.length === 0) return null;
  const mean = sum / values.length;
  if (fn === 'avg') return mean;
  if (fn === 'min') return Math.min(...values);
  if (fn === 'max') return Math.max(...values);
  if (fn === 'stddev') return Math.sqrt(values.reduce((total, x) => total + (x - mean) ** 2, 0) / values.length);
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.find((candidate) => sorted.filter((x) => x <= candidate).length >= 0.95 * sorted.length)!;
}
