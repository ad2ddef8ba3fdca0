import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { topics } from '#contract/names.ts';
import type { Admission } from '../admit.ts';
import type { Intake } from '../normalise.ts';
import type { Log, SourceDirectory } from '../ports.ts';
import type { SeriesRegistry } from '../series-registry.ts';
import { DirectoryRoutes } from './directory-routes.ts';
import { HeldAcknowledgements } from './held-acknowledgement.ts';

export interface ExternalBrokerOptions {
  /** `mqtt://` or `mqtts://`, with user and password where the broker wants them. */
  readonly url: string;
  /** Names the persistent sessions `{clientId}-0` and on; the same after a restart, so what was queued is inherited. */
  readonly clientId: string;
  /** Parallel connections of the shared subscription (4): a broker limits what is unacknowledged on each. */
  readonly connections?: number;
  /** 5 (default) asks for a receive maximum of 1,000; 4 for brokers without MQTT 5. */
  readonly protocolVersion?: 4 | 5;
  /** Certificates and the like, as MQTT.js takes them. */
  readonly connect?: Pick<IClientOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'username' | 'password'>;
  readonly directory: SourceDirectory;
  readonly intake: Intake;
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
  readonly log: Log;
  readonly onLink?: () => void;
  /** First wait after a lost connection, doubled up to `maxWait`, milliseconds (500, 30,000). */
  readonly minWait?: number;
  readonly maxWait?: number;
  /** 0 to 1, spreads reconnections (Math.random). */
  readonly random?: () => number;
}

export interface ExternalBroker {
  link(): {
    readonly state: 'up' | 'down';
    readonly connected: number;
    readonly of: number;
    readonly reason: string | null;
  };
  /** After a change of sources or of `sources.yaml`. */
  refresh(): void;
  publishOutbox(unit: string, payload: string): void;
  close(): Promise<void>;
}

const SHARE = '$share/ioc-hub/';
const RECEIVE_MAXIMUM = 1000;
/** How long the broker keeps a session whose hub is away, seconds. */
const SESSION_EXPIRY = 7 * 86_400;

/**
 * Takes messages from a broker that authenticates the devices and keeps each to its own topics. Acknowledges only what
 * is durable; what is not, the broker keeps and sends again.
 */
export function connectExternalBroker(options: ExternalBrokerOptions): ExternalBroker {
  const routes = new DirectoryRoutes(options.directory);
  const links = Array.from(
    { length: options.connections ?? 4 },
    (_, number) => new BrokerLink(options, routes, `${options.clientId}-${number}`),
  );
  options.admission.onSettled(() => {
    for (const link of links) link.flush();
  });
  return {
    link: () => {
      const connected = links.filter((link) => link.up).length;
      const reason = links.find((link) => !link.up)?.reason ?? null;
      return { state: connected > 0 ? 'up' : 'down', connected, of: links.length, reason };
    },
    refresh: () => {
      routes.forget();
      for (const link of links) link.subscribe();
    },
    publishOutbox: (unit, payload) => {
      // Kept for nobody: the unit's software reads what it missed from `GET /alerts`.
      links.find(({ up }) => up)?.publish(topics.outbox(unit), payload);
    },
    close: async () => {
      await Promise.all(links.map((link) => link.close()));
    },
  };
}

/** One connection with its persistent session. */
class BrokerLink {
  up = false;
  reason: string | null = 'not connected yet';
  readonly #options: ExternalBrokerOptions;
  readonly #routes: DirectoryRoutes;
  readonly #client: MqttClient;
  readonly #held: HeldAcknowledgements;
  #wait: number;
  #timer: NodeJS.Timeout | null = null;
  #closing = false;
  /** Set from a failure to the next connection: what still comes in between is not taken. */
  #failed = false;

  constructor(options: ExternalBrokerOptions, routes: DirectoryRoutes, clientId: string) {
    this.#options = options;
    this.#routes = routes;
    this.#wait = options.minWait ?? 500;
    const version = options.protocolVersion ?? 5;
    this.#client = connect(options.url, {
      ...options.connect,
      clientId,
      clean: false,
      protocolVersion: version,
      ...(version === 5
        ? { properties: { receiveMaximum: RECEIVE_MAXIMUM, sessionExpiryInterval: SESSION_EXPIRY } }
        : {}),
      keepalive: 30,
      connectTimeout: 10_000,
      resubscribe: false,
      queueQoSZero: false,
      // Its own timer keeps one period; ours backs off.
      reconnectPeriod: 0,
    });
    this.#held = new HeldAcknowledgements(this.#client, (error) => this.#fail(error));
    this.#client.handleMessage = (packet, done) => {
      this.#take(packet.topic, packet.payload as Buffer, packet.qos === 1 ? packet.messageId! : 0);
      done();
    };
    this.#client.on('connect', () => this.#connected());
    this.#client.on('error', (error) => {
      this.reason = error.message;
    });
    this.#client.on('close', () => this.#lost());
  }

  flush(): void {
    this.#held.flush();
  }

  subscribe(): void {
    if (!this.#client.connected) return;
    const filters = ['ioc/v1/#', ...this.#routes.mappedFilters()].map((filter) => SHARE + filter);
    this.#client.subscribe(filters, { qos: 1 }, (error, granted) => {
      const refused = granted?.filter(({ qos }) => qos > 2).map(({ topic }) => topic) ?? [];
      if (!error && refused.length === 0) return;
      this.reason = error?.message ?? `the broker refused ${refused.join(', ')}`;
      this.#options.log.warn({ reason: this.reason }, 'subscription at the external broker');
    });
  }

  publish(topic: string, payload: string): void {
    this.#client.publish(topic, payload, { qos: 1 }, () => {});
  }

  close(): Promise<void> {
    this.#closing = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    return this.#client.endAsync(true);
  }

  #take(topic: string, payload: Buffer, packetId: number): void {
    if (this.#failed) return;
    const { admission, intake, registry } = this.#options;
    const found = this.#routes.find(topic);
    // What the hub itself sent out comes back through the wide subscription.
    if (found !== 'own') {
      const refusal =
        found === 'unknown'
          ? intake.refuse(null, 'mqtt', topic, payload, 'unknown-topic', UNKNOWN_TOPIC)
          : intake.receive(registry.source(found.source), found.route, payload);
      if (refusal !== null) {
        this.#fail(refusal);
        return;
      }
    }
    if (packetId !== 0) admission.await(this.#held, NOTHING, this.#held.ticket(packetId));
  }

  /** Without its acknowledgement the broker sends again what is lost here, once the session is taken up anew. */
  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.reason = error.message;
    this.#client.stream.destroy();
  }

  #connected(): void {
    this.up = true;
    this.#failed = false;
    this.reason = null;
    this.#wait = this.#options.minWait ?? 500;
    this.subscribe();
    this.#options.onLink?.();
  }

  #lost(): void {
    if (this.#closing || this.#timer !== null) return;
    if (this.up) {
      this.up = false;
      this.reason ??= 'the connection ended';
      this.#options.log.warn({ reason: this.reason }, 'connection to the external broker lost');
      this.#options.onLink?.();
    }
    const spread = 0.5 + (this.#options.random ?? Math.random)() / 2;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const { incomingStore, outgoingStore } = this.#client;
      this.#client.reconnect({ incomingStore, outgoingStore });
    }, this.#wait * spread);
    this.#wait = Math.min(this.#wait * 2, this.#options.maxWait ?? 30_000);
  }
}

const NOTHING = () => {};
const UNKNOWN_TOPIC =
  'no source and no mapping of config/sources.yaml has this topic: connect the source, or mend unit and source in it';
