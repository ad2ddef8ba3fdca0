import { beforeEach, describe, expect, test } from 'vitest';
import type { Alert, AlertCommand, JournalledCommand } from '#contract/alert.ts';
import { COMMANDS, type CommandType, ROLES, type Role } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';
import { CommandExecutor } from '../../../server/commands/executor.ts';
import { makeAlert } from '../../integration/http/fixtures.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z');
const alerts = new Map<string, Alert>([
  ['own', makeAlert('own', 'u1')],
  ['foreign', makeAlert('foreign', 'u2')],
]);
let submitted: JournalledCommand[] = [];
let refusal: { code: 'not-found' | 'not-allowed-now'; reason: string } | null = null;

const executor = new CommandExecutor({
  log: {
    submit: async (command) => {
      submitted.push(command);
      if (refusal) return { refused: refusal };
      const alert = { ...alerts.get(command.alert)!, seq: 99 };
      return { change: { seq: 99, at: NOW, kind: command.command.type, actor: command.actor, note: null, alert } };
    },
  },
  alerts,
  people: {
    unitExists: (unit) => unit === 'u1' || unit === 'u2',
    unitOfUser: (name) => (name === 'an' ? 'u1' : undefined),
  },
  now: () => NOW,
});

beforeEach(() => {
  submitted = [];
  refusal = null;
});

const COMMAND: Readonly<Record<CommandType, AlertCommand>> = {
  acknowledge: { type: 'acknowledge' },
  verify: { type: 'verify', result: 'confirmed' },
  assign: { type: 'assign', unit: 'u1' },
  'report-status': { type: 'report-status', status: 'in-progress' },
  comment: { type: 'comment', text: 'đã gọi trạm' },
  shelve: { type: 'shelve', until: '2026-11-23T05:00:00Z', reason: 'bảo trì' },
  unshelve: { type: 'unshelve' },
  resolve: { type: 'resolve' },
  reopen: { type: 'reopen' },
  publish: { type: 'publish' },
};

const person = (role: Role): Principal => ({ kind: 'user', name: role, role, unit: 'u1' });

async function outcome(principal: Principal, alert: string, command: unknown): Promise<string> {
  try {
    await executor.execute(principal, alert, command);
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Commands each role may give; for roles that act for a unit: on alerts of their own unit. */
const ALLOWED: Readonly<Record<Role, readonly CommandType[]>> = {
  administrator: COMMANDS,
  'shift-leader': COMMANDS,
  operator: COMMANDS.filter((command) => command !== 'publish'),
  'focal-point': ['acknowledge', 'verify', 'report-status', 'comment'],
  head: ['acknowledge', 'verify', 'assign', 'report-status', 'comment'],
  leader: ['comment'],
  auditor: [],
};
const BOUND_TO_UNIT: readonly Role[] = ['focal-point', 'head'];

describe('role × command × unit', () => {
  const rows = ROLES.flatMap((role) => COMMANDS.map((command) => [role, command] as const));
  test.each(rows)('%s, %s', async (role, command) => {
    const may = ALLOWED[role].includes(command);
    expect(await outcome(person(role), 'own', COMMAND[command])).toBe(may ? 'done' : 'forbidden');
    // For who is bound to a unit a foreign alert does not exist; for the others the unit makes no difference.
    const foreign = BOUND_TO_UNIT.includes(role) ? 'not-found' : may ? 'done' : 'forbidden';
    expect(await outcome(person(role), 'foreign', COMMAND[command])).toBe(foreign);
    expect(submitted).toHaveLength([may, foreign === 'done'].filter(Boolean).length);
  });

  test('a wall only shows, whatever it sends', async () => {
    for (const command of COMMANDS) {
      expect(await outcome({ kind: 'wall', name: 's', wall: 'main' }, 'own', COMMAND[command])).toBe('forbidden');
    }
    expect(submitted).toEqual([]);
  });

  test('machines act with the role of their token, under its name', async () => {
    const principal: Principal = { kind: 'token', name: 'phần mềm', role: 'focal-point', unit: 'u1' };
    expect(await outcome(principal, 'own', COMMAND.acknowledge)).toBe('done');
    expect(submitted[0]?.actor).toBe('token:phần mềm');
  });
});

describe('content', () => {
  const operator = person('operator');

  test.each([
    ['a text', 'x', [{ at: '/type' }]],
    ['an unknown type', { type: 'explode' }, [{ at: '/type' }]],
    ['a comment without text', { type: 'comment' }, [{ at: '/text', reason: 'is missing' }]],
    ['an empty comment', { type: 'comment', text: '' }, [{ at: '/text' }]],
    ['an unknown result', { type: 'verify', result: 'maybe' }, [{ at: '/result' }]],
    ['a shelf into the past', { type: 'shelve', until: '2026-11-23T02:00:00Z', reason: 'x' }, [{ at: '/until' }]],
    ['an unknown unit', { type: 'assign', unit: 'u9' }, [{ at: '/unit' }]],
    ['a person of another unit', { type: 'assign', unit: 'u2', user: 'an' }, [{ at: '/user' }]],
    ['an unknown person', { type: 'assign', unit: 'u1', user: 'nobody' }, [{ at: '/user' }]],
  ])('%s is refused before the journal, saying where', async (_what, command, errors) => {
    await expect(executor.execute(operator, 'own', command)).rejects.toMatchObject({ code: 'invalid-request', errors });
    expect(submitted).toEqual([]);
  });

  test('text becomes NFC', async () => {
    await executor.execute(operator, 'own', { type: 'comment', text: 'lũ quét'.normalize('NFD') });
    expect(submitted[0]?.command).toEqual({ type: 'comment', text: 'lũ quét'.normalize('NFC') });
  });

  test('a head hands on within the unit, and loads no other with work', async () => {
    expect(await outcome(person('head'), 'own', { type: 'assign', unit: 'u1', user: 'an' })).toBe('done');
    expect(await outcome(person('head'), 'own', { type: 'assign', unit: 'u2' })).toBe('forbidden');
    expect(await outcome(operator, 'own', { type: 'assign', unit: 'u2' })).toBe('done');
  });
});

describe('the journal’s answer', () => {
  test('is the alert, or why not', async () => {
    expect(await executor.execute(person('operator'), 'own', COMMAND.resolve)).toMatchObject({ id: 'own', seq: 99 });
    refusal = { code: 'not-allowed-now', reason: 'it is closed' };
    await expect(executor.execute(person('operator'), 'own', COMMAND.resolve)).rejects.toMatchObject({
      code: 'not-allowed-now',
      message: 'it is closed',
    });
    refusal = { code: 'not-found', reason: 'gone' };
    expect(await outcome(person('operator'), 'own', COMMAND.resolve)).toBe('not-found');
    expect(await outcome(person('operator'), 'nowhere', COMMAND.resolve)).toBe('not-found');
  });

  test('the same key is the same command, for this person and this alert alone', async () => {
    const id = async (role: Role, alert: string, idempotencyKey?: string) => {
      await executor.execute(person(role), alert, COMMAND.acknowledge, { idempotencyKey });
      return submitted.at(-1)!.id;
    };
    const first = await id('operator', 'own', 'k');
    expect(await id('operator', 'own', 'k')).toBe(first);
    const others = [
      await id('operator', 'own', 'k2'),
      await id('operator', 'foreign', 'k'),
      await id('shift-leader', 'own', 'k'),
      await id('operator', 'own'),
      await id('operator', 'own'),
    ];
    expect(new Set([first, ...others]).size).toBe(6);
  });
});
