import { describe, expect, it } from 'vitest';
import type { HubHttp } from '../../../../wall-client/connection/http.ts';
import { HistoryKeeper } from '../../../../wall-client/panels/history-keeper.ts';

const NOW = Date.parse('2026-11-23T01:00:00.000Z');
const SPAN = 600_000;
const live = (time: number, value = 5) => ({ time, value });
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

function keeper(answer: () => Promise<unknown>) {
  const asked: string[] = [];
  let changes = 0;
  const get = ((path: string) => {
    asked.push(path);
    return answer();
  }) as HubHttp['get'];
  return { subject: new HistoryKeeper({ get }, () => changes++), asked, changes: () => changes };
}

const past = { items: [{ time: new Date(NOW - 5000).toISOString(), value: 3, quality: 'live' }], nextCursor: null };

describe('HistoryKeeper', () => {
  it('asks once, tells when it came, and goes on from live values', async () => {
    const { subject, asked, changes } = keeper(() => Promise.resolve(past));
    subject.points('s', SPAN, live(NOW), NOW);
    await settled();
    expect(changes()).toBe(1);
    const points = subject.points('s', SPAN, live(NOW + 1000, 6), NOW + 1000);
    expect(points.map(({ value }) => value)).toEqual([3, 5, 6]);
    expect(asked).toEqual(['/series/s/samples']);
  });

  it('shows live values while the history cannot be had, and asks again after half a minute', async () => {
    const { subject, asked } = keeper(() => Promise.reject(new Error('database down')));
    expect(subject.points('s', SPAN, live(NOW), NOW)).toHaveLength(1);
    await settled();
    for (let after = 1000; after < 30_000; after += 1000) subject.points('s', SPAN, live(NOW), NOW + after);
    expect(asked).toHaveLength(1);
    subject.points('s', SPAN, live(NOW), NOW + 31_000);
    expect(asked).toHaveLength(2);
  });

  it('asks again for a series that was out of sight, for its values meanwhile went to nobody', async () => {
    const { subject, asked } = keeper(() => Promise.resolve(past));
    subject.points('s', SPAN, live(NOW), NOW);
    await settled();
    subject.points('s', SPAN, live(NOW + 4000), NOW + 4000);
    expect(asked).toHaveLength(1);
    subject.points('s', SPAN, live(NOW + 60_000), NOW + 60_000);
    expect(asked).toHaveLength(2);
  });

  it('forgets the one not looked at the longest, so that a year of changing stations fills no memory', async () => {
    const { subject, asked } = keeper(() => Promise.resolve(past));
    for (let number = 0; number < 25; number++) subject.points(`s${number}`, SPAN, live(NOW), NOW);
    await settled();
    subject.points('s24', SPAN, live(NOW), NOW);
    expect(asked).toHaveLength(25);
    subject.points('s0', SPAN, live(NOW), NOW);
    expect(asked).toHaveLength(26);
  });
});
