import type { Alert } from '#contract/alert.ts';
import { EMPTY_BATCH, SampleBuilder } from '#contract/sample-batch.ts';
import type { Subject } from '#contract/verdict.ts';
import { formatDuration } from './duration.ts';
import { ENGINE_DEFAULTS, Engine } from './engine.ts';
import type { Book } from './ports.ts';
import { compileRules, type RuleSet } from './rule-set.ts';
import type { ExpectedAlert, PlacedExpectation, PlacedSeries, RuleTest } from './rule-test-text.ts';

/** Outcome of one test; `failure` says where, what was wanted and what was there. */
export interface TestResult {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly passed: boolean;
  readonly failure: string | null;
}

/**
 * Plays a test through the engine and book of the hub. The log clock keeps just as far behind the samples as timers need
 * grace, so that every timer up to an instant has ended when the instant is looked at, and none after it.
 */
export function runTest(test: RuleTest, rules: RuleSet, newBook: () => Book): TestResult {
  const common = { file: test.file, line: test.place.line, name: test.name };
  const unknown = test.rules.filter((id) => !rules.rules.some((rule) => rule.id === id));
  if (unknown.length > 0) return { ...common, passed: false, failure: `no rule ${unknown.join(', ')}` };
  const run = new TestRun(test, rules, newBook());
  for (const expectation of test.expect.toSorted((a, b) => a.at - b.at)) {
    run.playUntil(expectation.at);
    const failure = compare(expectation, run.alerts(), test.start);
    if (failure !== null) return { ...common, line: expectation.place.line, passed: false, failure };
  }
  return { ...common, passed: true, failure: null };
}

interface TestSample {
  readonly series: number;
  readonly time: number;
  readonly value: number;
}

class TestRun {
  readonly #engine: Engine;
  readonly #book: Book;
  readonly #alerts = new Map<string, Alert>();
  readonly #samples: TestSample[];
  #next = 0;

  constructor(test: RuleTest, rules: RuleSet, book: Book) {
    const chosen = rules.rules.filter(({ id }) => test.rules.includes(id));
    this.#engine = new Engine(compileRules(chosen.map(({ rule }) => rule)));
    this.#book = book;
    test.series.forEach((series, number) => {
      this.#engine.declare(subjectOf(series, number));
    });
    this.#samples = test.series
      .flatMap(({ values, step, offset }, series) =>
        values.flatMap((value, k) => (value === null ? [] : [{ series, time: test.start + offset + k * step, value }])),
      )
      .sort((a, b) => a.time - b.time);
  }

  playUntil(at: number): void {
    while (this.#next < this.#samples.length && this.#samples[this.#next]!.time <= at) {
      const { time } = this.#samples[this.#next]!;
      this.#endTimers(time);
      const batch = new SampleBuilder();
      for (; this.#samples[this.#next]?.time === time; this.#next++) {
        const { series, value } = this.#samples[this.#next]!;
        batch.push(series, time, value, 0);
      }
      this.#process(time, batch.take());
    }
    this.#endTimers(at);
    this.#process(at, EMPTY_BATCH);
  }

  alerts(): Alert[] {
    return [...this.#alerts.values()];
  }

  /** Gives each timer its group in time, as the hub does: a long silence must not look like an absence of the hub. */
  #endTimers(until: number): void {
    const { timerGrace } = ENGINE_DEFAULTS;
    for (let due = this.#engine.nextTimer(); due !== null; due = this.#engine.nextTimer()) {
      if (due - timerGrace >= until) return;
      this.#process(due - timerGrace, EMPTY_BATCH);
    }
  }

  #process(time: number, batch: ReturnType<SampleBuilder['take']>): void {
    const at = time + ENGINE_DEFAULTS.timerGrace;
    for (const { kind, alert } of this.#book.apply(this.#engine.process(at, batch), at)) {
      if (kind === 'cancelled') this.#alerts.delete(alert.id);
      else this.#alerts.set(alert.id, alert);
    }
  }
}

function subjectOf(series: PlacedSeries, number: number): Subject {
  const thing = series.thing ?? `thing-${number + 1}`;
  return {
    number,
    seriesId: `${thing}:${series.quantity}`,
    unit: series.unit ?? 'test',
    source: series.source ?? 'test',
    thing,
    thingName: thing,
    quantity: series.quantity,
    uom: series.uom ?? null,
    labels: series.labels ?? {},
    position: series.position ?? null,
  };
}

/** Each expected alert must be there, and every alert that has not ended must be expected. */
function compare({ alerts: wanted, written }: PlacedExpectation, found: Alert[], start: number): string | null {
  const left = [...found];
  for (const expected of wanted) {
    const at = left.findIndex((alert) => matches(alert, expected));
    if (at < 0) return `at ${written} wanted ${describeExpected(expected, start)}\n  got ${describeAll(found, start)}`;
    left.splice(at, 1);
  }
  const surplus = left.filter((alert) => alert.condition !== 'resolved');
  if (surplus.length === 0) return null;
  const list = wanted.map((expected) => describeExpected(expected, start)).join('; ') || 'no alert';
  return `at ${written} wanted ${list}\n  got also ${describeAll(surplus, start)}`;
}

function matches(alert: Alert, { labels = {}, ...fields }: ExpectedAlert): boolean {
  const given = Object.entries(fields) as [keyof typeof fields, unknown][];
  return (
    given.every(([key, value]) => alert[key] === value) &&
    Object.entries(labels).every(([key, value]) => alert.labels[key] === value)
  );
}

const SHOWN = ['rule', 'thing', 'condition', 'severity', 'quality', 'unit', 'value'] as const;
const TIMES = ['startsAt', 'firedAt', 'endsAt'] as const;

function describeAll(alerts: readonly Alert[], start: number): string {
  return alerts.map((alert) => describe(alert, start)).join('; ') || 'no alert';
}

function describeExpected(expected: ExpectedAlert, start: number): string {
  return describe(expected as Partial<Alert>, start);
}

function describe(alert: Partial<Alert>, start: number): string {
  const time = (text: string | null) => (text === null ? 'null' : formatDuration(Date.parse(text) - start));
  const parts = [
    ...SHOWN.flatMap((key) => (alert[key] === undefined ? [] : [`${key} ${alert[key]}`])),
    ...TIMES.flatMap((key) => (alert[key] === undefined ? [] : [`${key} ${time(alert[key])}`])),
  ];
  return parts.join(', ');
}
