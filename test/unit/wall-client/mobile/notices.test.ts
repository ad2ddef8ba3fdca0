import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONDITIONS, HANDLINGS } from '#contract/names.ts';
import type { PushPayload } from '#contract/push.ts';
import { nextStep, stepCommand } from '../../../../wall-client/views/mobile/next-step.ts';
import { parsePhoneRoute } from '../../../../wall-client/views/mobile/phone-route.ts';
import { noticeOf, scopedUrl } from '../../../../wall-client/views/mobile/push-notice.ts';
import { decodeKey, type PushAbility, pushState, sameKey } from '../../../../wall-client/views/mobile/push-state.ts';
import { referencesOf } from '../../../../wall-client/views/mobile/shell-cache.ts';

const FALLBACK = { title: 'Có cảnh báo mới', body: 'Mở ứng dụng để xem.' };
const ALERT = '0199aa00-0000-7000-8000-000000000001';

const payload = (more: Partial<PushPayload>): string =>
  JSON.stringify({
    kind: 'alert',
    tag: ALERT,
    title: 'Khẩn cấp: Mực nước vượt báo động III',
    body: 'Trạm Chợ Tràng',
    url: `/m/#/alerts/${ALERT}`,
    severity: 'critical',
    condition: 'firing',
    at: '2026-11-23T03:00:00Z',
    ...more,
  });

describe('a push becomes a notice', () => {
  test('that rings again over the older notice of the same alert', () => {
    expect(noticeOf(payload({}), FALLBACK)).toMatchObject({
      title: 'Khẩn cấp: Mực nước vượt báo động III',
      options: {
        tag: ALERT,
        renotify: true,
        silent: false,
        requireInteraction: true,
        data: { url: `/m/#/alerts/${ALERT}` },
      },
    });
  });

  test('silent when the alert has ended, and gone when the person looks away', () => {
    const { options } = noticeOf(payload({ condition: 'resolved' }), FALLBACK);
    // A silent notice that renotifies is refused by browsers (Notifications API §3.2.1).
    expect(options).toMatchObject({ tag: ALERT, renotify: false, silent: true, requireInteraction: false });
  });

  test('only what is critical stays until it is dealt with', () => {
    expect(noticeOf(payload({ severity: 'major' }), FALLBACK).options.requireInteraction).toBe(false);
  });

  test.each([
    ['no data at all', null],
    ['not JSON', '<html>'],
    ['JSON that is nothing', 'null'],
    ['no title', payload({ title: '' })],
    ['a title that is no text', '{"title":1,"tag":"a"}'],
    ['no tag: browsers refuse renotify without one', '{"title":"a","tag":2}'],
  ])('even of a push that cannot be read: %s', (_, text) => {
    expect(noticeOf(text, FALLBACK)).toMatchObject({ title: FALLBACK.title, options: { body: FALLBACK.body } });
  });

  test('whatever comes, there is a title and a place to go on the phone page', () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.anything(), (text, value) => {
        for (const given of [text, JSON.stringify(value) ?? null]) {
          const { title, options } = noticeOf(given, FALLBACK);
          expect(title).not.toBe('');
          expect((options.data as { url: string }).url.startsWith('/m/')).toBe(true);
        }
      }),
    );
  });

  test.each<[unknown, string, string]>([
    [`/m/#/alerts/${ALERT}`, `/m/#/alerts/${ALERT}`, 'a path of the phone'],
    [
      `https://ioc.example/m/#/alerts/${ALERT}`,
      `/m/#/alerts/${ALERT}`,
      'the hub’s public address: this origin is meant',
    ],
    ['https://evil.example/', '/m/', 'elsewhere'],
    ['/desk', '/m/', 'not the phone'],
    ['/m/../desk', '/m/', 'not the phone, by a detour'],
    ['javascript:alert(1)', '/m/', 'no address'],
    [undefined, '/m/', 'nothing'],
  ])('a tap on %s opens %s', (url, target) => expect(scopedUrl(url)).toBe(target));
});

describe('whether this phone rings', () => {
  const able: PushAbility = {
    secure: true,
    serviceWorker: true,
    pushManager: true,
    notification: true,
    permission: 'granted',
    apple: false,
    installed: false,
  };
  test.each<[string, Partial<PushAbility>, boolean, string]>([
    ['subscribed and allowed', {}, true, 'on'],
    ['allowed, not subscribed', {}, false, 'off'],
    ['not asked yet', { permission: 'default' }, false, 'off'],
    ['allowed once, permission taken back since', { permission: 'default' }, true, 'off'],
    ['denied, whatever subscription is left', { permission: 'denied' }, true, 'denied'],
    ['no push in this browser', { pushManager: false }, false, 'unsupported'],
    [
      'iOS in the browser has no push, but on the home screen it will',
      { apple: true, pushManager: false },
      false,
      'install',
    ],
    ['iOS on the home screen', { apple: true, installed: true }, true, 'on'],
    ['iOS too old, on the home screen', { apple: true, installed: true, pushManager: false }, false, 'unsupported'],
    ['without HTTPS nothing else matters', { secure: false, serviceWorker: false }, false, 'insecure'],
  ])('%s', (_, more, subscribed, state) => {
    expect(pushState({ ...able, ...more }, subscribed)).toBe(state);
  });

  test('a key is its bytes, and another key is told apart', () => {
    const key = decodeKey('BPj_-w');
    expect([...key]).toEqual([4, 248, 255, 251]);
    expect(sameKey(key.buffer, decodeKey('BPj_-w'))).toBe(true);
    expect(sameKey(key.buffer, decodeKey('BPj_-g'))).toBe(false);
    expect(sameKey(null, key)).toBe(false);
  });
});

describe('the next step', () => {
  test.each([
    ['new', 'acknowledge'],
    ['acknowledged', 'start'],
    ['assigned', 'start'],
    ['in-progress', 'finish'],
    ['done', null],
    ['closed', null],
  ] as const)('of %s is %s', (handling, step) => {
    for (const condition of CONDITIONS) expect(nextStep({ handling, condition })).toBe(step);
  });

  test('every handling has an answer', () => {
    for (const handling of HANDLINGS) expect(nextStep({ handling, condition: 'firing' })).not.toBeUndefined();
  });

  test('a note goes along only when there is one', () => {
    expect(stepCommand('acknowledge', ' ')).toEqual({ type: 'acknowledge' });
    expect(stepCommand('finish', ' Đã gia cố kè ')).toEqual({
      type: 'report-status',
      status: 'done',
      text: 'Đã gia cố kè',
    });
  });
});

describe('the address', () => {
  test.each([
    [`#/alerts/${ALERT}`, { page: 'alert', id: ALERT }],
    ['#/account', { page: 'account' }],
    ['', { page: 'list' }],
    ['#/alerts/../x', { page: 'list' }],
  ])('%s', (hash, route) => expect(parsePhoneRoute(hash)).toEqual(route));
});

describe('files a shell refers to', () => {
  const BASE = 'https://hub/m/';
  const SCRIPT = 'https://hub/assets/mobile-AbCdEf12.js';
  test.each([
    [
      '<script type="module" src="/assets/mobile-AbCdEf12.js"></script>',
      BASE,
      ['/assets/mobile-AbCdEf12.js'],
      'a script of the page',
    ],
    ['<link rel="manifest" href="/m/manifest.webmanifest" />', BASE, ['/m/manifest.webmanifest'], 'the manifest'],
    ['import{a}from"./lit-hdE5WVXE.js";', SCRIPT, ['/assets/lit-hdE5WVXE.js'], 'a chunk beside the script'],
    [
      'new URL("/assets/socket-worker-q28ffP-I.js",import.meta.url)',
      SCRIPT,
      ['/assets/socket-worker-q28ffP-I.js'],
      'a worker',
    ],
    [
      '["assets/late-0_-aBcD1.css"]',
      SCRIPT,
      ['/assets/late-0_-aBcD1.css'],
      'a list of the bundler, relative to the root',
    ],
    [
      'src:url(/assets/be-vietnam-pro-CRcqvyg1.woff2)',
      'https://hub/assets/a-12345678.css',
      ['/assets/be-vietnam-pro-CRcqvyg1.woff2'],
      'a font of a style',
    ],
    ['fetch("/api/v1/alerts")', SCRIPT, [], 'an answer of the hub is never part of a shell'],
    ['//# sourceMappingURL=mobile-AbCdEf12.js.map', SCRIPT, [], 'a source map'],
    ['<a href="https://elsewhere/x.js">', BASE, [], 'elsewhere'],
  ])('%s', (text, base, files) => expect(referencesOf(text, base)).toEqual(files));
});
