import { expect, test } from 'vitest';
import type { HubEvent } from '#contract/event.ts';
import type { LayerConfig } from '#contract/layer.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import { Catalogue } from '../../../server/broadcast/catalogue.ts';
import { RecentEvents } from '../../../server/broadcast/recent-events.ts';
import { seriesId } from '../../integration/broadcast/live-hub.ts';

const DAY = 86_400_000;
const NOW = 1_700_000_000_000;

const layer = (id: string, kind: LayerConfig['kind'], ...match: string[]): LayerConfig => ({
  ...{ id, kind, match },
  title: { vi: id, en: id },
});
const gauges: Source = {
  ...{ id: 'gauges', unit: 'so-nnmt', name: 'Gauges', decoder: 'senml', staleAfter: 600, recorded: false },
};
const series = (number: number, thing: string, quantity: string): Series => ({
  ...{ id: seriesId(number), number, unit: 'so-nnmt', source: 'gauges', name: `${thing}:${quantity}`, thing, quantity },
  uom: 'm',
});
const thing = (id: string, position: Thing['position']): Thing => ({
  ...{ source: 'gauges', id, name: `Trạm ${id}`, labels: { river: 'Lam' }, position },
});
const event = (id: string, type: string, time: number, data: unknown = {}): HubEvent => ({
  ...{ id, unit: 'hub', source: 'usgs', type, thing: null, time, position: [104, 19], title: null, data },
});

test.each<[string[], string[], string]>([
  [['water-*'], ['water-level', 'water-flow'], 'a star is any run of characters'],
  [['water-level'], ['water-level'], 'a whole word, not a part'],
  [['*level'], ['water-level', 'sea.level', 'seaxlevel'], 'at the start'],
  [['sea.level'], ['sea.level'], 'a point is a point'],
  [['(a+)+'], [], 'no regular expression gets in'],
  [['rain', 'water-flow'], ['water-flow', 'rain'], 'any of several'],
  [[], ['water-level', 'water-flow', 'sea.level', 'seaxlevel', 'rain'], 'none: all'],
])('patterns %j show %j: %s', (match, shown) => {
  const catalogue = new Catalogue([layer('l', 'samples', ...match)], () => NOW);
  const quantities = ['water-level', 'water-flow', 'sea.level', 'seaxlevel', 'rain'];
  expect(quantities.filter((quantity) => catalogue.layersOf(quantity).length > 0)).toEqual(shown);
});

test('a layer holds its things with the series it shows, and those without a declaration under their id', () => {
  const catalogue = new Catalogue([layer('water', 'samples', 'water-*')], () => NOW);
  catalogue.declareSeries(series(0, 'cho-trang', 'water-level'), thing('cho-trang', [105.6, 18.6]), gauges);
  catalogue.declareSeries(series(1, 'cho-trang', 'temperature'), null, gauges);
  catalogue.declareSeries(series(2, 'dua', 'water-flow'), null, gauges);
  const { things } = catalogue.read('water')!.catalogue;
  expect(things).toMatchObject([
    { thing: 'cho-trang', name: 'Trạm cho-trang', unit: 'so-nnmt', position: [105.6, 18.6], series: [{ number: 0 }] },
    { thing: 'dua', name: 'dua', position: null, series: [{ number: 2, staleAfter: 600, uom: 'm' }] },
  ]);
});

test('a thing declared before its series, or after, is one thing', () => {
  const catalogue = new Catalogue([layer('water', 'samples')], () => NOW);
  expect(catalogue.declareThing(thing('early', [105, 18]))).toEqual([]);
  catalogue.declareSeries(series(0, 'early', 'water-level'), null, gauges);
  catalogue.declareSeries(series(1, 'late', 'water-level'), null, gauges);
  expect(catalogue.declareThing(thing('late', [106, 19])).map(({ number }) => number)).toEqual([1]);
  expect(catalogue.read('water')?.catalogue.things.map(({ unit, position }) => [unit, position])).toEqual([
    ['so-nnmt', [105, 18]],
    ['so-nnmt', [106, 19]],
  ]);
  expect(catalogue.position('gauges', 'late')).toEqual([106, 19]);
});

test('declaring a series again changes it in place', () => {
  const catalogue = new Catalogue([layer('water', 'samples')], () => NOW);
  catalogue.declareSeries(series(0, 'a', 'water-level'), null, gauges);
  catalogue.declareSeries(series(0, 'a', 'water-level'), null, { ...gauges, staleAfter: 30 });
  expect(catalogue.read('water')?.catalogue.things).toMatchObject([{ series: [{ number: 0, staleAfter: 30 }] }]);
});

test('the version grows with what a layer shows, and with nothing else; the JSON is built once for each', () => {
  const catalogue = new Catalogue(
    [layer('water', 'samples', 'water-*'), layer('quakes', 'events', '*earthquake*')],
    () => NOW,
  );
  const versions = () => [catalogue.version('water'), catalogue.version('quakes')];
  const [water, quakes] = versions() as [number, number];
  catalogue.declareSeries(series(0, 'a', 'water-level'), null, gauges);
  expect(versions()).toEqual([water + 1, quakes]);
  catalogue.declareSeries(series(1, 'b', 'temperature'), null, gauges);
  catalogue.declareThing(thing('b', [1, 1]));
  expect(versions()).toEqual([water + 1, quakes]);
  const first = catalogue.read('water');
  expect(catalogue.read('water')).toBe(first);
  catalogue.declareThing(thing('a', [1, 1]));
  expect(versions()).toEqual([water + 2, quakes]);
  catalogue.event(event('e', 'org.usgs.earthquake', NOW));
  catalogue.event(event('f', 'org.onvif.motion', NOW));
  expect(versions()).toEqual([water + 2, quakes + 1]);
  expect(JSON.parse(catalogue.read('water')!.json)).toMatchObject({
    version: water + 2,
    things: [{ position: [1, 1] }],
  });
});

test('a large catalogue that changes without end is built once a second, a small one at once', () => {
  let now = NOW;
  const catalogue = new Catalogue([layer('water', 'samples')], () => now);
  const read = () => catalogue.read('water')!.version;
  catalogue.declareSeries(series(0, 'a', 'water-level'), null, gauges);
  expect(read()).toBe(catalogue.version('water'));
  for (let number = 1; number < 1000; number++) {
    catalogue.declareSeries(series(number, `station-${number}`, 'water-level'), null, gauges);
  }
  const before = read();
  expect(before).toBe(catalogue.version('water'));
  catalogue.declareThing(thing('a', [1, 1]));
  now += 999;
  expect(read()).toBe(before);
  now += 1;
  expect(read()).toBe(catalogue.version('water'));
});

test('a hub that starts again does not repeat the versions its clients hold', () => {
  const before = new Catalogue([layer('water', 'samples')], () => NOW);
  const after = new Catalogue([layer('water', 'samples')], () => NOW + 5000);
  expect(after.version('water')).toBeGreaterThan(before.version('water'));
});

test('no more and no older events than agreed are kept, newest first', () => {
  const events = new RecentEvents(3, DAY);
  expect(events.add(event('old', 't', NOW - DAY - 1), NOW)).toBe(false);
  for (const [id, age] of [
    ['b', 2],
    ['a', 1],
    ['d', 4],
    ['c', 3],
  ] as const) {
    events.add(event(id, 't', NOW - age), NOW);
  }
  expect(events.newestFirst(NOW).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(events.newestFirst(NOW + DAY - 2).map(({ id }) => id)).toEqual(['a', 'b']);
});

test.each([
  [{ type: 'Feature', properties: { mag: 4.2 } }, 4.2],
  [{ magnitude: 5 }, 5],
  [{ properties: { mag: 'strong' } }, null],
  [{ mag: Number.NaN }, null],
  ['4.2', null],
  [null, null],
])('the magnitude of %j is %s; a correction takes the first report’s place', (data, magnitude) => {
  const events = new RecentEvents();
  events.add(event('e', 't', NOW, { mag: 1 }), NOW);
  events.add(event('e', 't', NOW, data), NOW);
  expect(events.newestFirst(NOW)).toMatchObject([{ id: 'e', magnitude }]);
});
