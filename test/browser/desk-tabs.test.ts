import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { ALERTS, problem, routesFor, SOURCES } from './hub-script.ts';
import { accessibilityProblems, complaintsOf } from './page-checks.ts';
import { buildPages, ScriptedHub } from './scripted-hub.ts';

const ADMIN = { kind: 'user', name: 'quan.tri', role: 'administrator', unit: null } as const;
const OFFICER = { kind: 'user', name: 'tran.thi.binh', role: 'focal-point', unit: 'so-nnmt' } as const;

let hub: ScriptedHub;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  hub = await ScriptedHub.start(await buildPages(['desk']), {});
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

beforeEach(async () => {
  Object.assign(
    hub.routes,
    routesFor(ADMIN, () => hub),
  );
  hub.alerts = [...ALERTS];
  hub.age = { sources: [...SOURCES], degraded: [], evaluation: false };
  hub.received.length = 0;
  // By day, so that both palettes are held to their contrast: desk.test.ts has the night.
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, colorScheme: 'light' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: hub.origin });
  page = await context.newPage();
  complaints = complaintsOf(page);
  return async () => {
    await context.close();
    expect(complaints).toEqual([]);
  };
});

async function open(tab: string): Promise<void> {
  await page.context().addCookies([{ name: 'ioc_session', value: '1', url: hub.origin }]);
  await page.goto(`${hub.origin}/desk#/${tab}`);
  await page.locator('h1').waitFor();
}

describe('sources', () => {
  test('a stale source is hatched and told in words; nothing else is', async () => {
    await open('sources');
    const stale = page.getByRole('row').filter({ hasText: 'Phao biển Cửa Lò' });
    await stale.getByText('Quá hạn: chờ tối đa 15 phút').waitFor();
    expect(
      await stale
        .locator('td')
        .first()
        .evaluate((cell) => getComputedStyle(cell).backgroundImage),
    ).toContain('gradient');
    await page.getByRole('row').filter({ hasText: 'Đo mưa tự động' }).getByText('Dữ liệu ghi sẵn, phát lại').waitFor();
    expect(await page.locator('tr.bad').count()).toBe(1);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('no source yet: the way to the first', async () => {
    hub.age = { ...hub.age, sources: [] };
    await open('sources');
    await page.getByRole('link', { name: 'Kết nối nguồn đầu tiên' }).click();
    await page.getByRole('heading', { name: 'Kết nối một nguồn dữ liệu' }).waitFor();
  });
});

describe('connecting a source', () => {
  const SAMPLE = {
    topic: 'ioc/v1/so-nnmt/muc-nuoc-lam/samples',
    payload: '[{"bn":"tram-01:","n":"water-level","u":"m","v":5.62}]',
    host: null,
    port: 21883,
    tls: false,
    command: 'x',
  };
  const series = { id: '6f1f0a3e-5d4b-5c1e-9a43-000000000001', number: 7, unit: 'so-nnmt', source: 'muc-nuoc-lam' };

  test('from the name to the first sample', async () => {
    hub.routes['POST /sources'] = ({ body }) => ({ status: 201, body });
    hub.routes['POST /sources/:id/credentials'] = (_, [id]) => ({
      status: 201,
      body: { username: `${id}-1`, password: 'bi-mat-chi-mot-lan' },
    });
    hub.routes['GET /sources/:id/sample-payload'] = () => ({ body: SAMPLE });
    hub.routes['GET /series'] = () => ({
      body: {
        items: [{ ...series, name: 'tram-01:water-level', thing: 'tram-01', quantity: 'water-level', uom: 'm' }],
        nextCursor: null,
      },
    });
    hub.routes['GET /series/:id/samples'] = () => ({
      body: { items: [{ time: new Date().toISOString(), value: 5.62, quality: 'live' }], nextCursor: null },
    });
    await open('connect');
    await page.getByLabel('Tên nguồn').fill('Mực nước Lam');
    expect(await page.getByLabel('Mã nguồn').inputValue()).toBe('muc-nuoc-lam');
    await page.getByLabel('Đơn vị sở hữu').selectOption('so-nnmt');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Tạo nguồn và cấp tài khoản' }).click();
    await page.getByText('bi-mat-chi-mot-lan').first().waitFor();
    expect(hub.got('POST /sources')[0]?.body).toEqual({
      id: 'muc-nuoc-lam',
      unit: 'so-nnmt',
      name: 'Mực nước Lam',
      decoder: 'senml',
    });
    const command = page.locator('ops-copy-field').filter({ hasText: 'Lệnh gửi thử' });
    await command.getByRole('button').click();
    await command.getByText('Đã sao chép').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('mosquitto_pub -h 127.0.0.1 -p 21883 -q 1');
    expect(copied).toContain('-P bi-mat-chi-mot-lan');
    await page.getByText('Đang chờ mẫu đầu tiên').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const fresh = { ...SOURCES[0]!, source: 'muc-nuoc-lam', name: 'Mực nước Lam', quarantined: 0 };
    hub.age = { ...hub.age, sources: [...SOURCES, { ...fresh, samples: 1 }] };
    hub.sendAge();
    await page.getByText('Đã nhận được mẫu đầu tiên.').waitFor();
    await page.getByRole('cell', { name: '5,62' }).waitFor();
  });

  test('an id that the contract does not take, or that is taken, is told at once', async () => {
    hub.routes['POST /sources'] = () => problem(409, 'conflict', 'exists');
    await open('connect');
    await page.getByLabel('Tên nguồn').fill('Mưa');
    await page.getByLabel('Mã nguồn').fill('Mưa 1');
    await page.getByRole('button', { name: 'Tạo nguồn và cấp tài khoản' }).click();
    await page.getByText('Mã chỉ gồm chữ thường').waitFor();
    expect(hub.got('POST /sources')).toEqual([]);
    await page.getByLabel('Mã nguồn').fill('mua-1');
    await page.getByRole('button', { name: 'Tạo nguồn và cấp tài khoản' }).click();
    await page.getByText('Mã nguồn này đã có.').waitFor();
  });

  test('what the hub does not understand leads to the quarantine instead of endless waiting', async () => {
    hub.routes['POST /sources/:id/credentials'] = () => ({ status: 201, body: { username: 'a', password: 'b' } });
    hub.routes['GET /sources/:id/sample-payload'] = () => ({ body: SAMPLE });
    await open('connect');
    await page.getByLabel('Chọn nguồn').selectOption('phao-bien');
    await page.getByRole('button', { name: 'Cấp tài khoản', exact: true }).click();
    await page.getByRole('link', { name: 'Mở mục Cách ly' }).click();
    await page.getByRole('heading', { name: 'Dữ liệu cách ly' }).waitFor();
  });
});

describe('quarantine', () => {
  test('gives the reason, the remedy, and the bytes as text alone', async () => {
    await open('quarantine');
    await page.getByRole('heading', { name: 'Thời gian ở tương lai' }).waitFor();
    await page.getByText('Đồng bộ đồng hồ thiết bị (NTP)').waitFor();
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('ops-quarantine-tab img').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('an officer asks for one source of their unit, as the hub wants it', async () => {
    Object.assign(
      hub.routes,
      routesFor(OFFICER, () => hub),
    );
    await open('quarantine');
    await page.getByRole('heading', { name: 'Thời gian ở tương lai' }).waitFor();
    expect(hub.got('GET /quarantine').every(({ path }) => path.includes('source='))).toBe(true);
  });

  test('a failure says why and can be tried again', async () => {
    hub.routes['GET /quarantine'] = () => problem(503, 'store-unavailable', 'cơ sở dữ liệu không trả lời');
    await open('quarantine');
    await page.getByText('cơ sở dữ liệu không trả lời').waitFor();
    hub.routes['GET /quarantine'] = () => ({ body: { items: [], nextCursor: null } });
    await page.getByRole('button', { name: 'Tải lại' }).click();
    await page.getByText('Không có gói tin nào bị cách ly.').waitFor();
  });
});

describe('screens', () => {
  test('are paired by their code, and let go after a second word', async () => {
    await open('screens');
    await page.getByLabel('Mã trên màn hình').fill('sai-ma');
    await page.getByRole('button', { name: 'Ghép màn hình' }).click();
    await page.getByText('Mã không đúng hoặc đã hết hạn.').waitFor();
    await page.getByLabel('Mã trên màn hình').fill('k7p 4qx');
    await page.getByRole('button', { name: 'Ghép màn hình' }).click();
    await page.getByText('Đã ghép màn hình với tường main.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Hủy ghép' }).click();
    await page.getByText('Màn hình này sẽ ngừng hiển thị ngay.').waitFor();
    expect(hub.got('DELETE /wall-screens/s1')).toEqual([]);
    await page.getByRole('button', { name: 'Hủy ghép' }).click();
    await expect.poll(() => hub.got('DELETE /wall-screens/s1').length, { timeout: 10_000 }).toBe(1);
  });
});

describe('people', () => {
  test('are listed, and added by an administrator', async () => {
    await open('people');
    await page.getByRole('cell', { name: 'Trần Thị Bình' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Họ và tên').fill('Phạm Văn Cường');
    await page.getByLabel('Tên đăng nhập').fill('pham.van.cuong');
    await page.getByLabel('Mật khẩu ban đầu').fill('mot-mat-khau-dai');
    await page.locator('[name=unit]').selectOption('so-nnmt');
    await page.getByRole('button', { name: 'Thêm người dùng' }).click();
    await page.getByText('Đã thêm Phạm Văn Cường.').waitFor();
    expect(hub.got('POST /users')[0]?.body).toEqual({
      name: 'Phạm Văn Cường',
      username: 'pham.van.cuong',
      password: 'mot-mat-khau-dai',
      role: 'focal-point',
      unit: 'so-nnmt',
    });
  });

  test('an officer of a unit is not offered what they may not see', async () => {
    Object.assign(
      hub.routes,
      routesFor(OFFICER, () => hub),
    );
    await open('sources');
    const links = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(links).toEqual(['Cảnh báo', 'Nguồn dữ liệu', 'Kết nối nguồn', 'Cách ly']);
  });
});
