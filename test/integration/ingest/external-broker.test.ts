import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { topics } from '#contract/names.ts';
import { connectExternalBroker, type ExternalBroker } from '../../../server/ingest/mqtt/external-broker.ts';
import { IntakeHarness, source } from './intake-harness.ts';

const hasMosquitto = spawnSync('mosquitto', ['-h']).error === undefined;
const gauge = source('muc-nuoc');
const TOPIC = topics.samples(gauge.unit, gauge.id);
const record = (value: number) => `[{"bn":"tram:","n":"x","v":${value}}]`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Stands between hub and broker and notes what passes: deliveries and acknowledgements with their identifiers. */
class Wire {
  readonly delivered: number[] = [];
  readonly acknowledged: number[] = [];
  connections = 0;
  #sockets = new Set<Socket>();
  #server: Server;

  constructor(brokerPort: number) {
    this.#server = createServer((hub) => {
      this.connections++;
      const broker = connect(brokerPort, '127.0.0.1');
      for (const socket of [hub, broker]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          hub.destroy();
          broker.destroy();
        });
      }
      const fromBroker = eachPacket((packet, body) => {
        if (packet[0]! >> 4 !== 3 || (packet[0]! & 6) === 0) return;
        this.delivered.push(packet.readUInt16BE(body + 2 + packet.readUInt16BE(body)));
      });
      const fromHub = eachPacket((packet, body) => {
        if (packet[0]! >> 4 === 4) this.acknowledged.push(packet.readUInt16BE(body));
      });
      broker.on('data', (bytes) => {
        fromBroker(bytes);
        hub.write(bytes);
      });
      hub.on('data', (bytes) => {
        fromHub(bytes);
        broker.write(bytes);
      });
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

function eachPacket(take: (packet: Buffer, body: number) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      let at = 1;
      let length = 0;
      while (at < rest.length && at <= 4) {
        length += (rest[at]! & 0x7f) * 128 ** (at - 1);
        if (rest[at++]! < 0x80) break;
      }
      if (at < 2 || rest[at - 1]! >= 0x80 || rest.length < at + length) return;
      take(rest.subarray(0, at + length), at);
      rest = rest.subarray(at + length);
    }
  };
}

describe.skipIf(!hasMosquitto)('with a real Mosquitto (skipped where the binary is missing)', () => {
  let hub: IntakeHarness;
  let mosquitto: ChildProcess;
  let directory: string;
  let brokerPort: number;
  let wire: Wire;
  let link: ExternalBroker | null = null;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ioc-mosquitto-'));
    brokerPort = await freePort();
    const settings = ['allow_anonymous true', `listener ${brokerPort} 127.0.0.1`, 'max_inflight_messages 1000'];
    await writeFile(join(directory, 'mosquitto.conf'), `${settings.join('\n')}\nmax_queued_messages 10000\n`);
    mosquitto = spawn('mosquitto', ['-c', join(directory, 'mosquitto.conf')], { stdio: 'ignore' });
    wire = new Wire(brokerPort);
  });

  afterEach(async () => {
    await link?.close();
    link = null;
    await hub.close();
    wire.close();
    mosquitto.kill();
    await once(mosquitto, 'exit');
    await rm(directory, { recursive: true, force: true });
  });

  const join1 = async (protocolVersion: 4 | 5, connections = 1) => {
    const port = await wire.listen();
    link = connectExternalBroker({
      url: `mqtt://127.0.0.1:${port}`,
      clientId: 'ioc-hub-test',
      connections,
      protocolVersion,
      directory: { source: (id) => (id === gauge.id ? gauge : undefined), mappings: () => [], sources: () => [gauge] },
      intake: hub.intake,
      admission: hub.admission,
      registry: hub.registry,
      log: { info: () => {}, warn: () => {} },
      minWait: 50,
    });
    await expect.poll(() => link?.link().connected).toBe(connections);
    await delay(100);
  };

  test.each([4, 5] as const)('level %i: PUBACKs wait for the commit and keep the order', async (protocolVersion) => {
    hub = await IntakeHarness.open({ holdDurable: true });
    await join1(protocolVersion);
    const device = await hub.connect(brokerPort, gauge.id);
    await Promise.all(Array.from({ length: 300 }, (_, i) => device.publishAsync(TOPIC, record(i), { qos: 1 })));
    await expect.poll(() => wire.delivered.length).toBe(300);
    await delay(100);
    expect(wire.acknowledged).toEqual([]);
    hub.release();
    await expect.poll(() => wire.acknowledged.length).toBe(300);
    expect(wire.acknowledged).toEqual(wire.delivered);
    expect(hub.stored().map(({ value }) => value)).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  test('a cut connection resumes its session: what was not acknowledged comes again and counts once', async () => {
    hub = await IntakeHarness.open({ holdDurable: true });
    await join1(5);
    const device = await hub.connect(brokerPort, gauge.id);
    await device.publishAsync(TOPIC, `[{"bn":"tram:","n":"x","v":7,"bt":${Date.now() / 1000}}]`, { qos: 1 });
    await expect.poll(() => wire.delivered.length).toBe(1);
    wire.cut();
    await expect.poll(() => wire.delivered.length, { timeout: 5000 }).toBe(2);
    expect(wire.acknowledged).toEqual([]);
    hub.release();
    await expect.poll(() => wire.acknowledged).toEqual([wire.delivered[1]]);
    expect(hub.stored()).toHaveLength(1);
    expect(hub.registry.source(gauge).duplicates).toBe(1);
  });

  test('a refusal ends the connection without acknowledging, and the broker keeps the message', async () => {
    let full = true;
    hub = await IntakeHarness.open({ accepting: () => !full });
    await join1(5);
    const device = await hub.connect(brokerPort, gauge.id);
    await device.publishAsync(TOPIC, record(1), { qos: 1 });
    await expect.poll(() => wire.connections, { timeout: 5000 }).toBeGreaterThan(1);
    expect(wire.acknowledged).toEqual([]);
    full = false;
    await expect.poll(() => hub.stored().length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => link?.link().state).toBe('up');
  });

  test('several connections share the load; a topic of no source is put aside', async () => {
    hub = await IntakeHarness.open();
    await join1(5, 3);
    const device = await hub.connect(brokerPort, gauge.id);
    await Promise.all(Array.from({ length: 200 }, (_, i) => device.publishAsync(TOPIC, record(i), { qos: 1 })));
    await device.publishAsync('ioc/v1/so-nnmt/nobody/samples', record(1), { qos: 1 });
    await device.publishAsync(topics.outbox('so-nnmt'), 'the hub itself speaks here', { qos: 1 });
    await expect.poll(() => hub.stored().length).toBe(200);
    await expect.poll(() => wire.acknowledged.length).toBe(202);
    expect(hub.quarantined.map(({ reason, source: from }) => [reason, from])).toEqual([['unknown-topic', null]]);
  });
});
