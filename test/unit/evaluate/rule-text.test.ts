import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRules } from '../../../server/evaluate/rule-files.ts';
import { parseRuleFile } from '../../../server/evaluate/rule-text.ts';

const good = `groups:
  - name: hydrology
    rules:
      - alert: river-high
        title: { vi: Mực nước cao, en: River high }
        select: { quantity: water-level, labels: { river: Lam } }
        condition: { type: threshold, op: ">=", value: 5.4, clear: 5.2 }
        for: 5m
        keep_firing_for: 10m
        missing: { after: 15m, severity: minor }
        severity: major
        labels: { hazard: flood }
        responsible: { unit: so-nnmt, escalate: [ { after: 10m, to: deputy } ] }
        verify_within: 10m
`;

/** The findings as `line:column reason (suggestion)`. */
function lint(text: string, units: string[] | null = null): string[] {
  const parsed = parseRuleFile(text, 'a.rules.yaml', { units: units && new Set(units) });
  if ('rules' in parsed) return [];
  return parsed.findings.map(
    ({ line, column, reason, suggestion }) => `${line}:${column} ${reason}${suggestion ? ` (${suggestion})` : ''}`,
  );
}

const swap = (from: string, to: string) => {
  expect(good).toContain(from);
  return good.replace(from, to);
};

test('the example of the public contract has no findings', () => {
  expect(lint(good)).toEqual([]);
  expect(lint(good, ['so-nnmt'])).toEqual([]);
});

describe('what is wrong is told with its place and how to mend it', () => {
  test.each([
    [
      'keep_firing_for',
      'keep_fireing_for',
      ['9:9 "keep_fireing_for" is not known here (did you mean "keep_firing_for"?)'],
    ],
    [
      'for: 5m',
      'for: 5 minutes',
      ['8:14 "for" is not a span: "5 minutes" (write a span such as 90s, 5m, 1h30m or 2d)'],
    ],
    ['severity: major', 'severity: mayor', ['11:19 "severity" cannot be "mayor" (did you mean "major"?)']],
    ['        severity: major\n', '', ['4:9 needs "severity" (add severity: …)']],
    [
      'river-high',
      'River High',
      ['4:16 "alert" cannot be "River High" (use lower-case letters, digits and hyphens, 64 at most)'],
    ],
    ['type: threshold', 'type: treshold', ['7:28 "type" cannot be "treshold" (did you mean "threshold"?)']],
    ['value: 5.4', 'value: high', ['7:56 "value" must be number, not "high"']],
    ['clear: 5.2', 'clear: 5.6', ['7:68 "clear" 5.6 is on the wrong side of >= 5.4 (use a value below 5.4)']],
    ['op: ">="', 'op: "=>"', ['7:43 "op" cannot be "=>" (did you mean ">"?)']],
    [
      'quantity: water-level',
      'quantiti: water-level',
      ['6:19 "quantiti" is not known here (did you mean "quantity"?)'],
    ],
    ['unit: so-nnmt', 'unit: so-nnm', ['13:30 unit "so-nnm" is not known (see config/units.yaml)']],
    ['after: 15m', 'after: 0s', ['10:27 "after" must be longer than nothing']],
    [', en: River high', '', ['5:16 "title" needs "en" (add en: …)']],
  ])('%s → %s', (from, to, expected) => {
    expect(lint(swap(from, to), ['so-nnmt'])).toEqual(expected);
  });

  const condition = (text: string) => swap('{ type: threshold, op: ">=", value: 5.4, clear: 5.2 }', text);
  test.each([
    ['{ type: range }', '7:20 a range needs either "inside" or "outside" (give [low, high] for one of them)'],
    ['{ type: range, inside: [9, 1] }', '7:43 low 9 exceeds high 1 ([1, 9])'],
    ['{ type: range, outside: [1, 9], clear: 5 }', '7:59 with "clear" 5 nothing is left inside: it could never end'],
    ['{ type: rate, over: 0m, op: ">", value: 1 }', '7:40 "over" must be longer than nothing'],
    [
      '{ type: threshold, op: "!=", value: 1, clear: 2 }',
      '7:66 "clear" has no meaning with != (leave it out, or use a range)',
    ],
    ['{ type: aggregate, fn: mean, over: 5m, op: ">", value: 1 }', '7:43 "fn" cannot be "mean" (did you mean "min"?)'],
  ])('%s', (text, expected) => {
    expect(lint(condition(text))).toEqual([expected]);
  });

  test('broken YAML', () => {
    expect(lint('groups: [')).toEqual([expect.stringMatching(/^1:\d+ .*/)]);
    expect(lint('')).toHaveLength(1);
    expect(lint('groups: &all []\nmore: *all')).toEqual(['2:7 alias *all is not allowed (write it out)']);
  });

  test('all faults at once, not only the first', () => {
    expect(lint(good.replace('severity: major', 'severity: bad').replace('for: 5m', 'for: x'))).toHaveLength(2);
  });
});

describe('a directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rules-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is loaded as a whole', async () => {
    await writeFile(join(directory, 'a.rules.yaml'), good);
    const loaded = await loadRules(directory);
    expect('rules' in loaded && loaded.rules.rules.map(({ id }) => id)).toEqual(['river-high']);
  });

  test('an id given twice names both places', async () => {
    await writeFile(join(directory, 'a.rules.yaml'), good);
    await writeFile(join(directory, 'b.rules.yaml'), `# another\n${good}`);
    expect(await loadRules(directory)).toMatchObject({
      findings: [
        { file: 'b.rules.yaml', line: 5, reason: 'alert "river-high" is already defined in a.rules.yaml:4:16' },
      ],
    });
  });

  test('a runbook must exist, and below the directory', async () => {
    await writeFile(join(directory, 'a.rules.yaml'), `${good}        runbook: runbooks/none.md\n`);
    expect(await loadRules(directory)).toMatchObject({
      findings: [{ line: 15, column: 18, rule: 'river-high', reason: 'runbook runbooks/none.md does not exist' }],
    });
    await writeFile(join(directory, 'a.rules.yaml'), `${good}        runbook: ../secret.md\n`);
    expect(await loadRules(directory)).toMatchObject({ findings: [{ reason: expect.stringContaining('outside') }] });
  });
});
