import type { Alert } from './alert.ts';
import type { AlertFilter } from './live.ts';

/**
 * What an {@link AlertFilter} means, the same on the server and in browsers. All given parts must hold; several values
 * of one part are alternatives. `area` needs a location inside or on its edge, and may cross the antimeridian with west
 * greater than east; `startsAt` is at or after `from`, and before `to`.
 */
export function alertMatcher(filter: AlertFilter): (alert: Alert) => boolean {
  const tests: ((alert: Alert) => boolean)[] = [];
  const among = (text: string | undefined, pick: (alert: Alert) => string) => {
    if (text === undefined || text === '') return;
    const values = new Set(text.split(',').map((value) => value.trim()));
    tests.push((alert) => values.has(pick(alert)));
  };
  among(filter.condition, (alert) => alert.condition);
  among(filter.severity, (alert) => alert.severity);
  among(filter.unit, (alert) => alert.unit);
  among(filter.rule, (alert) => alert.rule);
  if (filter.area !== undefined) tests.push(inArea(filter.area));
  if (filter.from !== undefined) tests.push(startsFrom(Date.parse(filter.from)));
  if (filter.to !== undefined) tests.push(startsBefore(Date.parse(filter.to)));
  return (alert) => tests.every((test) => test(alert));
}

function inArea(text: string): (alert: Alert) => boolean {
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = text.split(',').map(Number);
  return ({ location }) => {
    if (location === null) return false;
    const [longitude, latitude] = location.coordinates;
    const [fromWest, toEast] = [longitude >= west, longitude <= east];
    return (west <= east ? fromWest && toEast : fromWest || toEast) && latitude >= south && latitude <= north;
  };
}

const startsFrom = (from: number) => (alert: Alert) => Date.parse(alert.startsAt) >= from;
const startsBefore = (to: number) => (alert: Alert) => Date.parse(alert.startsAt) < to;
