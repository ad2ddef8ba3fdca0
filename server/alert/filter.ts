import type { AlertFilter } from '#contract/live.ts';
import { type AlertState, shownCondition } from './alert-state.ts';

export type AlertTest = (alert: AlertState) => boolean;

/**
 * All given parts must match; within one part any of its comma-separated values.
 * @param units responsible units the asker may see; null for all
 * @throws RangeError for an area or a time that cannot be read
 */
export function compileFilter(filter: AlertFilter, units: readonly string[] | null): AlertTest {
  const tests: AlertTest[] = [];
  if (units !== null) tests.push(oneOf(units, (alert) => alert.unit));
  const listed = (text: string | undefined, of: (alert: AlertState) => string) => {
    if (text !== undefined)
      tests.push(
        oneOf(
          text.split(',').map((value) => value.trim()),
          of,
        ),
      );
  };
  listed(filter.condition, shownCondition);
  listed(filter.severity, (alert) => alert.template.severity);
  listed(filter.unit, (alert) => alert.unit);
  listed(filter.rule, (alert) => alert.template.rule);
  if (filter.area !== undefined) tests.push(inArea(filter.area));
  if (filter.from !== undefined) tests.push(startsFrom(instant(filter.from, 'from')));
  if (filter.to !== undefined) tests.push(startsBefore(instant(filter.to, 'to')));
  return (alert) => tests.every((test) => test(alert));
}

function oneOf(values: readonly string[], of: (alert: AlertState) => string): AlertTest {
  const wanted = new Set(values);
  return (alert) => wanted.has(of(alert));
}

const startsFrom =
  (from: number): AlertTest =>
  (alert) =>
    alert.startsAt >= from;
const startsBefore =
  (to: number): AlertTest =>
  (alert) =>
    alert.startsAt < to;

function inArea(text: string): AlertTest {
  const [west, south, east, north, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (![west, south, east, north].every(Number.isFinite) || more.length > 0) {
    throw new RangeError('area is west,south,east,north in degrees');
  }
  return ({ subject: { position } }) => {
    if (position === null) return false;
    const [longitude, latitude] = position;
    const inLongitude =
      west! <= east! ? longitude >= west! && longitude <= east! : longitude >= west! || longitude <= east!;
    return inLongitude && latitude >= south! && latitude <= north!;
  };
}

function instant(text: string, name: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`${name} is not an RFC 3339 time`);
  return ms;
}
