import { describe, expect, test } from 'vitest';
import { deskEn } from '../../../../wall-client/i18n/desk.en.ts';
import { deskVi } from '../../../../wall-client/i18n/desk.vi.ts';
import { mobileEn } from '../../../../wall-client/i18n/mobile.en.ts';
import { mobileVi } from '../../../../wall-client/i18n/mobile.vi.ts';

const names = (text: string) => new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name));

describe.each([
  ['desk', deskVi, deskEn],
  ['mobile', mobileVi, mobileEn],
])('texts of the %s', (_, vi, en: Readonly<Record<string, string>>) => {
  test.each(Object.entries(vi))('%s says the same values in both languages', (key, text) => {
    expect(names(en[key]!)).toEqual(names(text));
  });

  test('Vietnamese is NFC: a decomposed letter is drawn as two', () => {
    for (const text of Object.values(vi)) expect(text).toBe(text.normalize('NFC'));
  });
});
