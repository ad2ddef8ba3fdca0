import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureKind, StoreUnavailable } from '../../../server/store/errors.ts';
import { Caller, type CallerOptions, type ToWorker, toWire } from '../../../server/store/rpc.ts';
import { isNewEnough } from '../../../server/store/server-check.ts';
import { Turns } from '../../../server/store/turns.ts';

describe('turns on one connection', () => {
  /** Starts all at once, in this order, and returns the order in which they ran. */
  async function run(kinds: readonly ('write' | 'read')[], again: ('write' | 'read')[] = []): Promise<string> {
    const turns = new Turns();
    const ran: string[] = [];
    const take = (kind: 'write' | 'read'): Promise<void> =>
      turns.take(kind, async () => {
        await Promise.resolve();
        ran.push(kind === 'write' ? 'W' : 'r');
        const next = again.shift();
        if (next !== undefined) later.push(take(next));
      });
    const later: Promise<void>[] = [];
    await Promise.all(kinds.map(take));
    while (later.length > 0) await later.shift();
    return ran.join('');
  }

  test.each([
    ['rr', 'rr', 'nobody in the way'],
    ['WrrW', 'WrrW', 'who asked during a write goes before the next'],
    ['WWr', 'WrW', 'a query waits for one write only, though another write stood before it'],
    ['rWrr', 'rWrr', 'a waiting write is not put off by queries that came after it'],
  ] as const)('%s runs as %s: %s', async (asked, order, _reason) => {
    const kinds = [...asked].map((letter) => (letter === 'W' ? 'write' : 'read') as 'write' | 'read');
    expect(await run(kinds)).toBe(order);
  });

  test('queries without end do not starve the writer', async () => {
    // Each turn asks for one more query; the two that stood there when the first write ended go before the second.
    const order = await run(['write', 'read', 'write'], Array(10).fill('read'));
    expect(order.slice(0, 4)).toBe('WrrW');
  });

  test('a failure passes the turn on', async () => {
    const turns = new Turns();
    const failing = turns.take('write', () => Promise.reject(new Error('lost')));
    const next = turns.take('read', async () => 'ran');
    await expect(failing).rejects.toThrow('lost');
    expect(await next).toBe('ran');
  });
});

describe('calls from main', () => {
  let posted: ToWorker[];
  beforeEach(() => {
    posted = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());
  const caller = (options: Partial<CallerOptions> = {}) =>
    new Caller({ post: (message) => posted.push(message), obstacle: () => null, most: 2, deadline: 1000, ...options });

  test('answers find their call, in any order', async () => {
    const calls = caller();
    const { units } = calls.client();
    const [first, second] = [units.load(), units.load()];
    calls.settle({ kind: 'result', id: 2, value: ['b'] });
    calls.settle({ kind: 'result', id: 1, value: ['a'] });
    expect([await first, await second]).toEqual([['a'], ['b']]);
    expect(posted[0]).toEqual({ kind: 'call', id: 1, area: 'units', name: 'load', args: [] });
  });

  test('one too many is refused at once, and there is room again after an answer', async () => {
    const calls = caller();
    const { units } = calls.client();
    const first = units.load();
    void units.load().catch(() => undefined);
    await expect(units.load()).rejects.toMatchObject({ code: 'store-busy' });
    calls.settle({ kind: 'result', id: 1, value: [] });
    await first;
    void units.load().catch(() => undefined);
    expect(calls.inFlight).toBe(2);
    calls.failAll(new StoreUnavailable('store-down', 'end of test'));
  });

  test('no answer in time is a failure, and a late one is not mistaken for another', async () => {
    const calls = caller();
    const first = calls.client().units.load();
    const told = expect(first).rejects.toMatchObject({ code: 'store-timeout' });
    vi.advanceTimersByTime(1000);
    await told;
    expect(() => calls.settle({ kind: 'result', id: 1, value: [] })).not.toThrow();
    expect(calls.inFlight).toBe(0);
  });

  test('while the database is known to be down nothing is even sent', async () => {
    const { units } = caller({ obstacle: () => new StoreUnavailable('store-down', 'away') }).client();
    await expect(units.load()).rejects.toMatchObject({ code: 'store-down', message: 'away' });
    expect(posted).toEqual([]);
  });

  test('errors keep their kind and code on the way', async () => {
    const calls = caller();
    const call = calls.client().units.load();
    calls.settle({ kind: 'error', id: 1, error: toWire(new StoreUnavailable('store-timeout', 'slow')) });
    await expect(call).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(call).rejects.toMatchObject({ code: 'store-timeout', message: 'slow' });
  });
});

test.each([
  ['ECONNREFUSED', 'connection', 'nobody listens'],
  ['ENOENT', 'connection', 'the Unix socket is gone'],
  ['57P01', 'connection', 'the server shuts down'],
  ['25006', 'connection', 'a standby took over the address'],
  ['40P01', 'transient', 'deadlock: the same again will pass'],
  ['53100', 'transient', 'disk full: nothing is wrong with the rows'],
  ['57014', 'transient', 'the statement took too long'],
  ['22008', 'data', 'a time out of range'],
  ['22P05', 'data', 'a character that has no room'],
  ['23502', 'data', 'a null where none may be'],
  ['23505', 'conflict', 'it exists'],
  ['42P01', 'schema', 'no table: no row is to blame, so none may be thrown out'],
  ['42501', 'schema', 'no right: likewise'],
  ['XX000', 'other', 'internal'],
])('%s is a matter of %s: %s', (code, kind) => {
  expect(failureKind(Object.assign(new Error('x'), { code }))).toBe(kind);
});

test.each([
  ['Connection terminated unexpectedly', 'connection'],
  ['Query read timeout', 'connection'],
  ['timeout exceeded when trying to connect', 'connection'],
  ["Cannot read properties of undefined (reading 'id')", 'other'],
])('an error without a code: %s', (message, kind) => {
  expect(failureKind(new Error(message))).toBe(kind);
});

test.each([
  ['2.14.0', true],
  ['2.13.9', false],
  ['2.23.0-dev', true],
  ['3.0.0', true],
  ['1.99.0', false],
])('TimescaleDB %s', (version, enough) => {
  expect(isNewEnough(version)).toBe(enough);
});
