import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PushSubscriptionBody } from '#contract/push.ts';
import type { PushSubscriptionRecord } from '#contract/records.ts';
import { MAX_PAYLOAD_BYTES, noticeOf, testNotice } from '../../../server/notify/notice.ts';
import type { Push } from '../../../server/notify/ports.ts';
import { loadVapidKeys, type VapidKeys } from '../../../server/notify/receivers/vapid.ts';
import { WebPushReceiver } from '../../../server/notify/receivers/web-push.ts';
import { PushService } from '../../support/push-service.ts';
import { changeOf } from '../../unit/notify/alert-sample.ts';

let dir: string;
let vapid: VapidKeys;
let service: PushService;
let receiver: WebPushReceiver;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'web-push-'));
  vapid = await loadVapidKeys(dir, 'mailto:ioc@nghean.example');
});
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  service = await PushService.start();
  receiver = receiverFor(['127.0.0.1']);
});
afterEach(() => service.close());

function receiverFor(allowedHosts: readonly string[], keys = vapid): WebPushReceiver {
  return new WebPushReceiver({ vapid: keys, allowedHosts, clock: Date, deadlineMs: 400, agent: service.agent() });
}

function recordOf({ endpoint, keys }: PushSubscriptionBody): PushSubscriptionRecord {
  return { id: 'phone', username: 'lan', endpoint, ...keys, createdAt: '2026-01-01T00:00:00Z' };
}
const phone = () => recordOf(service.subscribe(vapid.publicKey));

function pushOf(payload = noticeOf('fired', changeOf('fired'))): Push {
  return { payload, urgency: 'high', topic: '019a2c4e00007000800000000000000a', expiresAt: Date.now() + 7_200_500 };
}

test('a push arrives as it was written, signed, encrypted, with the life and urgency of its alert', async () => {
  const subscription = phone();
  const sent = pushOf();
  expect(await receiver.send(subscription, sent)).toEqual({
    result: 'accepted',
    status: 201,
    detail: null,
    retryAfterMs: null,
  });
  const [received] = service.received;
  expect(received).toMatchObject({ endpoint: subscription.endpoint, urgency: 'high', topic: sent.topic });
  expect(received?.text).toBe(sent.payload);
  expect(received?.payload.title).toBe('Nghiêm trọng: Mực nước vượt báo động II');
  expect(received?.ttl).toBe(7_200);
  expect(received?.vapid).toMatchObject({ aud: service.origin, sub: 'mailto:ioc@nghean.example' });
});

test('the longest payload there may be fits what a push service takes; one byte more is not sent', async () => {
  const longest = 'x'.repeat(MAX_PAYLOAD_BYTES - 2);
  expect(await receiver.send(phone(), pushOf(`"${longest}"`))).toMatchObject({ result: 'accepted' });
  expect(await receiver.send(phone(), pushOf(`"${longest}x"`))).toMatchObject({
    result: 'refused',
    status: null,
    detail: 'the payload of 3994 bytes is longer than 3993',
  });
  expect(service.received).toHaveLength(1);
});

test('the service turns down what a real one would: without that its other answers would prove nothing', async () => {
  const other = await loadVapidKeys(join(dir, 'other'), 'mailto:ioc@nghean.example');
  expect(await receiverFor(['127.0.0.1'], other).send(phone(), pushOf())).toMatchObject({
    result: 'refused',
    status: 403,
    detail: 'the key is not the one the subscription was made for',
  });
  const swapped = { ...phone(), p256dh: service.subscribe(vapid.publicKey).keys.p256dh };
  expect(await receiver.send(swapped, pushOf())).toMatchObject({ result: 'refused', status: 403 });
  expect(service.received).toEqual([]);
});

test.each([
  [404, 'gone'],
  [410, 'gone'],
  [400, 'refused'],
  [413, 'refused'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
] as const)('an answer of %d is: %s', async (status, result) => {
  service.script([{ status, headers: { 'retry-after': '7' }, body: 'lý do' }]);
  expect(await receiver.send(phone(), pushOf())).toEqual({
    result,
    status,
    detail: 'lý do',
    retryAfterMs: result === 'retry' ? 7_000 : null,
  });
});

test('a redirect is not followed: it would lead around the list of hosts', async () => {
  const elsewhere = phone();
  service.script([{ status: 307, headers: { location: elsewhere.endpoint } }]);
  expect(await receiver.send(phone(), pushOf())).toMatchObject({ result: 'refused', status: 307 });
  expect(service.received.filter(({ endpoint }) => endpoint === elsewhere.endpoint)).toEqual([]);
});

test('a service that hangs, drips without end or cuts the line costs no more than the deadline', async () => {
  for (const [answer, expected] of [
    ['hang', { result: 'retry', status: null, detail: 'no answer within 0.4 s' }],
    ['drip', { result: 'accepted', status: 201 }],
    ['reset', { result: 'retry', status: null, detail: 'socket hang up' }],
  ] as const) {
    service.script([answer]);
    const before = Date.now();
    expect(await receiver.send(phone(), pushOf()), answer).toMatchObject(expected);
    expect(Date.now() - before).toBeLessThan(1_500);
  }
  expect(await receiver.send(phone(), pushOf())).toMatchObject({ result: 'accepted' });
});

test('a service that floods the answer is cut off', async () => {
  service.script([{ status: 500, body: 'x'.repeat(5_000_000) }]);
  const attempt = await receiver.send(phone(), pushOf());
  expect(attempt).toMatchObject({ result: 'retry', status: 500 });
  expect(attempt.detail?.length).toBe(200);
});

test('a service that is not there is tried again later', async () => {
  const subscription = phone();
  const port = await closedPort();
  const away = { ...subscription, endpoint: `https://127.0.0.1:${port}/push/x` };
  expect(await receiver.send(away, pushOf())).toMatchObject({ result: 'retry', status: null });
});

test('a certificate nobody vouches for is not spoken to', async () => {
  const strict = new WebPushReceiver({ vapid, allowedHosts: ['127.0.0.1'], clock: Date, deadlineMs: 2_000 });
  expect(await strict.send(phone(), pushOf())).toMatchObject({
    result: 'retry',
    detail: expect.stringMatching(/self.signed/),
  });
  expect(service.received).toEqual([]);
  strict.close();
});

test('an endpoint outside the list gets no connection, though it was once subscribed', async () => {
  let connections = 0;
  const trap = createServer(() => {
    connections += 1;
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const { port } = trap.address() as { port: number };
  const hostile = [
    `https://127.0.0.1:${port}/x`,
    `https://localhost:${port}/x`,
    `http://127.0.0.1:${port}/x`,
    `https://2130706433:${port}/`,
  ];
  const guarded = receiverFor(['*.push.example']);
  for (const endpoint of hostile) {
    expect(await guarded.send({ ...phone(), endpoint }, pushOf())).toMatchObject({ result: 'refused', status: null });
  }
  expect(connections).toBe(0);
  // The trap works: a plain connection does reach it.
  const probe = connect(port, '127.0.0.1');
  await expect.poll(() => connections).toBe(1);
  probe.destroy();
  trap.close();
});

test.each([
  ['a key that is no point of the curve', { p256dh: Buffer.alloc(65, 4).toString('base64url') }],
  ['a key cut short', { p256dh: 'BAAA' }],
  ['a secret cut short', { auth: 'AAAA' }],
])('%s is refused, not thrown', async (_, parts) => {
  const attempt = await receiver.send({ ...phone(), ...parts }, pushOf());
  expect(attempt).toMatchObject({ result: 'refused', status: null });
  expect(attempt.detail).toMatch(/^the subscription's keys cannot be used/);
});

test('a process trusts the service by NODE_EXTRA_CA_CERTS alone', async () => {
  const subscription = service.subscribe(vapid.publicKey);
  const script = `
    const { sendNotification } = require('web-push');
    const { subscription, payload, vapid } = JSON.parse(process.argv[1]);
    sendNotification(subscription, payload, { vapidDetails: vapid, TTL: 60 })
      .then(({ statusCode }) => console.log(statusCode), (error) => console.log(error.message));
  `;
  const run = async (env: Record<string, string>) => {
    const { spawn } = await import('node:child_process');
    const child = spawn(
      process.execPath,
      ['-e', script, JSON.stringify({ subscription, payload: testNotice(0), vapid })],
      {
        env: { PATH: process.env.PATH ?? '', ...env },
      },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    await new Promise((resolve) => child.on('close', resolve));
    return output.trim();
  };
  expect(await run({})).toMatch(/self.signed/);
  expect(await run({ NODE_EXTRA_CA_CERTS: await service.writeCertificate(dir) })).toBe('201');
  expect(service.received).toHaveLength(1);
});

test.runIf(spawnSync('openssl', ['version']).status === 0)(
  'openssl, where there is one, finds the certificate sound',
  async () => {
    const path = await service.writeCertificate(dir);
    const { status, stdout } = spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', path, path], {
      encoding: 'utf8',
    });
    expect([status, stdout.trim()]).toEqual([0, `${path}: OK`]);
  },
);

/** A port on which nobody listens, at least a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
