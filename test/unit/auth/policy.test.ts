import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';
import { actorOf, allows, isPolicy, POLICIES, type PolicyName, unitsOf } from '../../../server/auth/policy.ts';

const person = (role: Role, unit: string | null = null): Principal => ({ kind: 'user', name: role, role, unit });
const wall: Principal = { kind: 'wall', name: 'screen-1', wall: 'main' };

type Row = readonly [policy: PolicyName, all: readonly Role[], own: readonly Role[], wall: boolean, because: string];

const CENTRE: readonly Role[] = ['administrator', 'shift-leader', 'operator'];
const UNIT: readonly Role[] = ['focal-point', 'head'];
const OVERVIEW: readonly Role[] = [...CENTRE, 'leader', 'auditor'];

const TRUTH: readonly Row[] = [
  ['alerts:read', OVERVIEW, UNIT, true, 'the centre and its overseers see all, a unit what it answers for'],
  ['alerts:acknowledge', CENTRE, UNIT, false, 'who is called answers; a wall only shows'],
  ['alerts:verify', CENTRE, UNIT, false, 'the unit on the spot knows whether it is true (R29)'],
  ['alerts:assign', CENTRE, ['head'], false, 'a head distributes within the unit, a focal point does not'],
  ['alerts:report-status', CENTRE, UNIT, false, 'units report their processing (R24)'],
  ['alerts:comment', [...CENTRE, 'leader'], UNIT, false, 'a leader may ask, an auditor stays outside'],
  ['alerts:shelve', CENTRE, [], false, 'silence is the centre’s decision: no unit hushes its own alarm'],
  ['alerts:unshelve', CENTRE, [], false, 'as shelving'],
  ['alerts:resolve', CENTRE, [], false, 'a unit reports done, the centre closes'],
  ['alerts:reopen', CENTRE, [], false, 'as resolving'],
  ['alerts:publish', ['administrator', 'shift-leader'], [], false, 'one who answers for the shift speaks outwards'],
  ['samples:write', ['administrator'], ['focal-point'], false, 'a unit sends its own data, nobody invents another’s'],
  ['sources:write', CENTRE, ['focal-point'], false, 'the centre guides units, units connect themselves (R12)'],
  ['units:write', ['administrator'], [], false, 'the unit tree is the province’s'],
  ['users:write', ['administrator'], [], false, 'accounts are the administrator’s'],
  ['users:read', ['administrator', 'shift-leader', 'auditor'], ['head'], false, 'a head knows their own people'],
  ['tokens:write', ['administrator'], [], false, 'machine rights are the administrator’s'],
  ['tokens:read', ['administrator', 'auditor'], [], false, 'an auditor sees who has access'],
  ['audit:read', ['administrator', 'auditor'], [], false, 'the trail is for who checks, not for who is checked'],
  ['metrics:read', ['administrator', 'auditor'], [], false, 'figures of operation'],
  ['quarantine:read', [...CENTRE, 'auditor'], UNIT, false, 'a unit mends its own messages'],
  ['deliveries:read', [...CENTRE, 'auditor'], UNIT, false, 'who was reached, for what one answers for'],
  ['walls:pair', CENTRE, [], false, 'walls belong to the centre'],
  ['layers:read', ROLES, [], true, 'the map is for all'],
  ['rules:read', ROLES, [], false, 'rules are no secret among staff; a wall does not need them'],
  ['rules:lint', CENTRE, [], false, 'costs the hub work'],
];

describe('the table says', () => {
  test.each(TRUTH)('%s: all %j, own unit %j, wall %s (%s)', (policy, all, own, wallToo) => {
    for (const role of ROLES) {
      const mine = { unit: 'u1' };
      const foreign = { unit: 'u2' };
      expect([role, allows(person(role, 'u1'), policy, foreign)]).toEqual([role, all.includes(role)]);
      expect([role, allows(person(role, 'u1'), policy, mine)]).toEqual([
        role,
        all.includes(role) || own.includes(role),
      ]);
    }
    expect(allows(wall, policy)).toBe(wallToo);
    expect(allows(null, policy)).toBe(false);
  });

  test('something about every alert command, and nothing public but what is named so', () => {
    expect(Object.entries(POLICIES).filter(([, rule]) => 'public' in rule)).toEqual([['public', expect.anything()]]);
  });
});

describe('own unit', () => {
  test('is nothing for a person without one, and does not cover things without one', () => {
    expect(allows(person('focal-point', null), 'alerts:read', { unit: 'u1' })).toBe(false);
    expect(allows(person('focal-point', 'u1'), 'alerts:read', { unit: null })).toBe(false);
    expect(unitsOf(person('focal-point', null), 'alerts:read')).toEqual([]);
  });

  test('confines lists', () => {
    expect(unitsOf(person('focal-point', 'u1'), 'alerts:read')).toEqual(['u1']);
    expect(unitsOf(person('operator'), 'alerts:read')).toBeNull();
    expect(unitsOf(person('auditor'), 'alerts:shelve')).toEqual([]);
    expect(unitsOf(null, 'alerts:read')).toEqual([]);
  });
});

test('machines are not people: no token makes tokens, pairs walls or owns a phone', () => {
  const machine: Principal = { kind: 'token', name: 'backup', role: 'administrator', unit: null };
  for (const policy of ['tokens:write', 'walls:pair', 'push:own', 'password:own'] as const) {
    expect(allows(machine, policy)).toBe(false);
    expect(allows(person('administrator'), policy)).toBe(true);
  }
  expect(allows(machine, 'users:write')).toBe(true);
});

test('names', () => {
  expect(isPolicy('alerts:read')).toBe(true);
  for (const name of ['alerts:invent', 'toString', '__proto__', undefined]) expect(isPolicy(name)).toBe(false);
  expect(actorOf(person('operator'))).toBe('operator');
  expect(actorOf({ kind: 'token', name: 'x', role: 'auditor', unit: null })).toBe('token:x');
  expect(actorOf(wall)).toBe('wall:screen-1');
});
