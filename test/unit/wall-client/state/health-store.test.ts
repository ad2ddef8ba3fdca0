import { describe, expect, test } from 'vitest';
import type { AgeMessage, SourceHealth } from '#contract/live.ts';
import type { LinkState } from '../../../../wall-client/connection/hub-connection.ts';
import { type HealthLevel, HealthStore, worstLevel } from '../../../../wall-client/state/health-store.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');

const source = (changes: Partial<SourceHealth> = {}): SourceHealth => ({
  ...{ source: 's', unit: 'u', name: 'S', link: 'up', lastSampleAt: '2026-11-23T00:00:00Z', staleAfter: 60 },
  ...{ stale: false, samples: 1, duplicates: 0, quarantined: 0, recorded: false },
  ...changes,
});

interface Situation {
  readonly link?: LinkState;
  readonly sources?: Partial<SourceHealth>[];
  readonly degraded?: AgeMessage['degraded'];
  /** Seconds since the last `age`; null: none came. */
  readonly quiet?: number | null;
}

function storeIn({ link = 'live', sources = [{}], degraded = [], quiet = 0 }: Situation): HealthStore {
  const store = new HealthStore();
  store.applyLink({ state: link, since: 0, heardAt: 0, attempt: 0, reason: null, offset: 0 });
  const serverTime = new Date(NOW).toISOString();
  if (quiet !== null) {
    store.applyAge({ serverTime, sources: sources.map(source), degraded, evaluation: false }, NOW - quiet * 1000);
  }
  return store;
}

describe('the one word for the whole', () => {
  test.each<[string, Situation, HealthLevel]>([
    ['all is well', {}, 'good'],
    ['no sources, nothing wrong', { sources: [] }, 'good'],
    ['a source’s data are stale', { sources: [{}, { stale: true }] }, 'bad'],
    ['a source’s link is down', { sources: [{ link: 'down' }] }, 'bad'],
    ['a link is not known, as over HTTP, data come', { sources: [{ link: 'unknown' }] }, 'good'],
    ['a source never spoke', { sources: [{ lastSampleAt: null }] }, 'unknown'],
    ['a part of the hub does not work', { degraded: [{ part: 'database', reason: 'down' }] }, 'degraded'],
    [
      'a stale source weighs more than that',
      { degraded: [{ part: 'd', reason: 'r' }], sources: [{ stale: true }] },
      'bad',
    ],
    ['nothing was heard yet', { quiet: null }, 'unknown'],
    ['the last age is six seconds old', { quiet: 6 }, 'good'],
    ['the last age is older', { quiet: 6.001 }, 'unknown'],
    ['the link is silent', { link: 'silent' }, 'unknown'],
    ['the link is lost', { link: 'lost' }, 'unknown'],
    ['we are refused', { link: 'refused' }, 'unknown'],
    ['we are still connecting', { link: 'connecting' }, 'unknown'],
  ])('%s', (_, situation, level) => {
    expect(storeIn(situation).overall(NOW)).toBe(level);
  });

  test('whatever happens, only a living link with fresh news is ever good', () => {
    for (const link of ['connecting', 'live', 'silent', 'lost', 'refused'] as const) {
      for (const quiet of [0, 3, 7, 3600, null]) {
        const good = storeIn({ link, quiet }).overall(NOW) === 'good';
        expect(good).toBe(link === 'live' && (quiet === 0 || quiet === 3));
      }
    }
  });
});

test('a source grows stale on the screen between two words of the hub', () => {
  const store = storeIn({ sources: [{ staleAfter: 2 }] });
  expect(store.sources(NOW + 2000)[0]).toMatchObject({ level: 'good', age: 2000 });
  expect(store.sources(NOW + 2001)[0]).toMatchObject({ level: 'bad', age: 2001 });
});

test('when the hub is not heard no source is called anything', () => {
  const store = storeIn({ link: 'lost', sources: [{}, { stale: true }] });
  expect(store.sources(NOW).map(({ level }) => level)).toEqual(['unknown', 'unknown']);
});

test('sources come worst first, then by their Vietnamese names', () => {
  const store = storeIn({ sources: [{ name: 'Đo mưa' }, { name: 'Dự báo' }, { name: 'Z', stale: true }] });
  expect(store.sources(NOW).map(({ name }) => name)).toEqual(['Z', 'Dự báo', 'Đo mưa']);
});

test('a device clock ahead of the hub gives no negative age', () => {
  const store = storeIn({ sources: [{ lastSampleAt: '2026-11-23T00:00:05Z' }] });
  expect(store.sources(NOW)[0]?.age).toBe(0);
});

test.each<[HealthLevel[], HealthLevel]>([
  [[], 'good'],
  [['good', 'degraded'], 'degraded'],
  [['degraded', 'bad', 'good'], 'bad'],
  [['bad', 'unknown'], 'unknown'],
])('the worst of %j is %s: what is not known could be anything', (levels, worst) => {
  expect(worstLevel(levels)).toBe(worst);
});
