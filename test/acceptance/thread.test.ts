import { connectAsync } from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert, AlertChange, OutboxMessage } from '#contract/alert.ts';
import type { AlertMessage, WatchReply } from '#contract/live.ts';
import { LIVE_NAMESPACE, topics } from '#contract/names.ts';
import type { Page } from '#contract/primitives.ts';
import type { Delivery } from '#contract/push.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { Series } from '#contract/series.ts';
import type { Credential } from '#contract/source.ts';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { HubProcess } from '../support/hub-process.ts';
import { PushService } from '../support/push-service.ts';
import { makeRulesDirectory, RIVER_RULES, type RulesDirectory } from '../support/rules-directory.ts';

// One hub, one river gauge, from the device's message to the focal point's phone and back.

const UNIT = 'so-nnmt';
const SOURCE = 'song-ca';
const PASSWORD = 'mat-khau-dau-moi-2026';

let push: PushService;
let rules: RulesDirectory;
let hub: HubProcess;
let admin: Api;
let focalPoint: Api;
let credential: Credential;

beforeAll(async () => {
  push = await PushService.start();
  rules = await makeRulesDirectory(RIVER_RULES);
  hub = await HubProcess.start({
    env: {
      HUB_RULES_DIR: rules.path,
      HUB_PUSH_ALLOWED_HOSTS: '127.0.0.1',
      NODE_EXTRA_CA_CERTS: await push.writeCertificate(rules.path),
    },
  });
  admin = await hub.admin();
  credential = await admin.connectSource(SOURCE, UNIT);
  await admin.post('/users', {
    username: 'daumoi',
    name: 'Đầu mối',
    role: 'focal-point',
    unit: UNIT,
    password: PASSWORD,
  });
  focalPoint = await Api.login(hub.http, 'daumoi', PASSWORD);
});

afterAll(async () => {
  await hub?.stop();
  await push?.close();
  await rules?.remove();
});

async function publish(records: unknown): Promise<void> {
  const client = await connectAsync(hub.mqtt, { ...credential, clean: true, reconnectPeriod: 0 });
  await client.publishAsync(topics.samples(UNIT, SOURCE), JSON.stringify(records), { qos: 1 });
  await client.endAsync();
}

function watch(api: Api): Socket {
  return io(`${hub.http}${LIVE_NAMESPACE}`, { transports: ['websocket'], extraHeaders: { cookie: api.cookie } });
}

test('a crossing is told to the socket and to the phone, and what the phone answers is seen at the desk', async () => {
  const { key } = await focalPoint.get<{ key: string }>('/push-key');
  await focalPoint.post('/push-subscriptions', push.subscribe(key));
  const socket = watch(admin);
  const heard: AlertMessage[] = [];
  socket.on('alert', (message: AlertMessage) => heard.push(message));
  const reply: WatchReply = await socket.timeout(5000).emitWithAck('watch', { alerts: {} });
  expect(reply).toMatchObject({ snapshot: true, alerts: [] });

  const software = await connectAsync(hub.mqtt, { ...credential, clean: true, reconnectPeriod: 0 });
  const outbox: OutboxMessage[] = [];
  software.on('message', (_topic, payload) => void outbox.push(JSON.parse(payload.toString())));
  await software.subscribeAsync(topics.outbox(UNIT), { qos: 1 });
  const before = Date.now();
  await publish([{ bn: 'tram-do-luong:', n: 'water-level', u: 'm', v: 5.61 }]);

  const fired = await eventually(() => heard.find((message) => message.kind === 'fired'));
  expect(fired.alert).toMatchObject({
    rule: 'river-high',
    severity: 'critical',
    unit: UNIT,
    condition: 'firing',
    handling: 'new',
    authenticity: 'unverified',
    value: 5.61,
    uom: 'm',
    labels: { hazard: 'flood' },
  });
  expect(Date.parse(fired.alert.startsAt)).toBeGreaterThanOrEqual(before - 1000);

  const told = await eventually(() => outbox.find(({ kind }) => kind === 'fired'));
  expect(told.alert).toEqual(fired.alert);
  await software.endAsync();
  const [rung] = await push.waitFor(1);
  expect(rung?.payload).toMatchObject({ kind: 'alert', severity: 'critical', condition: 'firing' });
  expect(rung?.payload.title).toContain('Mực nước vượt báo động');
  expect(rung?.payload.url).toContain(fired.alert.id);

  const answered = await focalPoint.post<Alert>(`/alerts/${fired.alert.id}/commands`, { type: 'acknowledge' });
  expect(answered).toMatchObject({ handling: 'acknowledged', acknowledgedBy: 'daumoi' });
  const seen = await eventually(() => heard.find((message) => message.kind === 'acknowledge'));
  expect(seen.after).toBe(fired.seq);

  await focalPoint.post(`/alerts/${fired.alert.id}/commands`, { type: 'comment', text: 'Đã cử người ra trạm' });
  const history = await eventually(async () => {
    const changes = await admin.get<{ items: AlertChange[] }>(`/alerts/${fired.alert.id}/history`);
    return changes.items.length >= 3 ? changes.items : null;
  });
  expect(history.map(({ kind, actor }) => [kind, actor])).toEqual([
    ['fired', null],
    ['acknowledge', 'daumoi'],
    ['comment', 'daumoi'],
  ]);
  const deliveries = await eventually(async () => {
    const page = await admin.get<Page<Delivery>>(`/deliveries?alert=${fired.alert.id}`);
    return page.items.find((delivery) => delivery.state === 'accepted');
  });
  expect(deliveries).toMatchObject({ username: 'daumoi', status: 201 });
  socket.close();
});

test('the alert ends when the water falls below the clear level, and a late client is told all of it', async () => {
  const [open] = (await admin.get<Page<Alert>>('/alerts?condition=firing')).items;
  await publish([{ bn: 'tram-do-luong:', n: 'water-level', u: 'm', v: 5.3 }]);
  await publish([{ bn: 'tram-do-luong:', n: 'water-level', u: 'm', v: 5.1 }]);
  await eventually(async () => {
    const alert = await admin.get<Alert>(`/alerts/${open?.id}`);
    return alert.condition === 'resolved' ? alert : null;
  });
  const socket = watch(admin);
  const reply: WatchReply = await socket.timeout(5000).emitWithAck('watch', { since: 0 });
  expect(reply.alerts.map(({ condition }) => condition)).toContain('resolved');
  expect(reply.seq).toBeGreaterThanOrEqual(4);
  socket.close();
});

test('what the device said is in the database, with unit of measure, under the series’ public name', async () => {
  const { items } = await eventually(async () => {
    const page = await admin.get<Page<Series>>(`/series?source=${SOURCE}`);
    return page.items.length > 0 ? page : null;
  });
  expect(items[0]).toMatchObject({
    thing: 'tram-do-luong',
    quantity: 'water-level',
    uom: 'm',
    name: 'tram-do-luong:water-level',
  });
  const samples = await eventually(async () => {
    const page = await admin.get<Page<{ value: number }>>(
      `/series/${items[0]?.id}/samples?from=${new Date(Date.now() - 60_000).toISOString()}&to=${new Date(Date.now() + 1000).toISOString()}`,
    );
    return page.items.length >= 3 ? page.items : null;
  });
  expect(samples.map(({ value }) => value)).toEqual([5.61, 5.3, 5.1]);
});

test('what cannot be understood is acknowledged, kept with its reason and shown', async () => {
  await publish({ not: 'SenML' });
  const item = await eventually(async () => {
    const page = await admin.get<Page<QuarantineItem>>(`/quarantine?source=${SOURCE}`);
    return page.items[0];
  });
  expect(item).toMatchObject({ source: SOURCE, transport: 'mqtt', topic: topics.samples(UNIT, SOURCE) });
  expect(item.excerpt).toContain('SenML');
});

test('samples over HTTP are taken too, and history among them never alerts', async () => {
  const { seq } = await admin.get<Alert>(`/alerts/${(await admin.get<Page<Alert>>('/alerts')).items[0]?.id}`);
  const result = await admin.post<{ accepted: number; rejected: unknown[] }>(`/samples?source=${SOURCE}`, [
    { bn: 'tram-nam-dan:', n: 'water-level', u: 'm', bt: 1_700_000_000, v: 9.9 },
    { n: 'water-level', u: 'm', t: 60, v: 9.8 },
    { n: 'water-level', u: 'm', v: 'high' },
  ]);
  expect(result.accepted).toBe(2);
  expect(result.rejected).toMatchObject([{ index: 2, reason: 'schema' }]);
  const after = await admin.get<Page<Alert>>('/alerts');
  expect(Math.max(...after.items.map((alert) => alert.seq))).toBe(seq);
});

test('a credential publishes under its own prefix only, and nobody reads what others send', async () => {
  const client = await connectAsync(hub.mqtt, { ...credential, clean: true, reconnectPeriod: 0 });
  const granted = await client.subscribeAsync('ioc/v1/#').catch(() => []);
  expect(granted.every(({ qos }) => qos === 128)).toBe(true);
  const closed = new Promise((resolve) => client.once('close', () => resolve(null)));
  client.publish(topics.samples('so-yt', 'benh-vien'), '[]', { qos: 1 }, () => {});
  await closed;
  await expect(connectAsync(hub.mqtt, { username: 'x', password: 'y', reconnectPeriod: 0 })).rejects.toThrow();
});
