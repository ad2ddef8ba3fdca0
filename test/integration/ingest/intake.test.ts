import { afterEach, describe, expect, test } from 'vitest';
import { SampleFlag } from '#contract/sample-batch.ts';
import type { Series, Thing } from '#contract/series.ts';
import { ingestHttp } from '../../../server/ingest/http/samples.ts';
import { putThings } from '../../../server/ingest/http/things.ts';
import { SeriesRegistry } from '../../../server/ingest/series-registry.ts';
import { sourceHealth } from '../../../server/ingest/source-health.ts';
import { IntakeHarness, source } from './intake-harness.ts';

let hub: IntakeHarness;
afterEach(() => hub.close());

const NOW = Date.UTC(2026, 10, 23, 8);
const T = NOW / 1000;
const gauge = source('muc-nuoc');
const post = (...records: object[]) => ingestHttp(hub, gauge, Buffer.from(JSON.stringify(records)));

describe('samples', () => {
  test('time decides: now, old, relative, out of order', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await post(
      { n: 'a:x', v: 1, t: T },
      { n: 'a:x', v: 2, t: T - 900 },
      { n: 'a:x', v: 3, t: T - 901 },
      { n: 'a:y', v: 4 },
      { n: 'a:y', v: 5, t: -10 },
      { n: 'a:z', v: 6, t: T + 300 },
    );
    expect(hub.stored().map(({ name, time, flags }) => [name, time - NOW, flags])).toEqual([
      ['a:x', 0, 0],
      ['a:x', -900_000, 0],
      ['a:x', -901_000, SampleFlag.historical],
      ['a:y', 0, SampleFlag.receiptTime],
      ['a:y', -10_000, SampleFlag.receiptTime],
      ['a:z', 300_000, 0],
    ]);
  });

  test('the newest sample told again is a duplicate; another value for its instant is not', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    const state = hub.registry.source(gauge);
    await post({ n: 'x', v: 1, t: T - 2 }, { n: 'x', v: 2, t: T - 1 });
    expect(await post({ n: 'x', v: 2, t: T - 1 })).toEqual({ accepted: 1, rejected: [] });
    await post({ n: 'x', v: 3, t: T - 1 }, { n: 'x', v: 1, t: T - 2 });
    expect(hub.stored().map(({ value }) => value)).toEqual([1, 2, 3, 1]);
    expect([state.samples, state.duplicates]).toEqual([4, 1]);
  });

  test('good records are kept and bad ones listed with index and reason, one quarantine item a reason', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    const result = await post({ n: 'x', v: 1 }, { n: 'y' }, { n: 'z', v: 1, t: T + 999 }, { n: 'w', vd: '' }, { v: 2 });
    expect(result.accepted).toBe(1);
    expect(result.rejected.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'schema'],
      [2, 'future-time'],
      [3, 'unsupported'],
      [4, 'schema'],
    ]);
    expect(hub.quarantined.map(({ reason, transport }) => [reason, transport])).toEqual([
      ['schema', 'http'],
      ['future-time', 'http'],
      ['unsupported', 'http'],
    ]);
    expect(hub.quarantined[0]?.detail).toContain('also records 4');
  });

  test('text goes into the log as an entry of its series', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await post({ n: 'gate:state', vs: 'mở'.normalize('NFD'), t: T });
    expect(hub.entries.find(({ kind }) => kind === 'text')).toEqual({ kind: 'text', series: 0, time: NOW, text: 'mở' });
  });
});

describe('series', () => {
  test('declared once, in the group of their first sample, and restored with their numbers', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await post({ bn: 'a:', n: 'x', u: 'm', v: 1 }, { n: 'y', v: 2 });
    await post({ n: 'a:y', v: 3, t: -1 });
    expect(hub.groups[0]?.entries.map((entry) => entry.kind)).toEqual(['series', 'series']);
    expect(hub.groups[1]?.entries).toEqual([]);
    const restored = new SeriesRegistry();
    const facts = <T>(prefix: string) => Array.from(hub.journal.facts<T>(prefix), ([, value]) => value);
    restored.restore(facts<Series>('series/'), facts<Thing>('thing/'));
    expect(restored.all()).toEqual(hub.registry.all());
    expect(restored.source(gauge).findByName('a:y')).toEqual({ number: 1, uom: null });
  });

  test('the first unit of measure holds; it may come late, and may be left out', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await post({ n: 'x', v: 1, t: -5 });
    await post({ n: 'x', v: 2, u: 'm', t: -4 });
    await post({ n: 'x', v: 3, t: -3 });
    const { rejected } = await post({ n: 'x', v: 400, u: 'cm', t: -2 });
    expect(rejected.map(({ reason }) => reason)).toEqual(['unit-of-measure-changed']);
    expect(hub.stored().map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(hub.journal.fact<Series>('series/0')?.uom).toBe('m');
    expect(hub.entries.flatMap((entry) => (entry.kind === 'series' ? [entry.series.uom] : []))).toEqual([null, 'm']);
  });

  test('a source has a bounded number of series, and goes on with those it has', async () => {
    hub = await IntakeHarness.open({ now: () => NOW, maxPerSource: 3 });
    const { accepted, rejected } = await post(...[1, 2, 3, 4, 5, 1].map((n) => ({ n: `s${n}`, v: n })));
    expect(accepted).toBe(4);
    expect(rejected.map(({ index, reason }) => [index, reason])).toEqual([
      [3, 'too-many-series'],
      [4, 'too-many-series'],
    ]);
    expect(hub.registry.size).toBe(3);
  });

  test('samples that never reached the journal are no duplicates when they come again', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    let broken = true;
    const { journal } = hub;
    const failing = await IntakeHarness.open({
      now: () => NOW,
      append: (draft, facts) => {
        if (broken) throw new Error('disk full');
        return journal.append(draft, facts);
      },
    });
    const record = Buffer.from('[{"n":"x","v":1,"t":-1}]');
    await expect(ingestHttp(failing, gauge, record)).rejects.toThrow('disk full');
    broken = false;
    void ingestHttp(failing, gauge, record);
    await expect.poll(() => journal.lastInput()).toBe(1);
    expect(journal.readInput(0, 1)[0]).toMatchObject({ samples: { length: 1 }, entries: [{ kind: 'series' }] });
    expect(failing.registry.source(gauge).duplicates).toBe(0);
  });
});

describe('things', () => {
  const positions = () => hub.entries.flatMap((entry) => (entry.kind === 'thing' ? [entry.thing.position] : []));

  test('SenML moves a thing once both coordinates are known, and only when it moved', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await post({ bn: 'bus:', n: 'lat', u: 'lat', v: 18.6 });
    await post({ bn: 'bus:', n: 'lon', u: 'lon', v: 105.6 });
    await post({ bn: 'bus:', n: 'lat', u: 'lat', v: 18.6 }, { n: 'lon', u: 'lon', v: 105.6 });
    await post({ bn: 'bus:', n: 'lat', u: 'lat', v: 18.7 }, { n: 'lon', u: 'lon', v: 105.7 });
    expect(positions()).toEqual([
      [105.6, 18.6],
      [105.7, 18.7],
    ]);
    expect(hub.registry.size).toBe(0);
    expect(hub.journal.fact<Thing>('thing/muc-nuoc/bus')?.position).toEqual([105.7, 18.7]);
  });

  test('POST /things names and places; what a foreign source owns is refused', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    const feature = (id: string, from: string, coordinates = [105.7, 18.7]) => ({
      type: 'Feature',
      id,
      geometry: { type: 'Point', coordinates },
      properties: { source: from, name: 'Trạm', labels: { river: 'Cả' }, time: 1 },
    });
    const features = [feature('a', gauge.id), feature('b', 'other'), feature('c', gauge.id, [200, 0])];
    const result = await putThings(hub, { type: 'FeatureCollection', features }, (id) =>
      id === gauge.id ? gauge : undefined,
    );
    expect(result.accepted).toBe(1);
    expect(result.rejected.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'schema'],
      [2, 'bad-value'],
    ]);
    expect(hub.journal.fact<Thing>('thing/muc-nuoc/a')).toEqual({
      source: gauge.id,
      id: 'a',
      name: 'Trạm',
      labels: { river: 'Cả' },
      position: [105.7, 18.7],
    });
    await post({ bn: 'a:', n: 'lat', u: 'lat', v: 18 }, { n: 'lon', u: 'lon', v: 105 });
    expect(hub.journal.fact<Thing>('thing/muc-nuoc/a')).toMatchObject({ name: 'Trạm', position: [105, 18] });
  });
});

test('a broken device cannot fill the journal: what exceeds the rate is summed up, and nothing is lost from the count', async () => {
  hub = await IntakeHarness.open({ now: () => NOW, quarantineRate: 2 });
  for (let i = 0; i < 500; i++) void ingestHttp(hub, gauge, Buffer.from('broken'));
  hub.quarantine.sumUp();
  await expect.poll(() => hub.quarantined.length).toBe(11);
  expect(hub.quarantined[10]).toMatchObject({ reason: 'malformed', size: 490 * 6 });
  expect(hub.quarantined[10]?.detail).toMatch(/^490 more between/);
  expect(hub.registry.source(gauge).quarantined).toBe(500);
});

test('health: stale on the hub’s clock, link by connections', async () => {
  let now = NOW;
  hub = await IntakeHarness.open({ now: () => now });
  const silent = source('im-lang');
  const health = () =>
    sourceHealth({ registry: hub.registry, sources: () => [gauge, silent], startedAt: NOW }, now).map(
      ({ link, stale, samples, lastSampleAt }) => [link, stale, samples, lastSampleAt],
    );
  expect(health()).toEqual([
    ['unknown', false, 0, null],
    ['unknown', false, 0, null],
  ]);
  now += 61_000;
  await post({ n: 'x', v: 1, t: -3600 });
  const broker = await hub.broker([gauge]);
  const client = await hub.connect(broker.port, gauge.id);
  expect(health()).toEqual([
    ['up', false, 1, new Date(now).toISOString()],
    ['unknown', true, 0, null],
  ]);
  await client.endAsync();
  await expect.poll(() => health()[0]?.[0]).toBe('down');
});
