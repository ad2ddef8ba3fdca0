import { connect as openSocket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { IClientOptions } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { topics } from '#contract/names.ts';
import { IntakeHarness, source } from './intake-harness.ts';

let hub: IntakeHarness;
afterEach(() => hub.close());

const water = source('muc-nuoc', 'so-nnmt');
const rain = source('luong-mua', 'so-nnmt');
const city = source('giao-thong', 'xa-vinh-hung');
const everyone = [water, rain, city];
const pack = '[{"bn":"tram:","n":"x","v":1}]';

/** Publishes and tells whether the hub kept the connection and what reached the journal. */
async function attempt(port: number, username: string, topic: string, options: IClientOptions = {}) {
  const client = await hub.connect(port, username, options);
  const before = hub.entries.length + hub.stored().length;
  const outcome = await Promise.race([
    client.publishAsync(topic, pack, { qos: 1 }).then(() => 'acknowledged'),
    new Promise<string>((resolve) => client.once('close', () => resolve('closed'))),
  ]);
  client.end(true);
  return { outcome, wrote: hub.entries.length + hub.stored().length > before };
}

describe.each([4, 5] as const)('access with MQTT protocol level %i', (protocolVersion) => {
  test('unit × topic: a credential publishes under its own prefix and nowhere else', async () => {
    hub = await IntakeHarness.open();
    const { port } = await hub.broker(everyone);
    const foreign = (own: (typeof everyone)[number]) => [
      ...everyone.filter((other) => other !== own).map((other) => topics.samples(other.unit, other.id)),
      topics.samples(own.unit === 'so-nnmt' ? 'xa-vinh-hung' : 'so-nnmt', own.id),
      topics.outbox(own.unit),
      topics.inbox(own.unit),
      `ioc/v1/${own.unit}/${own.id}`,
      `ioc/v1/${own.unit}/${own.id}x/samples`,
      `/ioc/v1/${own.unit}/${own.id}/samples`,
      '$SYS/broker/uptime',
      `$share/ioc-hub/${topics.samples(own.unit, own.id)}`,
      'spBv1.0/group/DDATA/node',
      'anything',
    ];
    for (const own of everyone) {
      expect(await attempt(port, own.id, topics.samples(own.unit, own.id), { protocolVersion })).toEqual({
        outcome: 'acknowledged',
        wrote: true,
      });
      for (const topic of foreign(own)) {
        const result = await attempt(port, own.id, topic, { protocolVersion });
        expect(result, `${own.id} on ${topic}`).toEqual({ outcome: 'closed', wrote: false });
      }
    }
  });

  test('unit × filter: only the own unit’s outbox can be subscribed to', async () => {
    hub = await IntakeHarness.open();
    const broker = await hub.broker(everyone);
    const filters = [
      '#',
      '+/#',
      'ioc/#',
      'ioc/v1/+/+/samples',
      'ioc/v1/so-nnmt/#',
      'ioc/v1/so-nnmt/outbox/+',
      topics.samples(water.unit, water.id),
      topics.outbox('xa-vinh-hung'),
      topics.inbox('so-nnmt'),
      '$SYS/#',
      '$share/ioc-hub/ioc/v1/#',
      `$share/x/${topics.outbox('so-nnmt')}`,
    ];
    const client = await hub.connect(broker.port, water.id, { protocolVersion });
    const received: string[] = [];
    client.on('message', (topic, payload) => received.push(`${topic} ${payload}`));
    for (const filter of filters) {
      await expect(client.subscribeAsync(filter, { qos: 1 }), filter).rejects.toThrow();
    }
    await expect(client.subscribeAsync(topics.outbox('so-nnmt'), { qos: 1 })).resolves.toHaveLength(1);

    await attempt(broker.port, rain.id, topics.samples(rain.unit, rain.id), { protocolVersion });
    broker.publishOutbox('xa-vinh-hung', 'not ours');
    broker.publishOutbox('so-nnmt', 'ours');
    await expect.poll(() => received).toEqual([`${topics.outbox('so-nnmt')} ours`]);
    await client.unsubscribeAsync(topics.outbox('so-nnmt'));
    broker.publishOutbox('so-nnmt', 'nobody listens');
    await delay(50);
    expect(received).toHaveLength(1);
  });

  test('a Will is checked at CONNECT and again at its release', async () => {
    hub = await IntakeHarness.open();
    const broker = await hub.broker(everyone);
    const will = (topic: string) => ({ will: { topic, payload: Buffer.from(pack), qos: 1 as const, retain: true } });
    await expect(
      hub.connect(broker.port, water.id, { ...will(topics.samples(rain.unit, rain.id)), protocolVersion }),
    ).rejects.toThrow(/authorized/i);

    const own = topics.samples(water.unit, water.id);
    const dying = await hub.connect(broker.port, water.id, { ...will(own), protocolVersion });
    dying.stream.destroy();
    await expect.poll(() => hub.stored().length).toBe(1);

    await hub.connect(broker.port, water.id, { ...will(own), protocolVersion });
    broker.revoke(water.id);
    await delay(50);
    expect(hub.stored()).toHaveLength(1);
  });

  test('the same client identifier under another credential is another session', async () => {
    hub = await IntakeHarness.open();
    const { port } = await hub.broker(everyone);
    const first = await hub.connect(port, water.id, { clientId: 'gateway', protocolVersion });
    const second = await hub.connect(port, city.id, { clientId: 'gateway', protocolVersion });
    await first.publishAsync(topics.samples(water.unit, water.id), pack, { qos: 1 });
    await second.publishAsync(topics.samples(city.unit, city.id), pack, { qos: 1 });
    const gone = new Promise<void>((resolve) => first.once('close', () => resolve()));
    await hub.connect(port, water.id, { clientId: 'gateway', protocolVersion });
    await gone;
    expect(second.connected).toBe(true);
  });
});

test('a revoked credential loses its connections', async () => {
  hub = await IntakeHarness.open();
  const links: string[] = [];
  const broker = await hub.broker(everyone, { onLink: (id) => links.push(id) });
  const client = await hub.connect(broker.port, water.id);
  expect(hub.registry.source(water).links).toBe(1);
  const gone = new Promise<void>((resolve) => client.once('close', () => resolve()));
  broker.revoke(water.id);
  await gone;
  expect(hub.registry.source(water)).toMatchObject({ links: 0, linked: true });
  expect(links).toEqual([water.id, water.id]);
});

test('an address with too many wrong passwords waits, and the right one does not help it', async () => {
  hub = await IntakeHarness.open();
  const broker = await hub.broker(everyone);
  for (let i = 0; i < 10; i++) {
    await expect(hub.connect(broker.port, water.id, { password: `guess-${i}` })).rejects.toThrow();
  }
  await expect(hub.connect(broker.port, water.id)).rejects.toThrow(/unavailable/i);
  expect(broker.counts()).toMatchObject({ refusedConnects: 10, throttledConnects: 1 });
});

test('a packet longer than allowed ends the connection before its bytes are collected', async () => {
  hub = await IntakeHarness.open();
  const broker = await hub.broker(everyone, { limits: { maxPacket: 4096 } });
  const socket = openSocket(broker.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // A CONNECT that announces 256 MiB and sends eight bytes of it.
  socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4, 77, 81]));
  await closed;
  expect(broker.counts().oversizedPackets).toBe(1);

  const client = await hub.connect(broker.port, water.id);
  const gone = new Promise<void>((resolve) => client.once('close', () => resolve()));
  client.publish(topics.samples(water.unit, water.id), Buffer.alloc(5000, 32), { qos: 1 });
  await gone;
  await expect.poll(() => hub.quarantined.map(({ reason }) => reason)).toEqual(['too-large']);
});

test('QoS 2 is received once, and only when durable', async () => {
  hub = await IntakeHarness.open({ holdDurable: true });
  const { port } = await hub.broker(everyone);
  const client = await hub.connect(port, water.id);
  let received = false;
  const published = client.publishAsync(topics.samples(water.unit, water.id), pack, { qos: 2 }).then(() => {
    received = true;
  });
  await expect.poll(() => hub.held).toBe(1);
  await delay(50);
  expect(received).toBe(false);
  hub.release();
  await published;
  expect(hub.stored()).toHaveLength(1);
});

test('a retained publication is taken as any other and kept for nobody', async () => {
  hub = await IntakeHarness.open();
  const { port } = await hub.broker(everyone);
  const client = await hub.connect(port, water.id);
  await client.publishAsync(topics.samples(water.unit, water.id), pack, { qos: 1, retain: true });
  expect(hub.stored()).toHaveLength(1);
});
