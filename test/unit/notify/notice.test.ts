import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import type { PushPayload } from '#contract/push.ts';
import { truncateUtf8 } from '../../../server/notify/grapheme.ts';
import { MAX_PAYLOAD_BYTES, noticeOf, testNotice } from '../../../server/notify/notice.ts';
import type { Announcement } from '../../../server/notify/route.ts';
import { AT, changeOf } from './alert-sample.ts';

const read = (text: string) => JSON.parse(text) as PushPayload;
const notice = (announcement: Announcement, alert: Partial<Alert> = {}) =>
  read(noticeOf(announcement, changeOf('fired', alert)));

test('a fired alert reads like a sentence an officer understands at three in the morning', () => {
  expect(notice('fired')).toEqual({
    kind: 'alert',
    tag: '019a2c4e-0000-7000-8000-000000000001',
    title: 'Nghiêm trọng: Mực nước vượt báo động II',
    body: 'Trạm Nam Đàn · 5,4\u00a0m · 14:03 27/10',
    url: '/m/#/alerts/019a2c4e-0000-7000-8000-000000000001',
    severity: 'major',
    condition: 'firing',
    at: '2026-10-27T07:03:00.000Z',
  });
});

test.each([
  ['fired', { severity: 'critical' }, 'Khẩn cấp: '],
  ['refired', {}, 'Tái diễn – Nghiêm trọng: '],
  ['raised', { severity: 'critical' }, 'Nâng mức – Khẩn cấp: '],
  ['assigned', { severity: 'warning' }, 'Giao xử lý – Cảnh báo: '],
  ['unshelved', { severity: 'minor' }, 'Hết tạm gác – Trung bình: '],
  ['ended', { condition: 'resolved', endsAt: '2026-10-27T17:30:00Z' }, 'Đã kết thúc: '],
] as const)('%s begins with what it is', (announcement, alert, lead) => {
  expect(notice(announcement, alert).title).toBe(`${lead}Mực nước vượt báo động II`);
});

test('the end tells when it ended, past midnight in Vietnam', () => {
  const ended = notice('ended', { condition: 'resolved', endsAt: '2026-10-27T17:30:00Z', value: null });
  expect(ended.body).toBe('Trạm Nam Đàn · 00:30 28/10');
  expect(ended.condition).toBe('resolved');
});

test.each([
  [1234.5, 'm3/s', '1.235\u00a0m³/s'],
  [-0.25, 'Cel', '-0,25\u00a0°C'],
  [12, null, '12'],
  [3, 'mm', '3\u00a0mm'],
])('a value of %d %s is written %j', (value, uom, expected) => {
  expect(notice('fired', { value, uom, thing: null }).body).toBe(`${expected} · 14:03 27/10`);
});

test('nothing of people is in it: a lock screen is read by others', () => {
  const text = noticeOf('assigned', {
    ...changeOf('assign', { assignee: 'nguyen-van-a', acknowledgedBy: 'tran-thi-b', labels: { phone: '0912' } }),
    actor: 'le-van-c',
    note: 'gọi số 0912345678',
  });
  expect(text).not.toMatch(/nguyen-van-a|tran-thi-b|le-van-c|0912/);
});

const hostile = fc.string({
  unit: fc.constantFrom('ệ', 'e\u0323\u0302', '👩‍🌾', '\u0000', 'a', ' ', '\ud800', '"', '\u202e'),
  maxLength: 3_000,
});

test('no text, however hostile, makes a payload too long', () => {
  fc.assert(
    fc.property(hostile, hostile, (vi, thing) => {
      const text = noticeOf('fired', changeOf('fired', { title: { vi, en: 'x' }, thing }));
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      expect(read(text).body.length).toBeGreaterThan(0);
    }),
  );
});

test('a cut text fits, begins as the whole did, and ends between two letters', () => {
  const letters = (text: string) => [...new Intl.Segmenter('vi').segment(text)].map(({ segment }) => segment);
  fc.assert(
    fc.property(hostile, fc.integer({ min: 10, max: 4_000 }), (text, bytes) => {
      const cut = truncateUtf8(text, bytes);
      expect(Buffer.byteLength(JSON.stringify(cut)) - 2).toBeLessThanOrEqual(bytes);
      if (cut === text) return;
      expect(cut.endsWith('…')).toBe(true);
      const kept = letters(cut.slice(0, -1));
      expect(kept).toEqual(letters(text).slice(0, kept.length));
    }),
  );
});

test.each([
  ['short enough stays', 'Lũ lớn', 20, 'Lũ lớn'],
  ['cut after a whole letter', 'Lũ lớn', 8, 'Lũ l…'],
  ['a letter of several marks goes as a whole', `ae\u0323\u0302b`, 5, 'a…'],
  ['a family is one letter', 'a👩‍🌾', 10, 'a…'],
])('%s', (_, text, bytes, expected) => {
  expect(truncateUtf8(text, bytes)).toBe(expected);
});

test('a test notice says that it is one', () => {
  const payload = read(testNotice(AT));
  expect(payload).toMatchObject({ kind: 'test', url: '/m/', title: 'Thông báo thử' });
  expect(payload.body).toContain('14:03 27/10');
});
