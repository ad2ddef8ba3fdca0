import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchProfile } from '../support/browser.ts';
import { ALERTS, PASSWORD, problem, routesFor } from './hub-script.ts';
import { accessibilityProblems, complaintsOf } from './page-checks.ts';
import { buildPages, ScriptedHub } from './scripted-hub.ts';

const OFFICER = { kind: 'user', name: 'tran.thi.binh', role: 'focal-point', unit: 'so-nnmt' } as const;
const CRITICAL = ALERTS[0]!;
const MAJOR = ALERTS[1]!;

let hub: ScriptedHub;
let context: BrowserContext;
let profile: string;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  hub = await ScriptedHub.start(await buildPages(['mobile', 'service-worker']), {});
}, 120_000);
afterAll(async () => hub?.close());

beforeEach(async () => {
  hub.away = false;
  Object.assign(
    hub.routes,
    routesFor(OFFICER, () => hub),
  );
  hub.alerts = ALERTS.filter(({ unit }) => unit === OFFICER.unit);
  hub.received.length = 0;
  profile = await mkdtemp(join(tmpdir(), 'phone-'));
  context = await launchProfile(profile);
  page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  complaints = complaintsOf(page);
  return async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
    expect(complaints).toEqual([]);
  };
});

async function logIn(hash = ''): Promise<void> {
  await page.goto(`${hub.origin}/m/${hash}`);
  await page.getByLabel('Tên đăng nhập').fill(OFFICER.name);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
}

/** The shell is kept once the worker controls the page and its files are in the cache. */
async function shellKept(): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  const kept = () => page.evaluate(async () => (await caches.match('/m/')) !== undefined);
  await expect.poll(kept, { timeout: 10_000 }).toBe(true);
}

describe('in the hand', () => {
  test('log in, see the unit’s alerts, take one from new to done with one thumb', async () => {
    await page.goto(`${hub.origin}/m/`);
    await page.getByRole('button', { name: 'Đăng nhập' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await logIn();
    await page.getByText('Cần xử lý (5)').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByText(CRITICAL.title.vi).click();
    for (const [step, handling] of [
      ['Tiếp nhận', 'Đã tiếp nhận'],
      ['Đang xử lý', 'Đang xử lý'],
      ['Đã xong', 'Đã xử lý xong'],
    ] as const) {
      const button = page.getByRole('button', { name: step, exact: true });
      const box = (await button.boundingBox())!;
      expect(box.height).toBeGreaterThanOrEqual(56);
      expect(box.y).toBeGreaterThan(844 / 2);
      await button.click();
      await page.getByText(`Trung tâm đã ghi nhận: ${step}.`).waitFor();
      await page.locator('dd').getByText(handling, { exact: true }).waitFor();
    }
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByText('Đơn vị đã báo cáo xử lý xong.').waitFor();
    expect(hub.got(`POST /alerts/${CRITICAL.id}/commands`).map(({ body }) => body)).toEqual([
      { type: 'acknowledge' },
      { type: 'report-status', status: 'in-progress' },
      { type: 'report-status', status: 'done' },
    ]);
  });

  test('a double tap does one step, not two', async () => {
    await logIn(`#/alerts/${MAJOR.id}`);
    await page.getByRole('button', { name: 'Tiếp nhận', exact: true }).dblclick();
    await page.getByRole('button', { name: 'Đang xử lý', exact: true }).waitFor();
    await page.waitForTimeout(300);
    expect(hub.got(`POST /alerts/${MAJOR.id}/commands`)).toHaveLength(1);
  });

  test('nothing is smaller than a thumb or than 16 pixels', async () => {
    await logIn(`#/alerts/${MAJOR.id}`);
    await page.getByRole('button', { name: 'Tiếp nhận' }).waitFor();
    await page.getByText('Phát cảnh báo').waitFor();
    for (const hash of [`#/alerts/${MAJOR.id}`, '#/', '#/account']) {
      await page.goto(`${hub.origin}/m/${hash}`);
      await page.getByRole('banner').waitFor();
      const small = await page.evaluate(() => {
        const found: string[] = [];
        const visit = (root: ParentNode) => {
          for (const element of root.querySelectorAll('*')) {
            if (element.shadowRoot) visit(element.shadowRoot);
            const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
            if (own && Number.parseFloat(getComputedStyle(element).fontSize) < 16)
              found.push(`text ${element.textContent}`);
            const { height, width } = element.getBoundingClientRect();
            const target = element.matches('button, a[href], input:not([type=checkbox]), textarea');
            // A link inside a sentence follows the line (WCAG 2.2, 2.5.8).
            if (target && !element.closest('.remind') && width > 0 && height < 44)
              found.push(`target ${element.textContent}`);
          }
        };
        visit(document);
        return found;
      });
      expect(small, hash).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), hash).toBe(390);
    }
  });

  test('a comment goes along with what was typed, and a refusal keeps it', async () => {
    const execute = hub.routes['POST /alerts/:id/commands']!;
    hub.routes['POST /alerts/:id/commands'] = () => problem(409, 'not-allowed-now', 'cảnh báo đã đóng');
    await logIn(`#/alerts/${MAJOR.id}`);
    await page.getByRole('button', { name: 'Ghi chú' }).click();
    await page.getByLabel('Nội dung ghi chú').fill('Đã đến hiện trường');
    await page.getByRole('button', { name: 'Gửi ghi chú' }).click();
    await page.getByText('cảnh báo đã đóng').waitFor();
    hub.routes['POST /alerts/:id/commands'] = execute;
    await page.getByRole('button', { name: 'Gửi ghi chú' }).click();
    await page.getByText('Trung tâm đã ghi nhận: Ghi chú.').waitFor();
    expect(hub.got(`POST /alerts/${MAJOR.id}/commands`).at(-1)?.body).toEqual({
      type: 'comment',
      text: 'Đã đến hiện trường',
    });
  });
});

describe('without a connection', () => {
  test('the page opens, shows what it knows as old, keeps a tap, and sends it once when it is back', async () => {
    await logIn();
    await page.getByText('Cần xử lý (5)').waitFor();
    await shellKept();
    hub.away = true;
    await page.goto('about:blank');
    await page.goto(`${hub.origin}/m/#/alerts/${MAJOR.id}`);
    await page.getByText('Mất kết nối.', { exact: true }).waitFor();
    await page.getByRole('heading', { name: MAJOR.title.vi }).waitFor();
    const value = page.getByText('5,62').first();
    expect(await value.evaluate((element) => getComputedStyle(element).backgroundImage)).toContain('gradient');
    await page.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
    await page.getByText('giữ trên điện thoại này').waitFor();
    expect(await page.getByRole('button', { name: 'Đang chờ gửi' }).isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    // The phone is put away and taken out again before there is a network.
    await page.goto('about:blank');
    await page.goto(`${hub.origin}/m/`);
    await page.getByText('Chờ gửi: Tiếp nhận').waitFor();
    hub.away = false;
    await page.getByText('Chờ gửi: Tiếp nhận').waitFor({ state: 'hidden', timeout: 20_000 });
    const sent = hub.got(`POST /alerts/${MAJOR.id}/commands`);
    expect(sent.map(({ body }) => body)).toEqual([{ type: 'acknowledge' }]);
    expect(hub.alerts.find(({ id }) => id === MAJOR.id)?.handling).toBe('acknowledged');
  }, 60_000);

  test('a whole shell is kept and no answer of the hub', async () => {
    await logIn();
    await page.getByText('Cần xử lý (5)').waitFor();
    await shellKept();
    const kept = await page.evaluate(async () => {
      const paths: string[] = [];
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
      }
      return paths;
    });
    expect(kept.filter((path) => path.startsWith('/api/'))).toEqual([]);
    expect(kept.filter((path) => path.endsWith('.woff2'))).toHaveLength(4);
    expect(kept.some((path) => /socket-worker-.*\.js$/.test(path))).toBe(true);
  });

  test('after the logout the phone knows nothing any more', async () => {
    await logIn('#/account');
    await page.getByRole('heading', { name: 'Tài khoản', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByLabel('Tên đăng nhập').waitFor();
    const left = await page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open('ioc-phone', 1);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const stores = opening.result.transaction(['facts', 'pending']);
            const counts = ['facts', 'pending'].map((name) => stores.objectStore(name).count());
            stores.oncomplete = () => resolve(counts.reduce((sum, { result }) => sum + result, 0));
          };
        }),
    );
    expect(left).toBe(0);
    expect(hub.got('DELETE /sessions/current')).toHaveLength(1);
    hub.away = true;
    await page.goto('about:blank');
    await page.goto(`${hub.origin}/m/`);
    await page.getByText('chưa có danh sách nào được lưu').waitFor();
    expect(await page.getByText(CRITICAL.title.vi).count()).toBe(0);
  });

  test('logging out with something unsent asks first', async () => {
    await logIn(`#/alerts/${MAJOR.id}`);
    await page.getByRole('button', { name: 'Tiếp nhận', exact: true }).waitFor();
    hub.away = true;
    await page.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
    await page.getByText('giữ trên điện thoại này').waitFor();
    await page.goto(`${hub.origin}/m/#/account`);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByText('Còn 1 thao tác chưa gửi được.').waitFor();
    await page.getByRole('button', { name: 'Ở lại' }).click();
    expect(await page.getByRole('button', { name: 'Đăng xuất' }).isVisible()).toBe(true);
  });
});
