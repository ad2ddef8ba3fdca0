import { expect, test } from 'vitest';
import { alertId } from '../../../server/alert/identity.ts';

const start = Date.parse('2026-03-01T08:00:00Z');

test('the id is a UUIDv7 whose time is the start', () => {
  const id = alertId('river-high', 'series', start);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(start);
});

test('the id follows from rule, series and start, and from nothing else', () => {
  const id = alertId('river-high', 'series', start);
  expect(alertId('river-high', 'series', start)).toBe(id);
  expect(alertId('river-low', 'series', start)).not.toBe(id);
  expect(alertId('river-high', 'other', start)).not.toBe(id);
  expect(alertId('river-high', 'series', start + 1)).not.toBe(id);
});
