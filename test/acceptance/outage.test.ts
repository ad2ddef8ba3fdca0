import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import type { AgeMessage, AlertMessage } from '#contract/live.ts';
import { LIVE_NAMESPACE, topics } from '#contract/names.ts';
import type { Page } from '#contract/primitives.ts';
import type { SamplePoint, Series } from '#contract/series.ts';
import type { Hub } from '../../server/app.ts';
import { Api } from '../support/api.ts';
import { BreakableDatabase } from '../support/breakable-database.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_PASSWORD, repository } from '../support/hub-process.ts';
import { PushService } from '../support/push-service.ts';
import { makeRulesDirectory, RIVER_RULES, type RulesDirectory } from '../support/rules-directory.ts';

// The database goes away for half a minute under load. Alerts still reach the wall and the phone, devices are still
// acknowledged, memory stays where it is, and when the database is back everything is in it.

const UNIT = 'so-nnmt';
const SOURCE = 'song-ca';
const OUTAGE_MS = 30_000;
const PER_SECOND = 1000;
const MIB = 1024 * 1024;

let hub: Hub;
let database: BreakableDatabase;
let push: PushService;
let rules: RulesDirectory;
let dataDir: string;
let admin: Api;
/** What the hub logged, to be shown with a failure. */
const logged: string[] = [];

/** The compiled hub in this process, so that the test holds both ends of the database's wire. */
const built = async <T>(path: string) => (await import(join(repository, 'dist', path))) as T;

beforeAll(async () => {
  const { startHub } = await built<typeof import('../../server/app.ts')>('server/app.js');
  const { startEmbeddedDatabase } =
    await built<typeof import('../../server/embedded/database.ts')>('server/embedded/database.js');
  const { loadSettings } = await built<typeof import('../../server/config/settings.ts')>('server/config/settings.js');
  const { createLogger } = await built<typeof import('../../server/observe/logger.ts')>('server/observe/logger.js');
  push = await PushService.start();
  rules = await makeRulesDirectory(RIVER_RULES);
  dataDir = await mkdtemp(join(tmpdir(), 'hub-outage-'));
  database = new BreakableDatabase(startEmbeddedDatabase);
  const env = {
    HUB_DATA_DIR: dataDir,
    HUB_RULES_DIR: rules.path,
    HUB_HTTP_PORT: '0',
    HUB_MQTT_PORT: '0',
    HUB_ADMIN_PASSWORD: ADMIN_PASSWORD,
    HUB_PUSH_ALLOWED_HOSTS: '127.0.0.1',
  };
  hub = await startHub(loadSettings(env, repository), {
    pagesDir: null,
    recordingsDir: '',
    version: 'test',
    startDatabase: database.start,
    pushAgent: push.agent(),
    now: Date.now,
    log: createLogger('warn', { write: (line) => void logged.push(line) }),
    onFatal: (error) => {
      throw error;
    },
  });
  admin = await Api.login(hub.http, 'admin', ADMIN_PASSWORD);
});

afterAll(async () => {
  await hub?.close();
  await push?.close();
  await rules?.remove();
  await rm(dataDir, { recursive: true, force: true });
});

test(`the database is gone for ${OUTAGE_MS / 1000} s under load`, async () => {
  const credential = await admin.connectSource(SOURCE, UNIT);
  await admin.post('/users', {
    username: 'daumoi',
    name: 'Đầu mối',
    role: 'focal-point',
    unit: UNIT,
    password: ADMIN_PASSWORD,
  });
  const focalPoint = await Api.login(hub.http, 'daumoi', ADMIN_PASSWORD);
  const { key } = await focalPoint.get<{ key: string }>('/push-key');
  await focalPoint.post('/push-subscriptions', push.subscribe(key));
  const wall = io(hub.http + LIVE_NAMESPACE, { transports: ['websocket'], extraHeaders: { cookie: admin.cookie } });
  const alerts: AlertMessage[] = [];
  const ages: AgeMessage[] = [];
  wall.on('alert', (message: AlertMessage) => alerts.push(message));
  wall.on('age', (message: AgeMessage) => ages.push(message));
  await wall.timeout(5000).emitWithAck('watch', { alerts: {} });
  const device = await connectAsync(hub.mqtt, { ...credential, reconnectPeriod: 0 });
  const publish = (records: unknown) =>
    device.publishAsync(topics.samples(UNIT, SOURCE), JSON.stringify(records), { qos: 1 });

  const epoch = Date.now();
  let acknowledged = 0;
  let sent = 0;
  const load = setInterval(() => {
    for (let i = 0; i < PER_SECOND / 20; i++) {
      const n = sent++;
      void publish([{ bn: 'tram-1:', n: 'water-level', u: 'm', bt: (epoch + n) / 1000, v: (n % 500) / 100 }]).then(
        () => {
          acknowledged++;
        },
      );
    }
  }, 50);
  await eventually(() => (acknowledged > PER_SECOND ? true : null));

  await database.cut();
  const cutAt = Date.now();
  const told = await eventually(
    () => ages.find(({ degraded }) => degraded.some(({ part }) => part === 'database')),
    15_000,
  );
  expect(told.degraded.find(({ part }) => part === 'database')?.reason).toContain('journal');
  const memoryBefore = process.memoryUsage().rss;

  await publish([{ bn: 'tram-nam-dan:', n: 'water-level', u: 'm', v: 6.2 }]);
  const fired = await eventually(() => alerts.find(({ kind, alert }) => kind === 'fired' && alert.value === 6.2));
  await push.waitFor(1, ({ payload }) => payload.url.includes(fired.alert.id));
  const answered = await focalPoint.post<Alert>(`/alerts/${fired.alert.id}/commands`, { type: 'acknowledge' });
  expect(answered.handling).toBe('acknowledged');
  expect((await admin.get<Page<Alert>>('/alerts')).items.map(({ id }) => id)).toContain(fired.alert.id);
  await expect(Api.login(hub.http, 'daumoi', ADMIN_PASSWORD)).resolves.toBeDefined();
  const refused = await admin.call('POST', '/sources', { id: 'nguon-moi', unit: UNIT, name: 'Nguồn mới' });
  expect(refused.status).toBe(503);
  expect((await fetch(`${hub.http}/readyz`)).status).toBe(200);

  await new Promise((resolve) => setTimeout(resolve, cutAt + OUTAGE_MS - Date.now()));
  expect((process.memoryUsage().rss - memoryBefore) / MIB).toBeLessThan(200);
  expect(acknowledged).toBeGreaterThan((PER_SECOND * OUTAGE_MS) / 1000 / 2);
  await database.mend();
  clearInterval(load);
  await eventually(() => (acknowledged === sent ? true : null));

  await eventually(async () => ((await stored(epoch, sent)) === sent ? true : null), 60_000).catch((error: unknown) => {
    throw new Error(logged.join(''), { cause: error });
  });
  const kept = await eventually(() => admin.get<Alert>(`/alerts/${fired.alert.id}`));
  expect(kept.handling).toBe('acknowledged');
  await device.endAsync();
  wall.close();
}, 180_000);

async function stored(epoch: number, count: number): Promise<number> {
  const { items } = await admin.get<Page<Series>>(`/series?source=${SOURCE}&name=tram-1:water-level`);
  const query = new URLSearchParams({
    from: new Date(epoch).toISOString(),
    to: new Date(epoch + count).toISOString(),
    bucket: '1d',
    fn: 'count',
  });
  const { items: buckets } = await admin.get<Page<SamplePoint>>(`/series/${items[0]?.id}/samples?${query}`);
  return buckets.reduce((sum, { value }) => sum + (value ?? 0), 0);
}
