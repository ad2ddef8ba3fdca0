import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import type { AlertMessage } from '#contract/live.ts';
import { LIVE_NAMESPACE, topics } from '#contract/names.ts';
import { Api } from '../../test/support/api.ts';
import { HubProcess } from '../../test/support/hub-process.ts';
import { PushService } from '../../test/support/push-service.ts';
import { type Figure, pause, percentile, runFlood } from './measure.ts';
import { publishBody, RawPublisher } from './raw-publisher.ts';

const UNIT = 'so-nnmt';
const SOURCE = 'bench';
const RATE = 10_000;
const PROBES = 200;
const PROBE_EVERY_MS = 50;

const RULES = `groups:
  - name: bench
    rules:
      - alert: bench-crossing
        title: { vi: Vượt ngưỡng đo thử, en: Bench crossing }
        select: { quantity: probe-level }
        condition: { type: threshold, op: ">=", value: 10 }
        severity: critical
      - alert: bench-background
        title: { vi: Nền đo thử, en: Bench background }
        select: { quantity: water-level }
        condition: { type: threshold, op: ">=", value: 1000 }
        severity: minor
`;

/** From publishing a crossing to the `alert` event at a client, and to the request at a push service, under load. */
export async function measureLatency(): Promise<Figure[]> {
  const rulesDir = await mkdtemp(join(tmpdir(), 'bench-rules-'));
  await writeFile(join(rulesDir, 'bench.rules.yaml'), RULES);
  const push = await PushService.start();
  const hub = await HubProcess.start({
    env: {
      HUB_RULES_DIR: rulesDir,
      HUB_PUSH_ALLOWED_HOSTS: '127.0.0.1',
      NODE_EXTRA_CA_CERTS: await push.writeCertificate(rulesDir),
    },
  });
  try {
    return await probe(hub, push);
  } finally {
    await hub.stop();
    await push.close();
    await rm(rulesDir, { recursive: true });
  }
}

async function probe(hub: HubProcess, push: PushService): Promise<Figure[]> {
  const admin = await hub.admin();
  const credential = await admin.connectSource(SOURCE, UNIT);
  await focalPointPhone(hub, push);
  const sentAt = new Map<string, number>();
  const toClient: number[] = [];
  const socket = io(`${hub.http}${LIVE_NAMESPACE}`, {
    transports: ['websocket'],
    extraHeaders: { cookie: admin.cookie },
  });
  socket.on('alert', ({ kind, alert }: AlertMessage) => {
    const sent = sentAt.get(alert.labels.thing ?? '');
    if (kind === 'fired' && sent !== undefined) toClient.push(Date.now() - sent);
  });
  await socket.timeout(5000).emitWithAck('watch', { alerts: {} });
  const port = Number(new URL(hub.mqtt).port);
  const seconds = (PROBES * PROBE_EVERY_MS) / 1000 + 4;
  const flood = runFlood({
    host: '127.0.0.1',
    port,
    ...credential,
    topic: topics.samples(UNIT, SOURCE),
    connections: 10,
    window: 500,
    messages: RATE * seconds,
    recordsPerMessage: 1,
    series: 5000,
    startTime: Date.now() - 60_000,
    stepMs: 100,
    rate: RATE,
  });
  await pause(2000);
  const publisher = await RawPublisher.connect({
    host: '127.0.0.1',
    port,
    ...credential,
    clientId: 'probe',
    window: PROBES,
  });
  let next = 0;
  let due = 0;
  const running = publisher.run(() => {
    if (next === PROBES) return null;
    if (next >= due) return 'later';
    const thing = `probe-${String(next++).padStart(4, '0')}`;
    sentAt.set(thing, Date.now());
    return publishBody(topics.samples(UNIT, SOURCE), `[{"n":"${thing}/probe-level","u":"m","v":12}]`);
  });
  for (; due < PROBES; due++) {
    publisher.poke();
    await pause(PROBE_EVERY_MS);
  }
  publisher.poke();
  await Promise.all([running, flood]);
  await pause(1500);
  socket.close();
  publisher.close();
  const toPhone = push.received.flatMap(({ at, payload }) => {
    const sent = [...sentAt].find(([thing]) => payload.body.includes(thing))?.[1];
    return sent === undefined ? [] : [at - sent];
  });
  return [
    latencyFigure(`crossing published → \`alert\` at a client, at ${RATE} messages/s, p99`, toClient, 100),
    latencyFigure(`crossing published → push request, at ${RATE} messages/s, p99`, toPhone, 250),
  ];
}

async function focalPointPhone(hub: HubProcess, push: PushService): Promise<void> {
  const admin = await hub.admin();
  const password = 'mat-khau-dau-moi-do-thu';
  await admin.post('/users', { username: 'bench-phone', name: 'Đầu mối', role: 'focal-point', unit: UNIT, password });
  const session = await Api.login(hub.http, 'bench-phone', password);
  const { key } = await session.get<{ key: string }>('/push-key');
  await session.post('/push-subscriptions', push.subscribe(key));
}

function latencyFigure(name: string, milliseconds: readonly number[], reach: number): Figure {
  const p99 = percentile(milliseconds, 0.99);
  return {
    name,
    value: p99,
    unit: 'ms',
    reach: `≤ ${reach} ms`,
    reached: p99 <= reach && milliseconds.length === PROBES,
    note: `p50 ${percentile(milliseconds, 0.5).toFixed(1)} ms, ${milliseconds.length} of ${PROBES} seen`,
  };
}
