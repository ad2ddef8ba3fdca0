import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { ALERTS, PASSWORD, problem, routesFor, SOURCES } from './hub-script.ts';
import { accessibilityProblems, complaintsOf, strayRequestsOf } from './page-checks.ts';
import { buildPages, ScriptedHub } from './scripted-hub.ts';

const ADMIN = { kind: 'user', name: 'quan.tri', role: 'administrator', unit: null } as const;
const CRITICAL = ALERTS[0]!;
const ENDED = ALERTS[3]!;

let hub: ScriptedHub;
let browser: Browser;
let page: Page;
let complaints: string[];
let stray: string[];

beforeAll(async () => {
  const pages = await buildPages(['login', 'desk']);
  hub = await ScriptedHub.start(pages, {});
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

beforeEach(async () => {
  hub.away = false;
  Object.assign(
    hub.routes,
    routesFor(ADMIN, () => hub),
  );
  hub.alerts = [...ALERTS];
  hub.age = { sources: [...SOURCES], degraded: [], evaluation: false };
  hub.received.length = 0;
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  page = await context.newPage();
  complaints = complaintsOf(page);
  stray = strayRequestsOf(page, hub.origin);
  return async () => {
    await context.close();
    expect(complaints).toEqual([]);
    expect(stray).toEqual([]);
  };
});

/** At the desk with a session, as after a login. */
async function openDesk(hash = ''): Promise<void> {
  await page.context().addCookies([{ name: 'ioc_session', value: '1', url: hub.origin }]);
  await page.goto(`${hub.origin}/desk${hash}`);
  await page.getByRole('heading', { name: 'Danh sách cảnh báo' }).or(page.locator('h1')).first().waitFor();
}

const caseTitle = (name: string) => page.getByRole('article').getByRole('heading', { name, exact: true });

describe('login', () => {
  async function logIn(password: string): Promise<void> {
    await page.getByLabel('Tên đăng nhập').fill('quan.tri');
    await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
  }

  test('a deep link without a session goes through the login and arrives', async () => {
    await page.goto(`${hub.origin}/desk#/alerts/${CRITICAL.id}`);
    await page.waitForURL(/\/login/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await logIn('sai');
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
    await logIn(PASSWORD);
    await caseTitle(CRITICAL.title.vi).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/alerts/${CRITICAL.id}`);
  });

  test('throttled: the seconds are counted down and the button stays shut', async () => {
    hub.routes['POST /sessions'] = () => problem(429, 'too-many-attempts', 'wait', { 'retry-after': '2' });
    await page.goto(`${hub.origin}/login`);
    await logIn('x');
    await page.getByText('Đề nghị chờ 2 giây').waitFor();
    expect(await page.getByRole('button', { name: 'Đăng nhập' }).isDisabled()).toBe(true);
    await page.getByText('Có thể thử đăng nhập lại.').waitFor();
    expect(await page.getByRole('button', { name: 'Đăng nhập' }).isEnabled()).toBe(true);
    expect(hub.got('POST /sessions')).toHaveLength(1);
  });

  test('a hub that is away is not a wrong password', async () => {
    await page.goto(`${hub.origin}/login`);
    hub.away = true;
    await logIn(PASSWORD);
    await page.getByText('Không kết nối được với trung tâm.').waitFor();
  });
});

describe('queue and case', () => {
  test('what goes on before what has ended, the worst first, shelved ones counted', async () => {
    await openDesk();
    const titles = page.locator('ops-alert-queue .title');
    await titles.first().waitFor();
    expect(await titles.allInnerTexts()).toEqual([
      CRITICAL.title.vi,
      'Mưa rất to trong 1 giờ',
      'Mực nước vượt báo động II',
      ALERTS[4]!.title.vi,
      'Lưu lượng xả tăng nhanh',
    ]);
    await page.getByText('1 cảnh báo tạm gác không hiển thị').waitFor();
    const ended = page.locator('ops-alert-queue .ended');
    expect(await ended.evaluate((element) => getComputedStyle(element).borderStyle)).toBe('dashed');
    expect(await page.title()).toMatch(/^\(4\) /);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('filters by severity, unit and handling, and says when nothing matches', async () => {
    await openDesk();
    const titles = page.locator('ops-alert-queue .title');
    await page.getByLabel('Mức độ').selectOption({ label: 'Nghiêm trọng' });
    expect(await titles.count()).toBe(2);
    await page.getByLabel('Xử lý').selectOption({ label: 'Đã đóng' });
    await page.getByText('Không có cảnh báo nào khớp với bộ lọc.').waitFor();
    await page.getByRole('button', { name: 'Bỏ lọc' }).click();
    await page.getByLabel('Kèm cả cảnh báo tạm gác').check();
    expect(await titles.count()).toBe(6);
  });

  test('the keyboard walks through the list and the address follows', async () => {
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await caseTitle(CRITICAL.title.vi).waitFor();
    await page.locator(`[data-id="${CRITICAL.id}"]`).focus();
    await page.keyboard.press('ArrowDown');
    await caseTitle('Mưa rất to trong 1 giờ').waitFor();
    await page.keyboard.press('End');
    await caseTitle(ENDED.title.vi).waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await caseTitle(ALERTS[4]!.title.vi).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/alerts/${ALERTS[4]!.id}`);
  });

  test('the case tells all six axes, the trail and the evidence in words', async () => {
    await openDesk(`#/alerts/${ALERTS[2]!.id}`);
    const article = page.getByRole('article');
    for (const words of ['Đang diễn ra', 'Đang xử lý', 'Đã xác minh', 'Số liệu trực tiếp', 'Không', 'Nội bộ', '62,4']) {
      await article
        .getByText(words, { exact: words === 'Không' })
        .first()
        .waitFor();
    }
    await article.getByText('Đã gọi trực ban thủy điện.').waitFor();
    await article.getByText('Phần mềm phan-mem-pccc').waitFor();
    await page.getByRole('img', { name: /thấp nhất 4,5.m.*|thấp nhất.*mm/ }).waitFor();
    await page.getByRole('img', { name: 'Sơ đồ vị trí trong tỉnh Nghệ An: Trạm Quỳ Châu' }).waitFor();
    await page.getByText('Điện thoại đã hủy đăng ký').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('a change elsewhere shows without a touch', async () => {
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await caseTitle(CRITICAL.title.vi).waitFor();
    hub.change({ ...CRITICAL, authenticity: 'confirmed' }, 'verify');
    await page.getByRole('article').getByText('Đã xác minh').waitFor();
  });

  test('an unknown alert says so', async () => {
    await openDesk('#/alerts/0199aa00-0000-7000-8000-00000000dead');
    await page.getByText('Không tìm thấy cảnh báo này').waitFor();
  });
});

describe('commands', () => {
  test('nothing is taken for done before the hub answered', async () => {
    let release = () => {};
    const answered = new Promise<void>((resolve) => {
      release = resolve;
    });
    const execute = hub.routes['POST /alerts/:id/commands']!;
    hub.routes['POST /alerts/:id/commands'] = async (received, parts) => {
      await answered;
      return await execute(received, parts);
    };
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await page.keyboard.press('Alt+n');
    await page.getByRole('button', { name: 'Đang gửi…' }).waitFor();
    await page.getByRole('article').getByText('Chưa tiếp nhận').waitFor();
    release();
    await page.getByText('Đã ghi nhận: Tiếp nhận.').waitFor();
    await page.getByRole('article').getByText('Đã tiếp nhận').waitFor();
    const [sent] = hub.got(`POST /alerts/${CRITICAL.id}/commands`);
    expect(sent?.body).toEqual({ type: 'acknowledge' });
    expect(sent?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
  });

  test('a refusal shows its reason and what was typed stays', async () => {
    hub.routes['POST /alerts/:id/commands'] = () => problem(409, 'not-allowed-now', 'cảnh báo đã đóng');
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await page.getByRole('button', { name: 'Ghi chú' }).click();
    await page.getByLabel('Nội dung ghi chú').fill('Đã gọi điện');
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await page.getByText('cảnh báo đã đóng').waitFor();
    expect(await page.getByLabel('Nội dung ghi chú').inputValue()).toBe('Đã gọi điện');
  });

  test('trying again after no answer uses the same key, so it cannot be done twice', async () => {
    let tries = 0;
    const execute = hub.routes['POST /alerts/:id/commands']!;
    hub.routes['POST /alerts/:id/commands'] = (received, parts) =>
      ++tries === 1 ? problem(503, 'busy', 'busy') : execute(received, parts);
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await page.getByRole('button', { name: 'Ghi chú' }).click();
    await page.getByLabel('Nội dung ghi chú').fill('Đã gọi điện');
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await page.getByText('Chưa thực hiện được').waitFor();
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await page.getByText('Đã ghi nhận: Ghi chú.').waitFor();
    const keys = hub.got(`POST /alerts/${CRITICAL.id}/commands`).map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  test('a comment must say something', async () => {
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await page.keyboard.press('Alt+g');
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await page.getByText('Đề nghị nhập nội dung này.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(hub.got(`POST /alerts/${CRITICAL.id}/commands`)).toEqual([]);
  });

  test('keys are dead while somebody types, while Vietnamese is composed, and when switched off', async () => {
    await openDesk(`#/alerts/${CRITICAL.id}`);
    await page.getByRole('button', { name: 'Ghi chú' }).click();
    await page.getByLabel('Nội dung ghi chú').press('Alt+n');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Hủy' }).click();
    await page.evaluate(() => {
      const press = { code: 'KeyN', altKey: true, isComposing: true, bubbles: true };
      window.dispatchEvent(new KeyboardEvent('keydown', press));
    });
    await page.getByLabel('Phím tắt (Alt + chữ)').uncheck();
    await page.keyboard.press('Alt+n');
    expect(await page.getByRole('button', { name: /Alt\+/ }).count()).toBe(0);
    expect(hub.got(`POST /alerts/${CRITICAL.id}/commands`)).toEqual([]);
    await page.getByLabel('Phím tắt (Alt + chữ)').check();
    await page.getByRole('main').press('Alt+n');
    await page.getByText('Đã ghi nhận: Tiếp nhận.').waitFor();
  });
});

describe('a hub that cannot be heard', () => {
  test('is unmistakable, and over by itself when it is back', async () => {
    await openDesk();
    await page.getByText('Trực tuyến').waitFor();
    hub.away = true;
    const banner = page.getByText('Mất kết nối với trung tâm.');
    await banner.waitFor();
    expect(await page.locator('main.lost').count()).toBe(1);
    await page.locator('ops-alert-queue .title').first().waitFor();
    hub.away = false;
    await banner.waitFor({ state: 'hidden', timeout: 20_000 });
  });

  test('what of the hub does not work is said all the time', async () => {
    hub.age = { ...hub.age, degraded: [{ part: 'store', reason: 'không trả lời' }] };
    await openDesk();
    await page.getByText('Trung tâm đang hoạt động thiếu: store (không trả lời)').waitFor();
  });
});
