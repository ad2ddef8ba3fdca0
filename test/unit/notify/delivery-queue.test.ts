import { beforeEach, expect, test } from 'vitest';
import type { Delivery } from '#contract/push.ts';
import { DeliveryQueue, type Job, type QueueOptions } from '../../../server/notify/delivery-queue.ts';
import type { Attempt } from '../../../server/notify/ports.ts';
import { AT, subscriptionOf } from './alert-sample.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

const HOUR = 3_600_000;
const answer = (
  result: Attempt['result'],
  status: number | null = null,
  retryAfterMs: number | null = null,
): Attempt => ({
  result,
  status,
  detail: null,
  retryAfterMs,
});
const ACCEPTED = answer('accepted', 201);

let clock: VirtualClock;
let recorded: Delivery[];
let sent: { phone: string; tag: string; seq: number; at: number }[];
let settled: string[];
let forgotten: string[];
let removed: Set<string>;
/** Answers by phone, in order; after them everything is accepted. */
let script: Map<string, Attempt[]>;
/** While set, answers wait until they are let go. */
let gate: (() => void)[] | null;

beforeEach(() => {
  clock = new VirtualClock(AT);
  [recorded, sent, settled, forgotten] = [[], [], [], []];
  [removed, script, gate] = [new Set(), new Map(), null];
});

function queueWith(options: Partial<QueueOptions> = {}): DeliveryQueue {
  return new DeliveryQueue({
    receiver: {
      async send(subscription, push) {
        const [tag = '', seq] = push.payload.split(' ');
        sent.push({ phone: subscription.id, tag, seq: Number(seq), at: clock.now() - AT });
        if (gate) await new Promise<void>((resolve) => gate?.push(resolve));
        return script.get(subscription.id)?.shift() ?? ACCEPTED;
      },
    },
    subscribers: { all: () => [], has: (id) => !removed.has(id), forget: (id) => void forgotten.push(id) },
    deliveries: { record: (delivery) => void recorded.push(delivery) },
    clock,
    random: () => 1,
    ...options,
  });
}

function jobOf(phone: string, tag: string, seq: number, parts: Partial<Job> = {}): Job {
  return {
    id: `${seq}-${phone}`,
    tag,
    alert: tag,
    seq,
    subscription: subscriptionOf(phone),
    push: { payload: `${tag} ${seq}`, urgency: 'high', topic: tag, expiresAt: clock.now() + HOUR },
    rank: 1,
    queuedAt: clock.now(),
    settled: () => void settled.push(`${seq}-${phone}`),
    attempts: 0,
    last: null,
    ...parts,
  };
}
const states = () => recorded.map(({ id, state, attempts }) => `${id} ${state} ${attempts}`);

test('an accepted push is recorded once, with what the service said', async () => {
  const queue = queueWith();
  queue.add(jobOf('p', 'a', 7));
  await clock.advance(0);
  expect(recorded).toEqual([
    {
      id: '7-p',
      alert: 'a',
      seq: 7,
      subscription: 'p',
      username: 'p',
      state: 'accepted',
      attempts: 1,
      status: 201,
      detail: null,
      queuedAt: new Date(AT).toISOString(),
      finishedAt: new Date(AT).toISOString(),
    },
  ]);
  expect(settled).toEqual(['7-p']);
  expect([queue.waiting, queue.inFlight]).toEqual([0, 0]);
});

test('a service in trouble is tried ever more rarely until it recovers; the first failure and the end are told', async () => {
  script.set('p', [answer('retry', 500), answer('retry'), answer('retry', 503)]);
  queueWith().add(jobOf('p', 'a', 1));
  await clock.advance(20_000);
  expect(sent.map(({ at }) => at)).toEqual([0, 1_000, 3_000, 7_000]);
  expect(states()).toEqual(['1-p retrying 1', '1-p accepted 4']);
});

test('Retry-After is honoured when it is longer than our own patience', async () => {
  script.set('p', [answer('retry', 429, 90_000), answer('retry', 429, 10)]);
  queueWith().add(jobOf('p', 'a', 1));
  await clock.advance(100_000);
  expect(sent.map(({ at }) => at)).toEqual([0, 90_000, 92_000]);
});

test('while a service asks for peace nothing else goes to that phone, but to the others', async () => {
  script.set('p', [answer('retry', 429, 30_000)]);
  const queue = queueWith();
  queue.add(jobOf('p', 'a', 1));
  await clock.advance(10);
  queue.add(jobOf('p', 'b', 2));
  queue.add(jobOf('q', 'b', 2));
  await clock.advance(60_000);
  expect(sent.map(({ phone, tag, at }) => `${phone}${tag}${at}`)).toEqual(['pa0', 'qb10', 'pa30000', 'pb30000']);
});

test('a notice is given up when it has lost its worth', async () => {
  script.set('p', Array(200).fill(answer('retry', 503)));
  queueWith().add(jobOf('p', 'a', 1, { push: { ...jobOf('p', 'a', 1).push, expiresAt: AT + 60_000 } }));
  await clock.advance(HOUR);
  expect(states().at(-1)).toMatch(/^1-p expired \d/);
  expect(sent.at(-1)!.at).toBeLessThan(60_000);
  expect(settled).toEqual(['1-p']);
  expect(clock.nextIn()).toBeNull();
});

test('a wait beyond the worth of the notice is not waited', async () => {
  script.set('p', [answer('retry', 429, 2 * HOUR)]);
  queueWith().add(jobOf('p', 'a', 1));
  await clock.advance(0);
  expect(states()).toEqual(['1-p expired 1']);
  expect(recorded[0]?.status).toBe(429);
});

test('what is refused is not tried again', async () => {
  script.set('p', [answer('refused', 413)]);
  queueWith().add(jobOf('p', 'a', 1));
  await clock.advance(HOUR);
  expect(sent).toHaveLength(1);
  expect(states()).toEqual(['1-p failed 1']);
});

test('a subscription that is gone is forgotten, with all that waits for it', async () => {
  script.set('p', [answer('gone', 410)]);
  const queue = queueWith();
  queue.add(jobOf('p', 'a', 1));
  queue.add(jobOf('p', 'b', 2));
  await clock.advance(0);
  expect(forgotten).toEqual(['p']);
  expect(states()).toEqual(['1-p gone 1', '2-p gone 0']);
  expect(sent).toHaveLength(1);
});

test('after logout nothing goes out, though it was queued', async () => {
  script.set('p', [answer('retry', 500)]);
  const queue = queueWith();
  queue.add(jobOf('p', 'a', 1));
  await clock.advance(10);
  removed.add('p');
  await clock.advance(HOUR);
  expect(sent).toHaveLength(1);
  expect(states()).toEqual(['1-p retrying 1', '1-p gone 1']);
});

test('of one alert only the newest goes out', async () => {
  gate = [];
  const queue = queueWith();
  queue.add(jobOf('p', 'x', 1));
  for (const seq of [2, 3, 4]) queue.add(jobOf('p', 'a', seq));
  queue.add(jobOf('p', 'b', 5));
  while (gate.length > 0 || queue.waiting > 0) {
    gate.shift()?.();
    await settle();
  }
  expect(sent.map(({ tag, seq }) => tag + seq)).toEqual(['x1', 'a4', 'b5']);
  // What never went out never was a push; it is counted, and its position let go.
  expect(states()).toEqual(['1-p accepted 1', '4-p accepted 1', '5-p accepted 1']);
  expect(queue.counters.superseded).toBe(2);
  expect(settled.sort()).toEqual(['1-p', '2-p', '3-p', '4-p', '5-p']);
});

test('a push that failed and has a successor is closed in the record, and not tried again', async () => {
  gate = [];
  script.set('p', [answer('retry', 500)]);
  const queue = queueWith();
  queue.add(jobOf('p', 'a', 1));
  queue.add(jobOf('p', 'a', 2));
  gate.shift()?.();
  gate = null;
  await clock.advance(5_000);
  expect(sent.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(states()).toEqual(['1-p expired 1', '2-p accepted 1']);
  expect(recorded[0]?.detail).toBe('replaced by change 2');
});

test('one phone at a time, the worst first, the older first of two alike', async () => {
  gate = [];
  const queue = queueWith();
  queue.add(jobOf('p', 'first', 1, { rank: 4 }));
  queue.add(jobOf('p', 'minor', 2, { rank: 2 }));
  queue.add(jobOf('p', 'critical', 3, { rank: 0 }));
  queue.add(jobOf('p', 'minor-too', 4, { rank: 2 }));
  expect(queue.inFlight).toBe(1);
  while (gate.length > 0) {
    gate.shift()?.();
    await settle();
    expect(queue.inFlight).toBeLessThanOrEqual(1);
  }
  expect(sent.map(({ tag }) => tag)).toEqual(['first', 'critical', 'minor', 'minor-too']);
});

test('no more are under way at once than allowed, and no phone waits for another’s second', async () => {
  gate = [];
  const queue = queueWith({ concurrency: 3 });
  for (let phone = 0; phone < 10; phone++) {
    queue.add(jobOf(`p${phone}`, 'a', 1));
    queue.add(jobOf(`p${phone}`, 'b', 2));
  }
  expect([queue.inFlight, queue.waiting]).toEqual([3, 17]);
  while (gate.length > 0) {
    gate.shift()?.();
    await settle();
    expect(queue.inFlight).toBeLessThanOrEqual(3);
  }
  expect(sent.slice(0, 10).map(({ seq }) => seq)).toEqual(Array(10).fill(1));
  expect(sent).toHaveLength(20);
});

test('at its bound a phone’s queue drops the least severe, the oldest of them, and says so', async () => {
  gate = [];
  const queue = queueWith({ perSubscription: 3 });
  queue.add(jobOf('p', 'under-way', 1));
  for (const [index, rank] of [2, 4, 4, 0, 1].entries()) queue.add(jobOf('p', `t${index}`, index + 2, { rank }));
  expect(queue.waiting).toBe(3);
  expect(queue.counters.dropped).toBe(2);
  expect(states()).toEqual(['3-p failed 0', '4-p failed 0']);
  expect(recorded[0]?.detail).toBe('too many notices were waiting');
});

test('the whole queue is bounded too', () => {
  gate = [];
  const queue = queueWith({ concurrency: 1, capacity: 5 });
  for (let phone = 0; phone < 100; phone++) queue.add(jobOf(`p${phone}`, 'a', 1));
  expect(queue.waiting).toBe(5);
  expect(queue.counters.dropped).toBe(94);
});

test('stopping waits for what is under way and starts nothing more', async () => {
  gate = [];
  script.set('p', [answer('retry', 500)]);
  const queue = queueWith();
  queue.add(jobOf('p', 'a', 1));
  queue.add(jobOf('p', 'b', 2));
  let stopped = false;
  const stopping = queue.stop().then(() => {
    stopped = true;
  });
  await settle();
  expect(stopped).toBe(false);
  gate.shift()?.();
  await stopping;
  await clock.advance(HOUR);
  expect(sent).toHaveLength(1);
  expect(settled).toEqual([]);
});
