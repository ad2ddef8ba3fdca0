import { type Language, language } from './language.ts';

/** Numbers, times and spans as people of the page's language write them. Times are ms since the Unix epoch. */

const LOCALE: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' };

let timeZone = 'Asia/Ho_Chi_Minh';

/** IANA name; the province's own unless a wall says otherwise. */
export function setTimeZone(name: string): void {
  timeZone = name;
}

const formatters = new Map<string, unknown>();

/** Building an Intl formatter costs far more than using it, and a wall formats all day. */
function cached<T>(key: string, make: (locale: string) => T): T {
  const locale = LOCALE[language()];
  const id = `${locale} ${timeZone} ${key}`;
  let made = formatters.get(id) as T | undefined;
  if (made === undefined) {
    made = make(locale);
    formatters.set(id, made);
  }
  return made;
}

/** Without `decimals`: as many as the size of the number deserves. */
export function formatNumber(value: number, decimals?: number): string {
  const digits = decimals ?? usefulDecimals(value);
  const format = cached(
    `number ${digits}`,
    (locale) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        // 1010 hPa, yet 12.700: four digits are read at a glance without a point.
        useGrouping: 'min2',
      }),
  );
  // −0,0 is nobody's temperature.
  return format.format(Number(value.toFixed(digits)) === 0 ? 0 : value);
}

function usefulDecimals(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return 0;
  return size >= 1 ? 1 : 2;
}

/** SenML units (RFC 8428 §12.1, RFC 8798) that are written otherwise; all others are written as they are. */
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

/** Unit of measure as it stands behind a figure; empty for none. */
export function formatUom(uom: string | null): string {
  return uom === null ? '' : (UOM_SIGNS[uom] ?? uom);
}

/** Figure and unit of measure with a space that does not break. */
export function formatValue(value: number, uom: string | null, decimals?: number): string {
  const sign = formatUom(uom);
  const figure = formatNumber(value, decimals);
  return sign === '' ? figure : `${figure}\u00A0${sign}`;
}

/** 14:03:12 */
export function formatClock(time: number): string {
  return cached('clock', (locale) =>
    dateFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  ).format(time);
}

/** 14:03 */
function formatTime(time: number): string {
  return cached('time', (locale) => dateFormat(locale, { hour: '2-digit', minute: '2-digit' })).format(time);
}

/** Thứ Hai, 23/11/2026 */
export function formatDate(time: number): string {
  const format = cached('date', (locale) =>
    dateFormat(locale, { weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric' }),
  );
  return format.format(time);
}

/** The time alone for today, with day and month for any other day. */
export function formatMoment(time: number, now: number): string {
  const day = cached('day', (locale) => dateFormat(locale, { day: '2-digit', month: '2-digit' }));
  // The Vietnamese locale data say 23-11; people write 23/11.
  const date = day.format(time).replace('-', '/');
  return day.format(time) === day.format(now) ? formatTime(time) : `${formatTime(time)} ${date}`;
}

/** Minutes since midnight in the wall's time zone. */
export function minuteOfDay(time: number): number {
  const parts = cached('minutes', () => dateFormat('en-GB', { hour: '2-digit', minute: '2-digit' })).format(time);
  const [hours = '0', minutes = '0'] = parts.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...options, hourCycle: 'h23', timeZone });
}

const STEPS = [
  { unit: 'day', size: 86_400_000 },
  { unit: 'hour', size: 3_600_000 },
  { unit: 'minute', size: 60_000 },
  { unit: 'second', size: 1000 },
] as const;

/** "3 giây trước". A future time of a skewed clock reads as now, never as a negative age. */
export function formatAge(milliseconds: number): string {
  const { unit, count } = largestStep(milliseconds);
  const format = cached('age', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
  return format.format(-count, unit);
}

/** "12 phút": how long, with nothing said of before or after. */
export function formatSpan(milliseconds: number): string {
  const { unit, count } = largestStep(milliseconds);
  const format = cached(
    `span ${unit}`,
    (locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }),
  );
  return format.format(count);
}

/** "-2:05" or "1:02:05", counting down to a deadline and past it. */
export function formatCountdown(milliseconds: number): string {
  const total = Math.floor(Math.abs(milliseconds) / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
  return milliseconds < 0 ? `−${text}` : text;
}

function largestStep(milliseconds: number): { unit: (typeof STEPS)[number]['unit']; count: number } {
  const size = Math.max(0, milliseconds);
  const step = STEPS.find((candidate) => size >= candidate.size) ?? STEPS[3];
  return { unit: step.unit, count: Math.floor(size / step.size) };
}
