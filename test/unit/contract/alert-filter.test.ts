import { expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { alertMatcher } from '#contract/alert-filter.ts';
import type { AlertFilter } from '#contract/live.ts';
import { newAlert } from '../../integration/broadcast/live-hub.ts';

const at = (longitude: number, latitude: number): Partial<Alert> => ({
  location: { type: 'Point', coordinates: [longitude, latitude] },
});

test.each<[string, AlertFilter, Partial<Alert>, boolean]>([
  ['no filter', {}, {}, true],
  ['empty parts say nothing', { severity: '', unit: '' }, {}, true],
  ['one of several', { severity: 'critical, major' }, { severity: 'major' }, true],
  ['none of several', { severity: 'critical,major' }, { severity: 'minor' }, false],
  ['all parts must hold', { severity: 'major', condition: 'resolved' }, { severity: 'major' }, false],
  ['condition', { condition: 'resolved' }, { condition: 'resolved' }, true],
  ['unit is a whole word', { unit: 'so' }, { unit: 'so-xd' }, false],
  ['rule', { rule: 'flood' }, { rule: 'flood' }, true],
  ['inside the area', { area: '104,18,106,20' }, at(105, 19), true],
  ['on its edge', { area: '104,18,106,20' }, at(106, 18), true],
  ['east of it', { area: '104,18,106,20' }, at(106.1, 19), false],
  ['north of it', { area: '104,18,106,20' }, at(105, 20.1), false],
  ['nowhere is in no area', { area: '-180,-90,180,90' }, { location: null }, false],
  ['across the antimeridian, west part', { area: '170,-10,-170,10' }, at(175, 0), true],
  ['across the antimeridian, east part', { area: '170,-10,-170,10' }, at(-175, 0), true],
  ['the other side of the world', { area: '170,-10,-170,10' }, at(0, 0), false],
  ['from this instant', { from: '2026-11-23T00:00:00Z' }, {}, true],
  ['from a later one', { from: '2026-11-23T00:00:01Z' }, {}, false],
  ['to is not included', { to: '2026-11-23T00:00:00Z' }, {}, false],
  ['to a later one', { to: '2026-11-23T07:00:01+07:00' }, {}, true],
])('%s', (_, filter, alert, matches) => {
  expect(alertMatcher(filter)({ ...newAlert('a'), ...alert })).toBe(matches);
});
