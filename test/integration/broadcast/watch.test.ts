import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgeMessage, AlertMessage } from '#contract/live.ts';
import { collect, LiveHub, next, pause, watch } from './live-hub.ts';

let hub: LiveHub;
beforeEach(async () => {
  hub = new LiveHub();
  await hub.listen();
});
afterEach(() => hub.close());

describe('who may connect', () => {
  test('a stranger is refused, and told that trying again is of no use', async () => {
    const error = await next<Error & { data: unknown }>(hub.client('nobody'), 'connect_error');
    expect(error.data).toEqual({ code: 'unauthenticated' });
    expect(hub.broadcast.counters.refused).toBe(1);
  });

  test('the default namespace is no way round', async () => {
    const socket = hub.client('operator').io.socket('/', { auth: { token: 'operator' } });
    socket.connect();
    expect((await next<Error>(socket, 'connect_error')).message).toContain('/live');
  });

  test('more connections from one address than allowed are turned away, and a place that is left is free', async () => {
    const small = new LiveHub({ mostPerAddress: 1 });
    await small.listen();
    try {
      const first = small.client('operator');
      await next(first, 'connect');
      await next(small.client('operator'), 'connect_error');
      first.disconnect();
      await pause(100);
      await next(small.client('operator'), 'connect');
    } finally {
      await small.close();
    }
  });

  test('whose session ends is disconnected at once; others stay', async () => {
    const operator = hub.client('operator');
    const officer = hub.client('so-nnmt');
    await Promise.all([next(operator, 'age'), next(officer, 'age')]);
    hub.principals.delete('so-nnmt');
    const gone = next(officer, 'disconnect');
    hub.revoked();
    expect(await gone).toBe('io server disconnect');
    expect(operator.connected).toBe(true);
  });

  test('a changed role is a new identity: the old connection ends', async () => {
    const officer = hub.client('so-nnmt');
    await next(officer, 'age');
    hub.principals.set('so-nnmt', { kind: 'user', name: 'officer-so-nnmt', role: 'head', unit: 'so-nnmt' });
    const gone = next(officer, 'disconnect');
    hub.revoked();
    await gone;
  });
});

describe('alerts', () => {
  test('a first watch gets all that is open; the next changes come one by one, chained', async () => {
    hub.alert({ id: 'a' });
    hub.alert({ id: 'b', severity: 'critical' });
    hub.alert({ id: 'b', handling: 'closed' }, 'resolve');
    const socket = hub.client('operator');
    const reply = await watch(socket, { alerts: {} });
    expect(reply).toMatchObject({ seq: 3, snapshot: true, gone: [], omitted: 0 });
    expect(reply.alerts.map((alert) => alert.id)).toEqual(['a']);

    const messages = collect<AlertMessage>(socket, 'alert');
    hub.alert({ id: 'c' });
    hub.alert({ id: 'c', handling: 'acknowledged' }, 'acknowledge');
    await expect.poll(() => messages.length).toBe(2);
    expect(messages.map(({ seq, after, kind }) => [seq, after, kind])).toEqual([
      [4, 3, 'fired'],
      [5, 4, 'acknowledge'],
    ]);
  });

  test('with `since` only what changed after it comes, the newest state of each, oldest change first', async () => {
    hub.alert({ id: 'a' });
    hub.alert({ id: 'b' });
    hub.alert({ id: 'c', condition: 'pending' }, 'pending');
    hub.alert({ id: 'a', handling: 'acknowledged' }, 'acknowledge');
    hub.alert({ id: 'c' }, 'cancelled');
    const reply = await watch(hub.client('operator'), { since: 1 });
    expect(reply).toMatchObject({ seq: 5, snapshot: false, gone: ['c'] });
    expect(reply.alerts.map(({ id, seq }) => [id, seq])).toEqual([
      ['b', 2],
      ['a', 4],
    ]);
  });

  test('a number from another life of the hub is answered by a snapshot', async () => {
    hub.alert({ id: 'a' });
    expect(await watch(hub.client('operator'), { since: 99 })).toMatchObject({ seq: 1, snapshot: true });
  });

  test('a unit sees its own alerts alone, live, in a snapshot and since', async () => {
    const officer = hub.client('so-xd');
    await watch(officer, {});
    const messages = collect<AlertMessage>(officer, 'alert');
    hub.alert({ id: 'theirs', unit: 'so-nnmt' });
    hub.alert({ id: 'ours', unit: 'so-xd' });
    hub.alert({ id: 'theirs', unit: 'so-nnmt', handling: 'acknowledged' }, 'acknowledge');
    hub.alert({ id: 'ours', unit: 'so-xd', condition: 'recovering' }, 'recovering');
    await expect.poll(() => messages.length).toBe(2);
    // The numbers between are others' and not a gap to this client.
    expect(messages.map(({ seq, after, alert }) => [seq, after, alert.id])).toEqual([
      [2, 0, 'ours'],
      [4, 2, 'ours'],
    ]);
    const since = await watch(officer, { since: 0 });
    expect(JSON.stringify(since)).not.toContain('theirs');
    const whole = await watch(officer, {});
    expect(JSON.stringify(whole)).not.toContain('theirs');
    expect(await watch(officer, { alerts: { unit: 'so-nnmt' } })).toMatchObject({ alerts: [] });
  });

  test('on assignment the old unit learns that it is gone and the new unit that it came', async () => {
    const [old, fresh] = [hub.client('so-nnmt'), hub.client('so-xd')];
    hub.alert({ id: 'a' });
    const { seq } = await watch(old, {});
    await watch(fresh, {});
    const [left, came] = [collect<AlertMessage>(old, 'alert'), collect<AlertMessage>(fresh, 'alert')];
    hub.alert({ id: 'a', unit: 'so-xd', handling: 'assigned' }, 'assign');
    hub.alert({ id: 'a', handling: 'in-progress' }, 'report-status');
    await expect.poll(() => came.length).toBe(2);
    expect(left.map(({ kind, gone }) => [kind, gone])).toEqual([['assign', true]]);
    expect(came.map(({ kind, gone }) => [kind, gone])).toEqual([
      ['assign', false],
      ['report-status', false],
    ]);
    expect(await watch(old, { since: seq })).toMatchObject({ snapshot: false, alerts: [], gone: ['a'] });
  });

  test('a filter decides what comes, and what stops matching is said to be gone', async () => {
    const socket = hub.client('wall');
    await watch(socket, { alerts: { condition: 'firing,recovering', severity: 'critical' } });
    const messages = collect<AlertMessage>(socket, 'alert');
    hub.alert({ id: 'minor', severity: 'minor' });
    hub.alert({ id: 'worst', severity: 'critical' });
    hub.alert({ id: 'worst', condition: 'resolved' }, 'resolved');
    await expect.poll(() => messages.length).toBe(2);
    expect(messages.map(({ kind, after, gone }) => [kind, after, gone])).toEqual([
      ['fired', 0, false],
      ['resolved', 2, true],
    ]);
  });

  test.each([
    ['an unknown layer', { layers: [{ id: 'nothing' }] }],
    ['an impossible severity', { alerts: { severity: 'awful' } }],
    ['an area of three numbers', { alerts: { area: '1,2,3' } }],
    ['a bbox upside down', { layers: [{ id: 'water', bbox: [1, 9, 2, 8] }] }],
    ['seventeen layers', { layers: Array.from({ length: 17 }, () => ({ id: 'water' })) }],
    ['no object', 'all'],
  ])('%s is refused with a reason, and the connection stays', async (_, request) => {
    const socket = hub.client('operator');
    const reply = await watch(socket, request);
    expect(reply.error).toBe('invalid');
    expect(reply.reason).not.toBe('');
    expect(await watch(socket, {})).toMatchObject({ snapshot: true });
  });

  test('who asks without end is asked to wait', async () => {
    const socket = hub.client('operator');
    const replies = await Promise.all(Array.from({ length: 40 }, () => watch(socket, {})));
    const refused = replies.filter((reply) => reply.error === 'too-often').length;
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(25);
  });
});

test('a screen hears its own wall, and everybody the age of sources', async () => {
  const [screen, desk] = [hub.client('wall'), hub.client('operator')];
  const heardAtDesk = collect(desk, 'wall');
  expect(await next<AgeMessage>(screen, 'age')).toMatchObject({ sources: [], degraded: [], evaluation: false });
  await next<AgeMessage>(desk, 'age');
  const heard = next(screen, 'wall');
  hub.broadcast.wall({ wall: 'other', kind: 'scene' });
  hub.broadcast.wall({ wall: 'main', kind: 'unpaired' });
  expect(await heard).toEqual({ wall: 'main', kind: 'unpaired' });
  expect(heardAtDesk).toEqual([]);
});

test('a layer that a screen may not see does not exist for it', async () => {
  const reply = await watch(hub.client('wall'), { layers: [{ id: 'secret' }] });
  expect(reply.error).toBe('invalid');
  expect(await watch(hub.client('operator'), { layers: [{ id: 'secret' }] })).toMatchObject({ snapshot: true });
});

test('an error of ours is a refusal, not the end of the hub', async () => {
  const socket = hub.client('operator');
  hub.book.open = () => {
    throw new RangeError('a bug');
  };
  expect(await watch(socket, {})).toMatchObject({ error: 'unavailable' });
  expect(hub.warnings).toContain('a watch failed');
});
