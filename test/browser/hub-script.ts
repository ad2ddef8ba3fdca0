import type { Alert, AlertChange, AlertCommand } from '#contract/alert.ts';
import type { SourceHealth } from '#contract/live.ts';
import type { Principal, Unit, User } from '#contract/people.ts';
import type { Delivery } from '#contract/push.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { Answer, Routes, ScriptedHub } from './scripted-hub.ts';

/** The day's work of a small centre, for pages to show: units, sources, alerts, people. */

const MINUTE = 60_000;
const START = Date.now();
const ago = (minutes: number) => new Date(START - minutes * MINUTE).toISOString();

export const PASSWORD = 'mat-khau-thu-nghiem';

export const UNITS: readonly Unit[] = [
  unit('tinh-nghe-an', 'Ủy ban nhân dân tỉnh Nghệ An', "Nghệ An Provincial People's Committee"),
  unit('so-nnmt', 'Sở Nông nghiệp và Môi trường', 'Department of Agriculture and Environment'),
  unit('so-xd', 'Sở Xây dựng', 'Department of Construction'),
  unit('cong-an', 'Công an tỉnh', 'Provincial Police'),
];

function unit(id: string, vi: string, en: string): Unit {
  return { id, kind: 'department', name: { vi, en }, parent: id === 'tinh-nghe-an' ? null : 'tinh-nghe-an' };
}

export function alertOf(number: number, more: Partial<Alert>): Alert {
  return {
    id: `0199aa00-0000-7000-8000-${String(number).padStart(12, '0')}`,
    rule: 'river-above-level-2',
    labels: { hazard: 'flood', river: 'Lam' },
    title: { vi: 'Mực nước vượt báo động II', en: 'River above alarm level II' },
    severity: 'major',
    unit: 'so-nnmt',
    condition: 'firing',
    quality: 'live',
    authenticity: 'unverified',
    handling: 'new',
    suppressed: null,
    publication: 'internal',
    startsAt: ago(9 + number),
    firedAt: ago(4 + number),
    endsAt: null,
    value: 5.62,
    uom: 'm',
    location: { type: 'Point', coordinates: [105.5, 18.75] },
    series: '6f1f0a3e-5d4b-5c1e-9a43-0123456789ab',
    thing: 'Trạm Nam Đàn',
    runbook: 'runbooks/river-above-level-2.md',
    assignee: null,
    acknowledgedBy: null,
    seq: number,
    ...more,
  };
}

export const ALERTS: readonly Alert[] = [
  alertOf(1, {
    severity: 'critical',
    title: { vi: 'Mực nước vượt báo động III', en: 'River above alarm level III' },
    rule: 'river-above-level-3',
    value: 7.91,
    thing: 'Trạm Chợ Tràng',
    location: { type: 'Point', coordinates: [105.63, 18.62] },
  }),
  alertOf(2, {}),
  alertOf(3, {
    rule: 'rain-heavy',
    title: { vi: 'Mưa rất to trong 1 giờ', en: 'Very heavy rain within one hour' },
    value: 62.4,
    uom: 'mm',
    thing: 'Trạm Quỳ Châu',
    location: { type: 'Point', coordinates: [105.1, 19.56] },
    handling: 'in-progress',
    acknowledgedBy: 'nguyen.van.an',
    assignee: 'tran.thi.binh',
    authenticity: 'confirmed',
  }),
  alertOf(4, {
    rule: 'discharge-fast',
    severity: 'minor',
    title: { vi: 'Lưu lượng xả tăng nhanh', en: 'Discharge rising fast' },
    value: 1840,
    uom: 'm3/s',
    thing: 'Hồ chứa Bản Vẽ',
    location: { type: 'Point', coordinates: [104.48, 19.34] },
    condition: 'resolved',
    endsAt: ago(2),
  }),
  alertOf(5, {
    rule: 'sea-warm',
    severity: 'warning',
    title: { vi: 'Nhiệt độ nước biển cao bất thường tại khu vực nuôi trồng thủy sản ven bờ', en: 'Sea unusually warm' },
    value: 31.2,
    uom: 'Cel',
    thing: 'Phao Cửa Lò',
    quality: 'missing',
    condition: 'recovering',
    handling: 'acknowledged',
    acknowledgedBy: 'nguyen.van.an',
    authenticity: 'checking',
  }),
  alertOf(6, {
    rule: 'camera-crowd',
    severity: 'info',
    title: { vi: 'Camera ghi nhận tập trung đông người', en: 'Camera saw a crowd' },
    unit: 'cong-an',
    value: null,
    uom: null,
    series: null,
    location: null,
    thing: 'Camera Quảng trường Hồ Chí Minh',
    suppressed: { why: 'Lễ hội có kế hoạch', by: 'nguyen.van.an', until: new Date(START + 90 * MINUTE).toISOString() },
  }),
];

export const SOURCES: readonly SourceHealth[] = [
  source('muc-nuoc-ca', 'Mực nước sông Cả', 'up', 0.1, false),
  source('mua-tu-dong', 'Đo mưa tự động', 'up', 1, true),
  source('phao-bien', 'Phao biển Cửa Lò', 'down', 47, false),
];

function source(id: string, name: string, link: 'up' | 'down', minutes: number, recorded: boolean): SourceHealth {
  return {
    source: id,
    unit: 'so-nnmt',
    name,
    link,
    lastSampleAt: ago(minutes),
    staleAfter: 900,
    stale: minutes > 15,
    samples: 48_210,
    duplicates: 12,
    quarantined: link === 'down' ? 3 : 0,
    recorded,
  };
}

export const QUARANTINE: readonly QuarantineItem[] = [
  {
    id: 'q1',
    at: ago(3),
    source: 'phao-bien',
    transport: 'mqtt',
    topic: 'ioc/v1/so-nnmt/phao-bien/samples',
    reason: 'future-time',
    detail: 'bản ghi 2: thời gian 2031-01-01T00:00:00Z ở sau đồng hồ trung tâm hơn 5 phút',
    excerpt:
      '[{"bn":"phao-01:","n":"sea-surface-temperature","u":"Cel","t":1924992000,"v":29.1},<img src=x onerror=alert(1)>',
    size: 412,
  },
  {
    id: 'q2',
    at: ago(50),
    source: null,
    transport: 'http',
    topic: null,
    reason: 'malformed',
    detail: 'ký tự 17: thiếu dấu ngoặc vuông đóng',
    excerpt: '[{"n":"mua","v":',
    size: 16,
  },
];

export const PEOPLE: readonly User[] = [
  { username: 'quan.tri', name: 'Lê Quản Trị', role: 'administrator', unit: null },
  { username: 'nguyen.van.an', name: 'Nguyễn Văn An', role: 'shift-leader', unit: null },
  { username: 'tran.thi.binh', name: 'Trần Thị Bình', role: 'focal-point', unit: 'so-nnmt' },
];

const DELIVERIES: readonly Delivery[] = [
  delivery('d1', 'tran.thi.binh', 'accepted', 201, 1),
  delivery('d2', 'pham.van.cuong', 'gone', 410, 3),
];

function delivery(id: string, username: string, state: Delivery['state'], status: number, attempts: number): Delivery {
  return {
    id,
    alert: alertOf(1, {}).id,
    seq: 1,
    subscription: `sub-${id}`,
    username,
    state,
    attempts,
    status,
    detail: status === 410 ? '410 Gone' : null,
    queuedAt: ago(4),
    finishedAt: ago(4),
  };
}

function trailOf(alert: Alert): AlertChange[] {
  const change = (
    seq: number,
    minutes: number,
    kind: AlertChange['kind'],
    actor: string | null,
    note: string | null,
  ) => ({
    seq,
    at: START - minutes * MINUTE,
    kind,
    actor,
    note,
    alert,
  });
  const fired = [change(1, 10, 'pending', null, null), change(2, 5, 'fired', null, null)];
  if (alert.acknowledgedBy === null) return fired;
  return [
    ...fired,
    change(3, 4, 'acknowledge', alert.acknowledgedBy, 'Đã gọi trực ban thủy điện.'),
    change(4, 2, 'comment', 'token:phan-mem-pccc', 'Đã điều lực lượng ra hiện trường.'),
  ];
}

/** What the hub's executor does to the alert, as far as the pages show it. */
export function apply(alert: Alert, command: AlertCommand, by: string): Alert {
  switch (command.type) {
    case 'acknowledge':
      return { ...alert, handling: 'acknowledged', acknowledgedBy: by };
    case 'report-status':
      return { ...alert, handling: command.status === 'done' ? 'done' : 'in-progress' };
    case 'resolve':
      return { ...alert, handling: 'closed', condition: 'resolved', endsAt: new Date().toISOString() };
    case 'verify':
      return { ...alert, authenticity: command.result };
    default:
      return alert;
  }
}

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const page = (items: readonly unknown[]) => ok({ items, nextCursor: null });

export function problem(status: number, code: string, detail: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { type: `urn:ioc:problem:${code}`, title: code, status, detail }, headers };
}

/** The routes of a working hub with `principal` as the one who logs in. */
export function routesFor(principal: Principal, hub: () => ScriptedHub): Routes {
  const find = (id: string) => hub().alerts.find((alert) => alert.id === id);
  const byCookie = (cookie: string | undefined, answer: () => Answer) =>
    /ioc_session=1/.test(cookie ?? '') ? answer() : problem(401, 'not-authenticated', 'log in');
  return {
    'POST /sessions': ({ body }) =>
      (body as { password: string }).password === PASSWORD
        ? {
            status: 201,
            body: principal,
            headers: { 'set-cookie': 'ioc_session=1; Path=/; HttpOnly; SameSite=Strict' },
          }
        : problem(401, 'wrong-credentials', 'wrong'),
    'GET /sessions/current': ({ headers }) => byCookie(headers.cookie, () => ok(principal)),
    'DELETE /sessions/current': () => ({ status: 204, headers: { 'set-cookie': 'ioc_session=; Path=/; Max-Age=0' } }),
    'GET /units': () => page(UNITS),
    'GET /users': () => page(PEOPLE),
    'POST /users': ({ body }) => ok(body, 201),
    'GET /alerts': ({ headers }) => byCookie(headers.cookie, () => page(hub().alerts)),
    'GET /alerts/:id': (_, [id = '']) => {
      const alert = find(id);
      return alert ? ok(alert) : problem(404, 'not-found', 'no such alert');
    },
    'GET /alerts/:id/history': (_, [id = '']) => {
      const alert = find(id);
      return alert ? page(trailOf(alert)) : problem(404, 'not-found', 'no such alert');
    },
    'POST /alerts/:id/commands': ({ body }, [id = '']) => {
      const alert = find(id);
      if (!alert) return problem(404, 'not-found', 'no such alert');
      const by = principal.kind === 'wall' ? '' : principal.name;
      hub().change(apply(alert, body as AlertCommand, by), (body as AlertCommand).type);
      return ok(find(id));
    },
    'GET /series/:id/samples': () =>
      page(
        Array.from({ length: 120 }, (_, at) => ({
          time: ago(75 - at * 0.6),
          value: 4.6 + at * 0.011 + Math.sin(at / 5) * 0.09,
          quality: 'live',
        })),
      ),
    'GET /deliveries': () => page(DELIVERIES),
    'GET /quarantine': () => page(QUARANTINE),
    'GET /wall-screens': () => page([{ id: 's1', wall: 'main', pairedBy: 'nguyen.van.an', pairedAt: ago(300) }]),
    'POST /wall-pairings/claim': ({ body }) =>
      (body as { code: string }).code === 'K7P4QX' ? ok({ wall: 'main' }) : problem(404, 'not-found', 'no such code'),
    'DELETE /wall-screens/:id': () => ({ status: 204 }),
  };
}
