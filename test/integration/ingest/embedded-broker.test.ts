import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { topics } from '#contract/names.ts';
import { IntakeHarness, source } from './intake-harness.ts';

let hub: IntakeHarness;
afterEach(() => hub.close());

const gauge = source('muc-nuoc');
const SAMPLES = topics.samples(gauge.unit, gauge.id);
const record = (value: number) => JSON.stringify([{ bn: 'tram-1:', n: 'water-level', u: 'm', v: value }]);

describe('QoS 1', () => {
  test('what is acknowledged is in the journal on disk', async () => {
    hub = await IntakeHarness.open();
    const broker = await hub.broker([gauge]);
    const client = await hub.connect(broker.port, gauge.id);
    await Promise.all(Array.from({ length: 500 }, (_, i) => client.publishAsync(SAMPLES, record(i), { qos: 1 })));
    expect(hub.stored().map(({ value }) => value)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(hub.stored()[0]).toMatchObject({ name: 'tram-1:water-level' });
    expect(hub.groups.length).toBeLessThan(500);
    expect(hub.groups.map(({ position }) => position)).toEqual(hub.groups.map((_, i) => i + 1));
  });

  test('no PUBACK leaves before the journal says durable', async () => {
    hub = await IntakeHarness.open({ holdDurable: true });
    const broker = await hub.broker([gauge]);
    const client = await hub.connect(broker.port, gauge.id);
    let acknowledged = 0;
    const published = Array.from({ length: 10 }, (_, i) =>
      client.publishAsync(SAMPLES, record(i), { qos: 1 }).then(() => acknowledged++),
    );
    await expect.poll(() => hub.held).toBe(1);
    await delay(100);
    expect(hub.stored()).toHaveLength(10);
    expect(acknowledged).toBe(0);
    expect(hub.groups).toHaveLength(0);
    hub.release();
    await Promise.all(published);
    expect(hub.groups).toHaveLength(1);
  });
});
