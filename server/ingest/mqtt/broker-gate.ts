import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Aedes, AedesOptions, Client, ConnectPacket, PublishPacket } from 'aedes';
import type { Source, TopicMapping } from '#contract/source.ts';
import type { Admission, Done } from '../admit.ts';
import type { Intake } from '../normalise.ts';
import type { Log } from '../ports.ts';
import type { SeriesRegistry } from '../series-registry.ts';
import { ConnectThrottle } from './connect-throttle.ts';
import { DeviceSession } from './device-session.ts';
import { limitPackets } from './packet-limit.ts';
import { speakVersionFive } from './version-five.ts';

export interface BrokerLimits {
  /** Largest MQTT packet, bytes (1 MiB). A larger one ends the connection. */
  readonly maxPacket: number;
  readonly maxConnections: number;
  readonly maxClientId: number;
  /** Longest silence a client may ask for, seconds; longer or none at all becomes this. */
  readonly maxKeepalive: number;
  /** From the connection to CONNECT, milliseconds. */
  readonly connectTimeout: number;
  /** How long a client may leave what it is sent unread, milliseconds. */
  readonly drainTimeout: number;
}

export const BROKER_LIMITS: BrokerLimits = {
  maxPacket: 1024 * 1024,
  maxConnections: 10_000,
  maxClientId: 128,
  maxKeepalive: 1200,
  connectTimeout: 10_000,
  drainTimeout: 10_000,
};

/** QoS 2 messages of one connection between their two steps. */
const MAX_INBOUND = 1000;

export interface GateOptions {
  readonly authenticate: (username: string, password: string) => { readonly source: Source } | null;
  readonly mappings: (source: string) => readonly TopicMapping[];
  readonly intake: Intake;
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
  readonly now: () => number;
  readonly log: Log;
  /** A source's first connection came or its last one went. */
  readonly onLink?: (source: string) => void;
}

export interface BrokerCounts {
  readonly connections: number;
  readonly refusedConnects: number;
  readonly throttledConnects: number;
  readonly refusedPublishes: number;
  readonly refusedSubscriptions: number;
  readonly oversizedPackets: number;
}

const SESSION = Symbol('session');
const CONNECT = Symbol('connect');
interface DeviceClient extends Client {
  [SESSION]?: DeviceSession;
  [CONNECT]?: ConnectPacket;
}

/** Decides on every CONNECT, PUBLISH and SUBSCRIBE. */
export class BrokerGate {
  readonly limits: BrokerLimits;
  readonly #options: GateOptions;
  readonly #throttle: ConnectThrottle;
  #sessions = new Map<string, Set<DeviceSession>>();
  #sockets = new Set<Socket>();
  #dirty: DeviceSession[] = [];
  #counts = {
    refusedConnects: 0,
    throttledConnects: 0,
    refusedPublishes: 0,
    refusedSubscriptions: 0,
    oversizedPackets: 0,
  };

  constructor(options: GateOptions, limits: BrokerLimits) {
    this.#options = options;
    this.limits = limits;
    this.#throttle = new ConnectThrottle({ now: options.now });
  }

  handlers(): AedesOptions {
    return {
      connectTimeout: this.limits.connectTimeout,
      drainTimeout: this.limits.drainTimeout,
      maxClientsIdLength: 65_535,
      maxInflightInbound: MAX_INBOUND,
      preConnect: (client, packet, done) => this.#beforeConnect(client, packet, done),
      authenticate: (client, username, password, done) => {
        const refusal = this.#authenticate(client, username, password);
        if (refusal === null) done(null, true);
        else done(Object.assign(new Error(refusal.text), { returnCode: refusal.returnCode }), null);
      },
      authorizePublish: (client, packet, done) => this.#publish(client, packet, done),
      authorizeSubscribe: (client: DeviceClient, subscription, done) => {
        const session = client[SESSION];
        const allowed = session !== undefined && !session.revoked && subscription.topic === session.outbox;
        if (!allowed) this.#counts.refusedSubscriptions++;
        done(null, allowed ? subscription : null);
      },
      authorizeForward: (client: DeviceClient, packet) => {
        const session = client[SESSION];
        return session !== undefined && !session.revoked && packet.topic === session.outbox ? packet : null;
      },
    };
  }

  watch(broker: Aedes): void {
    const { log, onLink } = this.#options;
    // The broker's types leave out its `error`; unheard it would end the process.
    const events: EventEmitter = broker;
    events.on('error', (error: unknown) => log.warn({ error: String(error) }, 'embedded broker'));
    broker.on('client', (client: DeviceClient) => {
      const session = client[SESSION];
      if (session === undefined) return;
      const { source, username } = session;
      const others = this.#sessions.get(username);
      if (others === undefined) this.#sessions.set(username, new Set([session]));
      else others.add(session);
      source.linked = true;
      if (++source.links === 1) onLink?.(source.record.id);
    });
    broker.on('clientDisconnect', (client: DeviceClient) => {
      const session = client[SESSION];
      const others = session && this.#sessions.get(session.username);
      if (!session || !others?.delete(session)) return;
      if (others.size === 0) this.#sessions.delete(session.username);
      if (--session.source.links === 0) onLink?.(session.source.record.id);
    });
    broker.on('clientError', (client: DeviceClient, error: Error) => {
      log.info({ source: client[SESSION]?.source.record.id, error: error.message }, 'MQTT connection ended');
    });
  }

  accept(socket: Socket, broker: Aedes): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    const client: DeviceClient = broker.handle(socket);
    limitPackets(socket, this.limits.maxPacket, (length) => this.#oversized(client, length));
  }

  flush(): void {
    const dirty = this.#dirty;
    for (let i = 0; i < dirty.length; i++) dirty[i]!.flush();
    dirty.length = 0;
  }

  revoke(username: string): void {
    for (const session of this.#sessions.get(username) ?? []) {
      session.revoked = true;
      session.client.close();
    }
  }

  forgetRoutes(): void {
    for (const sessions of this.#sessions.values()) for (const session of sessions) session.forgetRoutes();
  }

  disconnectAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  counts(): BrokerCounts {
    return { connections: this.#sockets.size, ...this.#counts };
  }

  #beforeConnect(client: DeviceClient, packet: ConnectPacket, done: (error: Error | null, ok: boolean) => void): void {
    if (packet.clientId.length > this.limits.maxClientId) {
      done(new Error(`client identifier longer than ${this.limits.maxClientId}`), false);
      return;
    }
    if (packet.protocolVersion === 5) {
      const { maxPacket } = this.limits;
      speakVersionFive(client, packet, { maxPacket, receiveMaximum: MAX_INBOUND });
    }
    client[CONNECT] = packet;
    // A session belongs to its credential: the same identifier from another one is another session, not a takeover.
    if (packet.clientId !== '') packet.clientId = `${packet.username ?? ''}/${packet.clientId}`;
    // Nothing is queued for an absent client, so there is no session to keep.
    packet.clean = true;
    const { maxKeepalive } = this.limits;
    if (!packet.keepalive || packet.keepalive > maxKeepalive) packet.keepalive = maxKeepalive;
    done(null, true);
  }

  #authenticate(client: DeviceClient, username: string | undefined, password: Buffer | undefined) {
    const address = addressOf(client);
    if (this.#throttle.mustWait(address)) {
      this.#counts.throttledConnects++;
      return { returnCode: 3, text: 'too many wrong passwords from this address: wait a minute' };
    }
    const granted = username && password ? this.#options.authenticate(username, password.toString()) : null;
    if (!username || granted === null) {
      this.#counts.refusedConnects++;
      this.#throttle.failed(address);
      return { returnCode: 4, text: 'bad user name or password' };
    }
    const state = this.#options.registry.source(granted.source);
    const session = new DeviceSession(client, username, state, this.#dirty);
    const will = client[CONNECT]?.will;
    client[CONNECT] = undefined;
    if (will && session.verdict(will.topic, this.#options.mappings) === 'foreign') {
      this.#counts.refusedConnects++;
      return { returnCode: 5, text: `the Will may not be published on ${will.topic}` };
    }
    client[SESSION] = session;
    return null;
  }

  /** Also decides on the release of a Will: then `client` is closed already, or null for one left by another broker. */
  #publish(client: DeviceClient | null, packet: PublishPacket, done: Done): void {
    const session = client?.[SESSION];
    if (session === undefined || session.revoked) {
      done(new Error('nobody who may publish'));
      return;
    }
    const { intake, admission, mappings } = this.#options;
    const verdict = session.verdict(packet.topic, mappings);
    if (verdict === 'foreign') {
      this.#counts.refusedPublishes++;
      done(new Error(`source ${session.source.record.id} may not publish on ${packet.topic}`));
      return;
    }
    const payload = packet.payload as Buffer;
    const refusal =
      verdict === 'unknown'
        ? intake.refuse(session.source, 'mqtt', packet.topic, payload, 'unknown-topic', UNKNOWN_TOPIC)
        : intake.receive(session.source, verdict, payload);
    if (refusal !== null) done(refusal);
    else if (session.client.closed) admission.whenDurable(done);
    else if (packet.qos === 1) {
      // The session acknowledges in one piece what a commit made durable. As QoS 0 the broker itself answers nothing.
      packet.qos = 0;
      admission.await(session, done, packet.messageId!);
    } else admission.await(session, done, 0);
  }

  #oversized(client: DeviceClient, length: number): void {
    this.#counts.oversizedPackets++;
    const source = client[SESSION]?.source;
    const detail = `an MQTT packet of ${length} bytes or more: at most ${this.limits.maxPacket}, send it in parts`;
    if (source) this.#options.intake.refuse(source, 'mqtt', '', Buffer.alloc(0), 'too-large', detail);
    this.#options.log.warn({ source: source?.record.id, address: addressOf(client), length }, 'MQTT packet too large');
  }
}

const UNKNOWN_TOPIC =
  'nothing reads this topic: use samples, events or cameras/{camera}, or map it in config/sources.yaml';

const addressOf = (client: Client) => (client.conn as Socket).remoteAddress ?? '';
