import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import { topics } from '#contract/names.ts';
import type { Done } from '../admit.ts';
import { BROKER_LIMITS, type BrokerCounts, BrokerGate, type BrokerLimits, type GateOptions } from './broker-gate.ts';

export interface EmbeddedBrokerOptions extends GateOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: { readonly port: number; readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly limits?: Partial<BrokerLimits>;
}

export interface EmbeddedBroker {
  readonly port: number;
  readonly tlsPort: number | null;
  /** Ends all connections of a credential, without releasing their Wills. */
  revoke(username: string): void;
  /** After a change of `sources.yaml`. */
  forgetRoutes(): void;
  /** To the unit's own software, QoS 1, to those connected now. */
  publishOutbox(unit: string, payload: string): void;
  counts(): BrokerCounts;
  close(): Promise<void>;
}

type Publish = (packet: PublishPacket, client: Client | null | Done, done?: Done) => void;

/**
 * The MQTT broker inside the hub, for MQTT 3.1, 3.1.1 and 5. A credential belongs to one source: it publishes under that
 * source's prefix and mapped topics, and may read its unit's outbox. Sessions do not outlive their connection; the
 * retain flag of telemetry is passed over. QoS 1 is acknowledged, and QoS 2 received, only when durable.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const gate = new BrokerGate(options, { ...BROKER_LIMITS, ...options.limits });
  const broker = new Aedes(gate.handlers());
  const route = broker.publish.bind(broker) as Publish;
  // What a device publishes is read when it is authorised and goes no further: nobody may subscribe to it, so routing
  // it (retained store, subscriptions, emitter) would be work for nothing. Only what the hub says itself is routed.
  const publish: Publish = (packet, client, done) => {
    if (client !== null && typeof client === 'object') done?.();
    else route(packet, client, done);
  };
  broker.publish = publish as Aedes['publish'];
  await broker.listen();
  gate.watch(broker);
  options.admission.onSettled(() => gate.flush());

  const plain = createServer((socket) => gate.accept(socket, broker));
  const servers: Server[] = [plain];
  const port = await listen(plain, options.host, options.port, gate.limits.maxConnections);
  let tlsPort: number | null = null;
  if (options.tls) {
    const { cert, key } = options.tls;
    const secure = createTlsServer({ cert, key, minVersion: 'TLSv1.2' }, (socket) => gate.accept(socket, broker));
    servers.push(secure);
    tlsPort = await listen(secure, options.host, options.tls.port, gate.limits.maxConnections);
  }
  return {
    port,
    tlsPort,
    revoke: (username) => gate.revoke(username),
    forgetRoutes: () => gate.forgetRoutes(),
    publishOutbox: (unit, payload) => {
      const topic = topics.outbox(unit);
      route({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, null, () => {});
    },
    counts: () => gate.counts(),
    close: async () => {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      gate.disconnectAll();
      await Promise.all(closed);
    },
  };
}

function listen(server: Server, host: string, port: number, maxConnections: number): Promise<number> {
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
