import { type Static, Type } from 'typebox';
import { CONDITIONS, QUALITIES } from '#contract/names.ts';
import { literals, nullable, SeveritySchema } from '#contract/primitives.ts';
import { Duration, type RuleFinding } from '#contract/rule.ts';
import { Labels, Position } from '#contract/series.ts';
import { parseDuration } from './duration.ts';
import { conforms } from './schema-findings.ts';
import { type Notated, parseSeries } from './series-notation.ts';
import { type Path, type Place, YamlText } from './yaml-text.ts';

const strict = { additionalProperties: false };
const text = Type.String({ minLength: 1 });
/** After the test's start (`6m`), or RFC 3339. */
const instant = Type.String({ minLength: 1 });

const TestSeries = Type.Object(
  {
    quantity: text,
    thing: Type.Optional(text),
    source: Type.Optional(text),
    unit: Type.Optional(text),
    uom: Type.Optional(text),
    labels: Type.Optional(Labels),
    position: Type.Optional(Position),
    /** Time of the first value after the test's start. */
    offset: Type.Optional(Duration),
    step: Duration,
    values: text,
  },
  strict,
);

/** What is given must be so; labels may have more. */
const ExpectedAlert = Type.Object(
  {
    rule: Type.Optional(text),
    thing: Type.Optional(text),
    condition: Type.Optional(literals(CONDITIONS)),
    severity: Type.Optional(SeveritySchema),
    quality: Type.Optional(literals(QUALITIES)),
    unit: Type.Optional(text),
    labels: Type.Optional(Labels),
    startsAt: Type.Optional(instant),
    firedAt: Type.Optional(nullable(instant)),
    endsAt: Type.Optional(nullable(instant)),
    value: Type.Optional(nullable(Type.Number())),
  },
  strict,
);
export type ExpectedAlert = Static<typeof ExpectedAlert>;

const Expectation = Type.Object({ at: instant, alerts: Type.Array(ExpectedAlert) }, strict);

const Test = Type.Object(
  {
    name: text,
    /** The rules under test, by id; the others of the directory keep quiet. */
    rules: Type.Array(text, { minItems: 1 }),
    start: Type.Optional(instant),
    series: Type.Array(TestSeries, { minItems: 1 }),
    expect: Type.Array(Expectation, { minItems: 1 }),
  },
  strict,
);
const TestFile = Type.Object({ tests: Type.Array(Test) }, strict);

export interface PlacedSeries extends Omit<Static<typeof TestSeries>, 'values' | 'step' | 'offset'> {
  readonly values: readonly Notated[];
  /** Milliseconds. */
  readonly step: number;
  readonly offset: number;
}

export interface PlacedExpectation {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly written: string;
  readonly alerts: readonly ExpectedAlert[];
  readonly place: Place;
}

export interface RuleTest {
  readonly name: string;
  readonly file: string;
  readonly place: Place;
  readonly rules: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly start: number;
  readonly series: readonly PlacedSeries[];
  readonly expect: readonly PlacedExpectation[];
}

const START = '2026-01-01T00:00:00Z';

/** Tests of one file's text, or everything that is wrong with it. Pure. */
export function parseTestFile(source: string, file: string): { tests: RuleTest[] } | { findings: RuleFinding[] } {
  const yaml = new YamlText(source, file);
  const findings = [...yaml.findings];
  const { value } = yaml;
  if (findings.length > 0 || !conforms(yaml, [], TestFile, value, findings)) return { findings };
  const tests = value.tests.map((test, t) => placedTest(yaml, ['tests', t], test, findings));
  return findings.length > 0 ? { findings } : { tests };
}

function placedTest(yaml: YamlText, path: Path, test: Static<typeof Test>, findings: RuleFinding[]): RuleTest {
  const attempt = <T>(at: Path, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      findings.push(yaml.finding(yaml.place([...path, ...at]), (error as Error).message));
      return otherwise;
    }
  };
  const start = attempt(['start'], () => parseInstant(test.start ?? START, Number.NaN), 0);
  return {
    name: test.name,
    file: yaml.file,
    place: yaml.place([...path, 'name']),
    rules: test.rules,
    start,
    series: test.series.map(({ values, step, offset, ...rest }, s) => ({
      ...rest,
      values: attempt(['series', s, 'values'], () => parseSeries(values), []),
      step: parseDuration(step),
      offset: parseDuration(offset ?? '0s'),
    })),
    expect: test.expect.map(({ at, alerts }, e) => ({
      at: attempt(['expect', e, 'at'], () => parseInstant(at, start), start),
      written: at,
      alerts: alerts.map((alert, a) => checkInstants(alert, start, ['expect', e, 'alerts', a], attempt)),
      place: yaml.place([...path, 'expect', e]),
    })),
  };
}

/** Times of expected alerts as RFC 3339, however they were written. */
function checkInstants(
  alert: ExpectedAlert,
  start: number,
  at: Path,
  attempt: <T>(at: Path, read: () => T, otherwise: T) => T,
): ExpectedAlert {
  const read = (key: 'startsAt' | 'firedAt' | 'endsAt') => {
    const written = alert[key];
    if (typeof written !== 'string') return {};
    const ms = attempt([...at, key], () => parseInstant(written, start), start);
    return { [key]: new Date(ms).toISOString() };
  };
  return { ...alert, ...read('startsAt'), ...read('firedAt'), ...read('endsAt') };
}

/** @throws RangeError for what is neither a span after `start` nor RFC 3339. */
function parseInstant(written: string, start: number): number {
  const absolute = /^\d{4}-/.test(written) ? Date.parse(written) : start + parseDuration(written);
  if (Number.isNaN(absolute)) throw new RangeError(`"${written}" is not a time`);
  return absolute;
}
