import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Alert, AlertChange } from '#contract/alert.ts';
import type { Delivery } from '#contract/push.ts';
import { openEnvironment } from '../../../server/journal/environment.ts';
import { type Journal, openJournal } from '../../../server/journal/journal.ts';
import { Notifier } from '../../../server/notify/notifier.ts';
import type { Subscriber } from '../../../server/notify/ports.ts';
import { loadVapidKeys, type VapidKeys } from '../../../server/notify/receivers/vapid.ts';
import { WebPushReceiver } from '../../../server/notify/receivers/web-push.ts';
import { systemClock } from '../../../server/notify/system-clock.ts';
import { PushService } from '../../support/push-service.ts';
import { alertOf, changeOf, subscriberOf } from '../../unit/notify/alert-sample.ts';

let dir: string;
let vapid: VapidKeys;
let service: PushService;
let journal: Journal;
let notifier: Notifier;
let subscribers: Subscriber[];
let warnings: string[];
let seq: number;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'notify-'));
  vapid = await loadVapidKeys(dir, 'mailto:ioc@nghean.example');
  service = await PushService.start();
});
afterAll(async () => {
  await service.close();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  await rm(join(dir, 'journal'), { recursive: true, force: true });
  journal = openJournal({ path: join(dir, 'journal'), maxBytes: 2 ** 26 });
  [subscribers, warnings, seq] = [[], [], 0];
  service.received.length = 0;
  service.script([]);
});
afterEach(async () => {
  await notifier.stop();
  await journal.close();
});

function startNotifier(): void {
  const receiver = new WebPushReceiver({
    vapid,
    allowedHosts: ['127.0.0.1'],
    clock: systemClock,
    deadlineMs: 500,
    agent: service.agent(),
  });
  const mine = new Notifier({
    feed: {
      readOutcome: (after, max) => journal.readOutcome(after, max),
      firstOutcome: () => journal.firstOutcome(),
      lastOutcome: () => journal.lastOutcome(),
      position: () => journal.readerPosition('outcome', 'notify'),
      advance: (position) => journal.setReader('outcome', 'notify', position),
    },
    subscribers: {
      all: () => subscribers,
      has: (id) => subscribers.some(({ subscription }) => subscription.id === id),
      forget: (id) => {
        subscribers = subscribers.filter(({ subscription }) => subscription.id !== id);
      },
    },
    deliveries: {
      record: (delivery) => {
        if (mine === notifier) journal.appendOutcome([{ kind: 'delivery', delivery }]);
      },
    },
    receiver,
    clock: systemClock,
    log: { info: () => undefined, warn: (_, message) => void warnings.push(message) },
    random: () => 0,
  });
  notifier = mine;
  journal.onOutcomeDurable(() => mine.news());
  mine.start();
}

function phoneOf(role: Subscriber['role'], unit: string, username: string): Subscriber {
  const { endpoint, keys } = service.subscribe(vapid.publicKey);
  const { subscription } = subscriberOf(role, unit, username);
  const subscriber = { role, unit, subscription: { ...subscription, endpoint, ...keys } };
  subscribers.push(subscriber);
  return subscriber;
}

function conclude(kind: AlertChange['kind'], alert: Partial<Alert> = {}, at = Date.now()): void {
  seq += 1;
  journal.appendOutcome([{ kind: 'alert', change: changeOf(kind, alert, { seq, at }) }]);
}

/** Resolves when the log on disk holds this many finished deliveries. */
async function finished(count: number): Promise<Delivery[]> {
  const read = () =>
    journal
      .readOutcome(0, 10_000)
      .flatMap(({ record }) => (record.kind === 'delivery' && record.delivery.finishedAt ? [record.delivery] : []));
  await expect.poll(() => read().length, { timeout: 10_000 }).toBe(count);
  return read();
}
const heard = () => service.received.map(({ endpoint, payload }) => `${ownerOf(endpoint)}: ${payload.title}`).sort();
const owners = new Map<string, string>();
function ownerOf(endpoint: string): string {
  for (const { subscription } of subscribers) owners.set(subscription.endpoint, subscription.username);
  return owners.get(endpoint) ?? 'unknown';
}

test('a fired alert reaches the phones it concerns and no other, and each push is on record', async () => {
  startNotifier();
  phoneOf('focal-point', 'so-nnmt', 'lan');
  phoneOf('head', 'so-nnmt', 'hung');
  phoneOf('operator', 'ioc', 'vinh');
  phoneOf('focal-point', 'so-yt', 'mai');
  phoneOf('leader', 'so-nnmt', 'thanh');
  conclude('pending', { condition: 'pending', firedAt: null });
  conclude('fired');
  const deliveries = await finished(3);
  const title = 'Nghiêm trọng: Mực nước vượt báo động II';
  expect(heard()).toEqual([`hung: ${title}`, `lan: ${title}`, `vinh: ${title}`]);
  for (const delivery of deliveries) {
    expect(delivery).toMatchObject({ state: 'accepted', attempts: 1, status: 201, seq: 2, alert: alertOf().id });
  }
  expect(service.received[0]).toMatchObject({ urgency: 'high' });
});

test('the end replaces the notice under the same topic, without urgency', async () => {
  startNotifier();
  phoneOf('head', 'so-nnmt', 'hung');
  conclude('fired');
  await finished(1);
  conclude('resolved', { condition: 'resolved', endsAt: new Date().toISOString() });
  await finished(2);
  const [fired, ended] = service.received;
  expect(ended).toMatchObject({
    topic: fired?.topic,
    urgency: 'normal',
    payload: { condition: 'resolved', tag: fired?.payload.tag },
  });
});

test('on the first start nothing of the past is told', async () => {
  phoneOf('head', 'so-nnmt', 'hung');
  conclude('fired', { id: '019a2c4e-0000-7000-8000-00000000000a' });
  await expect.poll(() => journal.lastOutcome()).toBe(1);
  startNotifier();
  conclude('fired', { id: '019a2c4e-0000-7000-8000-00000000000b' });
  await finished(1);
  expect(service.received.map(({ payload }) => payload.tag.slice(-1))).toEqual(['b']);
});

test('after a crash what was not delivered is, and what was is not repeated', async () => {
  startNotifier();
  phoneOf('focal-point', 'so-nnmt', 'lan');
  const hung = phoneOf('head', 'so-nnmt', 'hung');
  service.script(Array(20).fill(503), hung.subscription.endpoint);
  conclude('fired');
  await finished(1);
  await service.waitFor(1, ({ endpoint }) => endpoint === hung.subscription.endpoint);
  // The process is gone: nothing more is recorded, and the position was last told with the records above.
  await notifier.stop();
  await journal.close();
  service.received.length = 0;
  service.script([], hung.subscription.endpoint);
  journal = openJournal({ path: join(dir, 'journal'), maxBytes: 2 ** 26 });
  expect(journal.readerPosition('outcome', 'notify')).toBe(0);
  startNotifier();
  await finished(2);
  expect(service.received.map(({ endpoint }) => endpoint)).toEqual([hung.subscription.endpoint]);
  // Now all is dealt with: a further start is silent, and trimming may pass this.
  await expect.poll(() => journal.readerPosition('outcome', 'notify')).toBe(journal.lastOutcome());
  await notifier.stop();
  startNotifier();
  conclude('fired', { id: '019a2c4e-0000-7000-8000-00000000000c', severity: 'minor' });
  await finished(4);
  expect(service.received.map(({ payload }) => payload.tag.slice(-1)).sort()).toEqual(['1', 'c', 'c']);
});

test('a change that has lost its worth while the hub was down is not told', async () => {
  startNotifier();
  phoneOf('head', 'so-nnmt', 'hung');
  conclude('fired', {}, Date.now() - 3 * 3_600_000);
  conclude('fired', { id: '019a2c4e-0000-7000-8000-00000000000d' });
  await finished(1);
  expect(service.received.map(({ payload }) => payload.tag.slice(-1))).toEqual(['d']);
});

test('a phone that is gone is forgotten', async () => {
  startNotifier();
  const lan = phoneOf('focal-point', 'so-nnmt', 'lan');
  service.unsubscribe(lan.subscription.endpoint);
  conclude('fired');
  expect((await finished(1))[0]).toMatchObject({ state: 'gone', status: 404, username: 'lan' });
  expect(subscribers).toEqual([]);
});

test('a damaged record costs itself only', async () => {
  startNotifier();
  await notifier.stop();
  phoneOf('head', 'so-nnmt', 'hung');
  journal.setReader('outcome', 'notify', 0);
  for (const end of ['1', '2', '3']) conclude('fired', { id: `019a2c4e-0000-7000-8000-00000000000${end}` });
  await expect.poll(() => journal.lastOutcome()).toBe(3);
  const env = openEnvironment(join(dir, 'journal'));
  const bytes = Uint8Array.from(env.outcome.getBinary(2) ?? []);
  bytes[50]! ^= 1;
  await env.outcome.put(2, bytes);
  await env.root.close();
  startNotifier();
  await service.waitFor(2);
  expect(service.received.map(({ payload }) => payload.tag.slice(-1)).sort()).toEqual(['1', '3']);
  expect(warnings).toEqual(['a conclusion could not be read and is not pushed']);
});

test('a test push says what became of it, at once', async () => {
  startNotifier();
  const { subscription } = phoneOf('head', 'so-nnmt', 'hung');
  expect(await notifier.sendTest(subscription)).toMatchObject({
    alert: null,
    state: 'accepted',
    attempts: 1,
    status: 201,
  });
  expect(service.received[0]?.payload).toMatchObject({ kind: 'test', title: 'Thông báo thử' });
  service.script(['hang']);
  expect(await notifier.sendTest(subscription)).toMatchObject({
    state: 'failed',
    status: null,
    detail: 'no answer within 0.5 s',
  });
  service.script(['hang', 'hang', 'hang', 'hang', 'hang']);
  const many = await Promise.all(Array.from({ length: 6 }, () => notifier.sendTest(subscription)));
  expect(many.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 0]);
  service.script([410]);
  expect(await notifier.sendTest(subscription)).toMatchObject({ state: 'gone', status: 410 });
  expect(subscribers).toEqual([]);
});

test('a storm of alerts reaches every phone; the log is passed when all is told', async () => {
  startNotifier();
  for (let phone = 0; phone < 10; phone++) phoneOf('head', 'so-nnmt', `phone-${phone}`);
  for (let n = 10; n < 40; n++) conclude('fired', { id: `019a2c4e-0000-7000-8000-0000000000${n}`, severity: 'minor' });
  const deliveries = await finished(300);
  expect(new Set(deliveries.map(({ id }) => id)).size).toBe(300);
  expect(deliveries.filter(({ state }) => state !== 'accepted')).toEqual([]);
  await expect.poll(() => journal.readerPosition('outcome', 'notify')).toBe(journal.lastOutcome());
  // On a busy machine a connection kept open may be cut as it is used again; the push is then tried once more.
  const { waiting, inFlight, counters } = notifier.status();
  expect({ waiting, inFlight, accepted: counters.accepted }).toEqual({ waiting: 0, inFlight: 0, accepted: 300 });
  expect(service.received).toHaveLength(300);
});
