import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { AlertCommand } from '#contract/alert.ts';
import { AUTHENTICITIES, CONDITIONS, HANDLINGS, ROLES } from '#contract/names.ts';
import { allows, type PolicyName } from '../../../../server/auth/policy.ts';
import {
  commandOf,
  DRAFT_FIELDS,
  type Draft,
  emptyDraft,
  missingFields,
  SHELVE_MINUTES,
  STATUSES,
  VERIFY_RESULTS,
} from '../../../../wall-client/views/desk/command-draft.ts';
import { commandOptions, DESK_COMMANDS, likelyNext } from '../../../../wall-client/views/desk/command-options.ts';
import { isUnitOfficer, tabsFor } from '../../../../wall-client/views/desk/desk-tabs.ts';

const person = (role: (typeof ROLES)[number]) => ({ kind: 'user' as const, name: 'a', role, unit: 'so-nnmt' });
const axes = { condition: 'firing', handling: 'new', authenticity: 'unverified', suppressed: null } as const;
const SHELF = { why: 'x', by: 'y', until: '2026-11-23T10:00:00Z' };

describe('what a person is offered', () => {
  test('is what the hub would let the role do, no more and no less', () => {
    const states = CONDITIONS.flatMap((condition) =>
      HANDLINGS.flatMap((handling) =>
        AUTHENTICITIES.flatMap((authenticity) =>
          [null, SHELF].map((suppressed) => ({ condition, handling, authenticity, suppressed })),
        ),
      ),
    );
    for (const role of ROLES) {
      const ever = new Set(states.flatMap((state) => commandOptions(person(role), state)));
      for (const command of DESK_COMMANDS) {
        const allowed = allows(person(role), `alerts:${command}` as PolicyName, { unit: 'so-nnmt' });
        expect(ever.has(command), `${role} ${command}`).toBe(allowed);
      }
    }
  });

  test.each<[Partial<Parameters<typeof commandOptions>[1]>, (typeof DESK_COMMANDS)[number], boolean, string]>([
    [{}, 'acknowledge', true, 'nobody took it yet'],
    [{ handling: 'acknowledged' }, 'acknowledge', false, 'somebody did'],
    [{ condition: 'resolved' }, 'acknowledge', true, 'ended unseen waits for somebody to see it'],
    [{ handling: 'closed' }, 'resolve', false, 'over'],
    [{ handling: 'closed' }, 'reopen', true, 'over, and may begin again'],
    [{}, 'reopen', false, 'not over'],
    [{ suppressed: SHELF }, 'shelve', false, 'is shelved'],
    [{ suppressed: SHELF }, 'unshelve', true, 'is shelved'],
    [{}, 'unshelve', false, 'is not shelved'],
    [{ handling: 'done' }, 'report-status', false, 'the unit reported it done'],
  ])('%o %s: %s', (more, command, offered) => {
    expect(commandOptions(person('administrator'), { ...axes, ...more }).includes(command)).toBe(offered);
  });

  test('a wall and a stranger are offered nothing', () => {
    expect(commandOptions(null, axes)).toEqual([]);
    expect(commandOptions({ kind: 'wall', name: 's1', wall: 'main' }, axes)).toEqual([]);
  });

  test('the likely next is first to acknowledge, then to report', () => {
    expect(likelyNext(['comment', 'report-status', 'acknowledge'])).toBe('acknowledge');
    expect(likelyNext(['comment', 'report-status'])).toBe('report-status');
    expect(likelyNext(['comment'])).toBeNull();
  });
});

describe('the parts of the desk', () => {
  const NEEDS = {
    connect: 'sources:write',
    quarantine: 'quarantine:read',
    screens: 'walls:pair',
    people: 'users:read',
  } as const;
  test.each(ROLES)('%s sees those the hub would answer', (role) => {
    for (const [tab, policy] of Object.entries(NEEDS)) {
      expect(tabsFor(person(role)).includes(tab as keyof typeof NEEDS), tab).toBe(allows(person(role), policy));
    }
  });

  test('officers of a unit are those the hub confines to it', () => {
    expect(ROLES.filter((role) => isUnitOfficer(person(role)))).toEqual(['focal-point', 'head']);
  });
});

describe('a filled-in form', () => {
  const NOW = Date.parse('2026-11-23T03:00:00Z');

  test('gives a command of the contract, whatever was chosen', () => {
    for (const type of DESK_COMMANDS) {
      for (const status of STATUSES) {
        for (const result of VERIFY_RESULTS) {
          for (const minutes of SHELVE_MINUTES) {
            const draft: Draft = {
              status,
              result,
              span: String(minutes),
              unit: 'so-nnmt',
              user: 'an',
              text: 'Đã gọi điện',
            };
            const command = commandOf(type, draft, NOW);
            expect(Value.Check(AlertCommand, command), JSON.stringify(command)).toBe(true);
            expect(command.type).toBe(type);
          }
        }
      }
    }
  });

  test('an untouched form is complete or says what is missing', () => {
    for (const type of DESK_COMMANDS) {
      const draft = emptyDraft('so-nnmt');
      const missing = missingFields(type, draft);
      const valid = Value.Check(AlertCommand, commandOf(type, draft, NOW));
      expect(missing.length === 0, type).toBe(valid);
      for (const field of missing) expect(DRAFT_FIELDS[type]).toContain(field);
    }
  });

  test('refusing a task needs its reason, though the contract would take it without', () => {
    expect(missingFields('report-status', { status: 'refused', text: '  ' })).toEqual(['text']);
    expect(missingFields('report-status', { status: 'done' })).toEqual([]);
  });

  test('a shelf ends so many minutes from the hub’s now', () => {
    expect(commandOf('shelve', { span: '30', text: 'bảo trì' }, NOW)).toEqual({
      type: 'shelve',
      until: '2026-11-23T03:30:00.000Z',
      reason: 'bảo trì',
    });
  });
});
