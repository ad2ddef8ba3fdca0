import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser, launchProfile } from '../support/browser.ts';
import { ALERTS, PASSWORD, routesFor } from './hub-script.ts';
import { accessibilityProblems } from './page-checks.ts';
import { buildPages, ScriptedHub } from './scripted-hub.ts';

const OFFICER = { kind: 'user', name: 'tran.thi.binh', role: 'focal-point', unit: 'so-nnmt' } as const;
const CRITICAL = ALERTS[0]!;
/** The browser shows a notice when it gets to it; on a busy machine that takes some seconds. */
const PATIENT = { timeout: 15_000 };
const URL_OF_ALERT = `/m/#/alerts/${CRITICAL.id}`;
// The packaged headless shell has no notifications.
const { full } = await findBrowser();

let hub: ScriptedHub;
let context: BrowserContext;
let profile: string;
let page: Page;
let debug: CDPSession;

beforeAll(async () => {
  hub = await ScriptedHub.start(await buildPages(['mobile', 'service-worker']), {});
}, 120_000);
afterAll(async () => hub?.close());

beforeEach(async () => {
  hub.away = false;
  Object.assign(
    hub.routes,
    routesFor(OFFICER, () => hub),
    {
      // A P-256 point as VAPID keys are (RFC 8292 §3.2); which one, does not matter here.
      'GET /push-key': () => ({ body: { key: `B${'A'.repeat(86)}` } }),
      'POST /push-subscriptions': () => ({ status: 201, body: { id: 'sub-1' } }),
      'DELETE /push-subscriptions/:id': () => ({ status: 204 }),
      'POST /push-subscriptions/:id/test': () => ({ body: { state: 'accepted', detail: null } }),
    },
  );
  hub.alerts = ALERTS.filter(({ unit }) => unit === OFFICER.unit);
  hub.received.length = 0;
  profile = await mkdtemp(join(tmpdir(), 'phone-'));
  context = await launchProfile(profile);
  page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  return async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
});

async function logIn(hash = ''): Promise<void> {
  await page.goto(`${hub.origin}/m/${hash}`);
  await page.getByLabel('Tên đăng nhập').fill(OFFICER.name);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('banner').waitFor();
}

/** Delivers to the real service worker, as the browser does once it has decrypted what a push service sent. */
async function deliver(data: string): Promise<void> {
  debug ??= await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    debug.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL.endsWith('/m/'));
      if (found) resolve(found.registrationId);
    });
  });
  await debug.send('ServiceWorker.enable');
  const registrationId = await registered;
  await debug.send('ServiceWorker.deliverPushMessage', { origin: hub.origin, registrationId, data });
  await debug.send('ServiceWorker.disable');
}

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly silent: boolean | null;
}

const shown = (): Promise<Shown[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const notices = await registration.getNotifications();
    return notices.map(({ title, body, tag, silent }) => ({ title, body, tag, silent }));
  });

const payload = (more: object = {}) =>
  JSON.stringify({
    kind: 'alert',
    tag: CRITICAL.id,
    title: 'Khẩn cấp: Mực nước vượt báo động III',
    body: 'Trạm Chợ Tràng, 7,91 m',
    url: URL_OF_ALERT,
    severity: 'critical',
    condition: 'firing',
    at: CRITICAL.firedAt,
    ...more,
  });

describe.runIf(full)('a push', () => {
  beforeEach(async () => {
    debug = undefined as unknown as CDPSession;
    await context.grantPermissions(['notifications'], { origin: hub.origin });
    await logIn();
    await page.evaluate(() => navigator.serviceWorker.ready);
  });

  test('is shown, and its end replaces it in silence', async () => {
    await deliver(payload());
    await expect
      .poll(shown, PATIENT)
      .toMatchObject([{ title: 'Khẩn cấp: Mực nước vượt báo động III', tag: CRITICAL.id }]);
    await deliver(payload({ condition: 'resolved', title: 'Đã kết thúc: Mực nước vượt báo động III' }));
    await expect
      .poll(shown, PATIENT)
      .toMatchObject([{ title: 'Đã kết thúc: Mực nước vượt báo động III', silent: true }]);
  });

  test('that cannot be read is shown all the same', async () => {
    await deliver('không phải JSON');
    await expect.poll(shown, PATIENT).toMatchObject([{ title: 'NgheanIOC: có cảnh báo mới' }]);
  });

  test('is shown with the hub away and the worker asleep', async () => {
    hub.away = true;
    const cdp = await context.newCDPSession(page);
    await cdp.send('ServiceWorker.enable');
    await cdp.send('ServiceWorker.stopAllWorkers');
    await deliver(payload());
    await expect.poll(shown, PATIENT).toHaveLength(1);
  });

  test('tapped, brings up its alert in the page that is open', async () => {
    // The browser drops a push that comes while it is still starting the worker again; the same tag is shown once.
    const delivered = async () => {
      await deliver(payload());
      return await shown();
    };
    await expect.poll(delivered, PATIENT).toHaveLength(1);
    const [worker] = context.serviceWorkers();
    await worker!.evaluate(async () => {
      const scope = self as unknown as EventTarget & {
        registration: ServiceWorkerRegistration;
        NotificationEvent: new (type: string, init: { notification: Notification | undefined }) => Event;
      };
      const [notification] = await scope.registration.getNotifications();
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
    });
    await page.getByRole('heading', { name: CRITICAL.title.vi }).waitFor();
    expect(page.url()).toBe(hub.origin + URL_OF_ALERT);
    await expect.poll(shown, PATIENT).toEqual([]);
  });
});

describe('enabling notifications', () => {
  /**
   * Chromium's own subscription needs its vendor's push service on the internet. Stands in for that one call; all else
   * (permission, worker, the hub's routes) is real.
   */
  async function standInForPushService(): Promise<void> {
    await context.addInitScript(() => {
      const standIn = {
        current: null as null | object,
        make(options: PushSubscriptionOptionsInit) {
          const key = options.applicationServerKey as Uint8Array<ArrayBuffer>;
          standIn.current = {
            endpoint: 'https://push.example/1',
            options: { applicationServerKey: key.slice().buffer },
            toJSON: () => ({
              endpoint: 'https://push.example/1',
              expirationTime: null,
              keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) },
            }),
            unsubscribe: async () => {
              standIn.current = null;
              return true;
            },
          };
          return standIn.current;
        },
      };
      PushManager.prototype.subscribe = async (options) => standIn.make(options ?? {}) as unknown as PushSubscription;
      PushManager.prototype.getSubscription = async () => standIn.current as PushSubscription | null;
    });
  }

  test.runIf(full)('explains, asks, subscribes, is tried, and ends with the logout', async () => {
    await standInForPushService();
    await context.grantPermissions(['notifications'], { origin: hub.origin });
    await logIn();
    await page.getByText('Điện thoại này chưa nhận thông báo.').waitFor();
    await page.getByRole('link', { name: 'Bật thông báo' }).click();
    await page.getByText('Thông báo đang tắt').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Bật thông báo' }).click();
    await page.getByText('Thông báo đang bật').waitFor();
    expect(hub.got('POST /push-subscriptions')[0]?.body).toMatchObject({
      endpoint: 'https://push.example/1',
      keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) },
    });
    await page.getByRole('button', { name: 'Gửi thông báo thử' }).click();
    await page.getByText('Trung tâm đã gửi.').waitFor();
    expect(hub.got('POST /push-subscriptions/sub-1/test')).toHaveLength(1);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByLabel('Tên đăng nhập').waitFor();
    const calls = hub.received.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
    // The subscription first: afterwards the hub would no longer know whose it is.
    expect(calls).toEqual(['/push-subscriptions/sub-1', '/sessions/current']);
  });

  test('denied says how to mend it, and offers no button that cannot work', async () => {
    await context.addInitScript(() => {
      Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
    });
    await logIn('#/account');
    await page.getByText('Trình duyệt đang chặn thông báo').waitFor();
    await page.getByText('cho phép thông báo rồi quay lại đây').waitFor();
    expect(await page.getByRole('button', { name: 'Bật thông báo' }).count()).toBe(0);
  });

  test('an iPhone’s browser is told to put the page on the home screen', async () => {
    await context.addInitScript(() => {
      Object.defineProperty(navigator, 'userAgent', {
        get: () => 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)',
      });
    });
    await logIn('#/account');
    await page.getByText('“Thêm vào MH chính”').waitFor();
  });
});

describe('the installable page', () => {
  test('has a manifest whose icons exist in their sizes, and a worker that stands alone', async () => {
    await page.goto(`${hub.origin}/m/`);
    const manifest = await (await page.request.get(`${hub.origin}/m/manifest.webmanifest`)).json();
    expect(manifest).toMatchObject({ start_url: '/m/', scope: '/m/', display: 'standalone', lang: 'vi' });
    for (const { src, sizes } of manifest.icons.filter(({ type }: { type: string }) => type === 'image/png')) {
      const size = await page.evaluate(async (path: string) => {
        const bitmap = await createImageBitmap(await (await fetch(path)).blob());
        return `${bitmap.width}x${bitmap.height}`;
      }, src);
      expect(size, src).toBe(sizes);
    }
    const worker = await (await page.request.get(`${hub.origin}/m/service-worker.js`)).text();
    // A worker with imports needs module support, which not every phone's browser gives workers.
    expect(worker).not.toMatch(/\bimport\s*[{("']/);
  });
});
