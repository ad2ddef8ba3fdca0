import { describe, expect, test } from 'vitest';
import { AlertBook } from '../../../server/alert/book.ts';
import { compileRules } from '../../../server/evaluate/rule-set.ts';
import { runTest } from '../../../server/evaluate/rule-test.ts';
import { parseTestFile } from '../../../server/evaluate/rule-test-text.ts';
import { parseSeries } from '../../../server/evaluate/series-notation.ts';
import { rule } from './timeline.ts';

describe('values on a clock', () => {
  test.each<[string, (number | null)[]]>([
    ['5', [5]],
    ['-5.25 6', [-5.25, 6]],
    ['5x3', [5, 5, 5]],
    ['5.2+0.1x4', [5.2, 5.3, 5.4, 5.5]],
    ['5-2x3', [5, 3, 1]],
    ['-1+1x3', [-1, 0, 1]],
    ['1 _ 2', [1, null, 2]],
    ['1 _x2 2', [1, null, null, 2]],
    ['  1\n  2 ', [1, 2]],
  ])('%s', (text, values) => {
    expect(parseSeries(text)).toEqual(values);
  });

  test.each(['', 'five', '5y3', '5x', '_+1x2', '5x3.5', '1x100001'])('%j cannot be read', (text) => {
    expect(() => parseSeries(text)).toThrow(RangeError);
  });
});

const file = (expectations: string) => `tests:
  - name: it fires
    rules: [river-high]
    series:
      - { quantity: water-level, thing: g1, labels: { river: Lam }, step: 1m, values: 4x5 6x10 }
    expect:
${expectations}`;

const rules = compileRules([rule({ for: '5m', labels: { hazard: 'flood' } }), rule({ alert: 'other' })]);

function outcome(expectations: string): string | null {
  const parsed = parseTestFile(file(expectations), 'a.test.yaml');
  if ('findings' in parsed) return parsed.findings.map(({ line, reason }) => `${line} ${reason}`).join('; ');
  const { line, failure } = runTest(parsed.tests[0]!, rules, () => new AlertBook());
  return failure === null ? null : `${line} ${failure}`;
}

describe('expectations', () => {
  test.each([
    ['nothing yet', '      - { at: 4m59s, alerts: [] }'],
    ['the instant counts with what ends at it', '      - { at: 10m, alerts: [{ condition: firing, firedAt: 10m }] }'],
    ['just before it', '      - { at: 599999ms, alerts: [{ condition: pending, firedAt: null }] }'],
    ['labels may have more', '      - { at: 10m, alerts: [{ labels: { river: Lam } }] }'],
    ['absolute times', '      - { at: "2026-01-01T00:10:00Z", alerts: [{ startsAt: "2026-01-01T07:05:00+07:00" }] }'],
    ['in any order of writing', '      - { at: 10m, alerts: [{ condition: firing }] }\n      - { at: 1m, alerts: [] }'],
  ])('met: %s', (_why, text) => {
    expect(outcome(text)).toBeNull();
  });

  test.each([
    [
      'an alert that is not there',
      '      - { at: 4m, alerts: [{ rule: river-high, condition: firing, startsAt: 1m }] }',
      '7 at 4m wanted rule river-high, condition firing, startsAt 1m\n  got no alert',
    ],
    [
      'another start',
      '      - { at: 10m, alerts: [{ startsAt: 6m }] }',
      '7 at 10m wanted startsAt 6m\n  got rule river-high, thing g1, condition firing, severity major, quality live, unit test, value 6, startsAt 5m, firedAt 10m, endsAt null',
    ],
    [
      'an alert nobody expected',
      '      - { at: 5m, alerts: [] }',
      '7 at 5m wanted no alert\n  got also rule river-high, thing g1, condition pending, severity major, quality live, unit test, value 6, startsAt 5m, firedAt null, endsAt null',
    ],
    [
      'another label',
      '      - { at: 10m, alerts: [{ labels: { river: Hieu } }] }',
      expect.stringContaining('7 at 10m wanted'),
    ],
    ['a time that is none', '      - { at: soon, alerts: [] }', '7 "soon" is not a span such as 90s, 5m or 1h30m'],
    ['a key that is none', '      - { at: 5m, alert: [] }', expect.stringContaining('"alert" is not known here')],
  ])('not met: %s', (_why, text, failure) => {
    expect(outcome(text)).toEqual(failure);
  });

  test('a rule that does not exist', () => {
    const parsed = parseTestFile(
      file('      - { at: 1m, alerts: [] }').replace('river-high', 'rever-high'),
      'a.test.yaml',
    );
    const result = runTest('tests' in parsed ? parsed.tests[0]! : expect.fail(), rules, () => new AlertBook());
    expect(result).toMatchObject({ passed: false, failure: 'no rule rever-high', line: 2 });
  });
});
