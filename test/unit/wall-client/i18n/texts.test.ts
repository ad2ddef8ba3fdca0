import { afterEach, describe, expect, it } from 'vitest';
import {
  formatAge,
  formatClock,
  formatCountdown,
  formatDate,
  formatMoment,
  formatNumber,
  formatValue,
  minuteOfDay,
} from '../../../../wall-client/i18n/format.ts';
import { chooseLanguage, defineTexts, setLanguage } from '../../../../wall-client/i18n/language.ts';

type Texts = Readonly<Record<string, string>>;
const files = import.meta.glob<Record<string, Texts>>('../../../../wall-client/i18n/*.{vi,en}.ts', { eager: true });

/** Area → language → texts; a file exports one object. */
const areas = new Map<string, Partial<Record<'vi' | 'en', Texts>>>();
for (const [path, module] of Object.entries(files)) {
  const [, area = '', language = ''] = /([\w-]+)\.(vi|en)\.ts$/.exec(path) ?? [];
  areas.set(area, { ...areas.get(area), [language]: Object.values(module)[0] });
}
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort();

describe.each([...areas])('texts of %s', (_area, texts) => {
  const vi = texts.vi ?? {};
  const en = texts.en ?? {};

  it('have the same keys in both languages, and none is empty', () => {
    expect(Object.keys(vi).length).toBeGreaterThan(0);
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
    for (const text of [...Object.values(vi), ...Object.values(en)]) expect(text.trim()).not.toBe('');
  });

  it('are NFC, because deck.gl draws NFD without its marks', () => {
    for (const text of Object.values(vi)) expect(text).toBe(text.normalize('NFC'));
  });

  it('take the same values in both languages', () => {
    for (const [key, text] of Object.entries(vi))
      expect([key, placeholders(en[key] ?? '')]).toEqual([key, placeholders(text)]);
  });
});

describe('defineTexts', () => {
  afterEach(() => setLanguage('vi'));
  const text = defineTexts({ days: '{count} ngày' }, { days: '{count} {count|day|days}' });

  it('fills values in and follows English plural rules', () => {
    expect(text('days', { count: 1 })).toBe('1 ngày');
    setLanguage('en');
    expect(text('days', { count: 1 })).toBe('1 day');
    expect(text('days', { count: 2 })).toBe('2 days');
  });

  it('leaves a placeholder without a value to be seen', () => {
    expect(text('days', {})).toBe('{count} ngày');
  });
});

describe('chooseLanguage', () => {
  it.each<[string, string | null, string, string]>([
    ['', null, 'vi', 'nothing said'],
    ['?lang=en', null, 'en', 'the address says so'],
    ['?lang=en', 'vi', 'en', 'the address wins over what was stored'],
    ['', 'en', 'en', 'stored'],
    ['?lang=fr', null, 'vi', 'unknown'],
  ])('%s with %s stored gives %s: %s', (search, stored, expected) => {
    expect(chooseLanguage(search, stored)).toBe(expected);
  });
});

describe('formats in Vietnamese', () => {
  const noon = Date.UTC(2026, 10, 23, 5, 3, 9);

  it.each<[number, number | undefined, string, string]>([
    [1268.46, undefined, '1268', 'thousands need no decimals'],
    [12_700, undefined, '12.700', 'grouped from five digits on'],
    [100.59, undefined, '100,6', 'one decimal from 1 on'],
    [0.256, undefined, '0,26', 'two below 1'],
    [12, undefined, '12', 'a whole number stays whole'],
    [12, 1, '12,0', 'as many as asked for'],
    [-0.04, 1, '0,0', 'no negative zero'],
  ])('writes %d with %s decimals as %s: %s', (value, decimals, expected) => {
    expect(formatNumber(value, decimals)).toBe(expected);
  });

  it('writes SenML units as people do', () => {
    expect(formatValue(21.5, 'Cel')).toBe('21,5\u00A0°C');
    expect(formatValue(3, 'l/s')).toBe('3\u00A0l/s');
    expect(formatValue(3, null)).toBe('3');
  });

  it('tells clock and date in the province, whatever the machine thinks', () => {
    expect(formatClock(noon)).toBe('12:03:09');
    expect(formatDate(noon)).toBe('Thứ Hai, 23/11/2026');
    expect(minuteOfDay(noon)).toBe(12 * 60 + 3);
    expect(formatMoment(noon, noon + 60_000)).toBe('12:03');
    expect(formatMoment(noon, noon + 86_400_000)).toBe('12:03 23/11');
  });

  it.each([
    [3400, '3 giây trước'],
    [61_000, '1 phút trước'],
    [7_300_000, '2 giờ trước'],
    [180_000_000, '2 ngày trước'],
    [-5000, '0 giây trước'],
  ])('tells an age of %d ms as %s', (age, expected) => {
    expect(formatAge(age)).toBe(expected);
  });

  it('counts down to a deadline and past it', () => {
    expect(formatCountdown(125_000)).toBe('2:05');
    expect(formatCountdown(3_725_000)).toBe('1:02:05');
    expect(formatCountdown(-65_000)).toBe('−1:05');
  });
});
