import type { Alert, AlertChange } from '#contract/alert.ts';
import type { Severity } from '#contract/names.ts';
import type { PushPayload } from '#contract/push.ts';
import { truncateUtf8 } from './grapheme.ts';
import type { Announcement } from './route.ts';

/** The encrypted body is 103 bytes longer, and 4,096 is what every push service takes (RFC 8030 §7.2). */
export const MAX_PAYLOAD_BYTES = 3_993;
const MAX_TITLE_BYTES = 600;
const MAX_BODY_BYTES = 1_200;

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: 'Khẩn cấp',
  major: 'Nghiêm trọng',
  minor: 'Trung bình',
  warning: 'Cảnh báo',
  info: 'Thông tin',
};

const LEADS: Readonly<Record<Announcement, (word: string) => string>> = {
  fired: (word) => word,
  refired: (word) => `Tái diễn – ${word}`,
  raised: (word) => `Nâng mức – ${word}`,
  assigned: (word) => `Giao xử lý – ${word}`,
  unshelved: (word) => `Hết tạm gác – ${word}`,
  ended: () => 'Đã kết thúc',
};

/**
 * What the phone shows of a change, in Vietnamese. Neutral on purpose: a lock screen is read by others, so no names of
 * people, no reasons and no free text of theirs.
 * @returns JSON of a `PushPayload`, at most {@link MAX_PAYLOAD_BYTES} of UTF-8
 */
export function noticeOf(announcement: Announcement, change: AlertChange): string {
  const { alert } = change;
  const at = instantOf(announcement, change);
  const parts = [alert.thing ?? '', figureOf(alert), clockOf(at)].filter((part) => part !== '');
  return encode({
    kind: 'alert',
    tag: alert.id,
    title: `${LEADS[announcement](SEVERITY_WORDS[alert.severity])}: ${alert.title.vi}`,
    body: parts.join(' · '),
    url: `/m/#/alerts/${alert.id}`,
    severity: alert.severity,
    condition: alert.condition,
    at: new Date(at).toISOString(),
  });
}

/** The notice a person sends to their own phone to see that it rings. */
export function testNotice(now: number): string {
  return encode({
    kind: 'test',
    tag: 'test',
    title: 'Thông báo thử',
    body: `Điện thoại này nhận được cảnh báo của Trung tâm điều hành · ${clockOf(now)}`,
    url: '/m/',
    severity: 'info',
    condition: 'firing',
    at: new Date(now).toISOString(),
  });
}

function encode(payload: PushPayload): string {
  return JSON.stringify({
    ...payload,
    title: truncateUtf8(payload.title, MAX_TITLE_BYTES),
    body: truncateUtf8(payload.body, MAX_BODY_BYTES),
  });
}

/** When it happened, on the clock of what was measured where there is one, ms. */
function instantOf(announcement: Announcement, { alert, at }: AlertChange): number {
  const stamp = announcement === 'fired' ? alert.firedAt : announcement === 'ended' ? alert.endsAt : null;
  const parsed = stamp === null ? Number.NaN : Date.parse(stamp);
  return Number.isFinite(parsed) ? parsed : at;
}

const UOM_SIGNS: Readonly<Record<string, string>> = {
  Cel: '°C',
  '%RH': '%',
  '%EL': '%',
  'm3/s': 'm³/s',
  m3: 'm³',
  'ug/m3': 'µg/m³',
  deg: '°',
  Ohm: 'Ω',
};

function figureOf({ value, uom }: Alert): string {
  if (value === null || !Number.isFinite(value)) return '';
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 1000 ? 0 : size >= 1 ? 1 : 2;
  const figure = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: digits }).format(value);
  return uom === null ? figure : `${figure}\u00a0${UOM_SIGNS[uom] ?? uom}`;
}

const VIETNAM = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  day: '2-digit',
  month: '2-digit',
});

/** 14:03 27/10, in Vietnam's time. */
function clockOf(time: number): string {
  const parts = new Map(VIETNAM.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${parts.get('hour')}:${parts.get('minute')} ${parts.get('day')}/${parts.get('month')}`;
}
