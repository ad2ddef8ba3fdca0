import { expect, test } from 'vitest';
import type { Alert, AlertChangeKind } from '#contract/alert.ts';
import { SEVERITIES } from '#contract/names.ts';
import {
  type Announcement,
  announcementOf,
  concerns,
  type Known,
  lifeOf,
  topicOf,
} from '../../../server/notify/route.ts';
import { changeOf, subscriberOf } from './alert-sample.ts';

const shelved = { why: 'bảo trì', by: 'b', until: '2026-10-28T00:00:00Z' };
const firing: Known = { severity: 'major', unit: 'so-nnmt', condition: 'firing' };

type Row = [reason: string, kind: AlertChangeKind, alert: Partial<Alert>, before: Known | null, Announcement | null];

test.each<Row>([
  ['it begins', 'fired', {}, null, 'fired'],
  ['shelved while pending: it does not ring', 'fired', { suppressed: shelved }, null, null],
  ['not yet true for long enough', 'pending', { condition: 'pending', firedAt: null }, null, null],
  ['never fired', 'cancelled', { condition: 'resolved', firedAt: null }, null, null],
  ['perhaps over: not yet', 'recovering', { condition: 'recovering' }, firing, null],
  ['a wobble nobody was told of', 'refired', { handling: 'new' }, { ...firing, condition: 'recovering' }, null],
  ['a wobble while somebody is on it', 'refired', { handling: 'in-progress' }, firing, null],
  ['back after the unit said it was done', 'refired', { handling: 'done' }, firing, 'refired'],
  ['back, but found to be false', 'refired', { handling: 'done', authenticity: 'refuted' }, firing, null],
  ['a person closed it: it counts as ended', 'refired', { handling: 'closed', condition: 'resolved' }, firing, null],
  ['worse than it was', 'quality', { severity: 'critical' }, firing, 'raised'],
  ['worse, but shelved', 'quality', { severity: 'critical', suppressed: shelved }, firing, null],
  ['milder than it was', 'quality', { severity: 'minor' }, firing, null],
  ['nothing known of before: no raise can be seen', 'quality', { severity: 'critical' }, null, null],
  ['it ends', 'resolved', { condition: 'resolved' }, { ...firing, condition: 'recovering' }, 'ended'],
  ['it ends, what was before is not known', 'resolved', { condition: 'resolved' }, null, 'ended'],
  [
    'it ends under a shelf: the notice from before must go',
    'resolved',
    { condition: 'resolved', suppressed: shelved },
    firing,
    'ended',
  ],
  ['a person ends it', 'resolve', { condition: 'resolved', handling: 'closed' }, firing, 'ended'],
  [
    'a person closes what had ended: told already',
    'resolve',
    { condition: 'resolved', handling: 'closed' },
    { ...firing, condition: 'resolved' },
    null,
  ],
  ['ended without ever firing', 'resolved', { condition: 'resolved', firedAt: null }, null, null],
  ['its rule is gone', 'rule-removed', { condition: 'resolved' }, firing, 'ended'],
  ['handed over', 'assign', { handling: 'assigned' }, firing, 'assigned'],
  ['handed over while recovering: still work', 'assign', { condition: 'recovering' }, firing, 'assigned'],
  ['handed over after its end: no hurry', 'assign', { condition: 'resolved' }, firing, null],
  ['handed over under a shelf', 'assign', { suppressed: shelved }, firing, null],
  ['the shelf is over and it still burns', 'shelf-ended', {}, firing, 'unshelved'],
  ['a person took it from the shelf', 'unshelve', {}, firing, 'unshelved'],
  ['the shelf is over, and so is it', 'shelf-ended', { condition: 'resolved' }, firing, null],
  ['the shelf is over, the work is done', 'shelf-ended', { handling: 'done' }, firing, null],
  ['put on the shelf', 'shelve', { suppressed: shelved }, firing, null],
  ['somebody has it', 'acknowledge', { handling: 'acknowledged' }, firing, null],
  ['a word', 'comment', {}, firing, null],
  ['checked', 'verify', { authenticity: 'confirmed' }, firing, null],
  ['progress', 'report-status', { handling: 'in-progress' }, firing, null],
  ['published', 'publish', { publication: 'published' }, firing, null],
  ['reopened: seen on the desk by who did it', 'reopen', { handling: 'new' }, firing, null],
  ['data missing', 'quality', { quality: 'missing' }, firing, null],
])('%s (%s)', (_, kind, alert, before, expected) => {
  expect(announcementOf(changeOf(kind, alert), before)).toBe(expected);
});

const officer = subscriberOf('focal-point', 'so-nnmt', 'lan');

test.each([
  ['focal point of the responsible unit', officer, 'minor', true],
  ['its head', subscriberOf('head', 'so-nnmt'), 'info', true],
  ['focal point of another unit', subscriberOf('focal-point', 'so-yt'), 'critical', false],
  ['focal point without a unit', subscriberOf('focal-point', null), 'critical', false],
  ['operator: all units, critical', subscriberOf('operator', 'ioc'), 'critical', true],
  ['operator: all units, major', subscriberOf('operator', null), 'major', true],
  ['operator: minor is for the wall', subscriberOf('operator', 'so-nnmt'), 'minor', false],
  ['shift leader as the operator', subscriberOf('shift-leader', 'ioc'), 'major', true],
  ['shift leader, warning', subscriberOf('shift-leader', 'ioc'), 'warning', false],
  ['leader of the province reads', subscriberOf('leader', 'so-nnmt'), 'critical', false],
  ['administrator runs the system', subscriberOf('administrator', 'so-nnmt'), 'critical', false],
  ['auditor', subscriberOf('auditor', 'so-nnmt'), 'critical', false],
] as const)('a fired alert and the %s', (_, subscriber, severity, expected) => {
  for (const announcement of ['fired', 'refired', 'raised', 'unshelved', 'ended'] as const) {
    expect(concerns(announcement, changeOf('fired', { severity }), null, subscriber)).toBe(expected);
  }
});

test.each([
  ['the new unit is told', {}, { ...firing, unit: 'so-yt' }, 'chi', officer, true],
  ['the unit is asked once more', {}, firing, 'chi', officer, true],
  ['another person of the same unit is named: the others rest', { assignee: 'mai' }, firing, 'chi', officer, false],
  [
    'the person named is told, whatever the role',
    { assignee: 'vinh' },
    firing,
    'chi',
    subscriberOf('leader', 'x', 'vinh'),
    true,
  ],
  [
    'a new unit is told, also with a person named',
    { assignee: 'mai' },
    { ...firing, unit: 'so-yt' },
    'chi',
    officer,
    true,
  ],
  ['nothing known of before: better once too often', { assignee: 'mai' }, null, 'chi', officer, true],
  ['who did it knows', { assignee: 'lan' }, null, 'lan', officer, false],
  ['the old unit is not told', { unit: 'so-yt' }, firing, 'chi', officer, false],
  [
    'operators see it on the wall',
    { severity: 'critical' as const },
    null,
    'chi',
    subscriberOf('operator', 'ioc'),
    false,
  ],
])('assigned: %s', (_, alert, before, actor, subscriber, expected) => {
  expect(concerns('assigned', changeOf('assign', alert, { actor }), before, subscriber)).toBe(expected);
});

test('a worse alert is worth showing longer, and none for the four weeks that are the library’s default', () => {
  const lives = SEVERITIES.map(lifeOf);
  expect(lives).toEqual([...lives].sort((a, b) => b - a));
  expect(lives[0]).toBeLessThanOrEqual(12 * 3_600_000);
  expect(lives.at(-1)).toBeGreaterThanOrEqual(10 * 60_000);
});

test('a topic is 32 characters of base64url and tells alerts apart', () => {
  expect(topicOf('019a2c4e-0000-7000-8000-000000000001')).toMatch(/^[\w-]{32}$/);
  expect(topicOf('019a2c4e-0000-7000-8000-000000000001')).not.toBe(topicOf('019a2c4e-0000-7000-8000-000000000002'));
});
