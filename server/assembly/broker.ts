import { readFile } from 'node:fs/promises';
import type { AlertChange, OutboxMessage } from '#contract/alert.ts';
import type { Auth } from '../auth/auth.ts';
import type { HubConfig } from '../config/hub-config.ts';
import { isLoopback, type Settings } from '../config/settings.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../ingest/mqtt/embedded-broker.ts';
import { connectExternalBroker, type ExternalBroker } from '../ingest/mqtt/external-broker.ts';
import type { Logger } from '../observe/logger.ts';
import type { Demo } from './demo.ts';
import type { Input } from './input.ts';

export interface BrokerOptions {
  readonly settings: Settings;
  readonly config: () => HubConfig;
  readonly input: Input;
  /** Names the persistent session at an outside broker. */
  readonly hubId: string;
  readonly auth: Auth;
  readonly demo: Demo | null;
  readonly now: () => number;
  readonly log: Logger;
  readonly onLink: () => void;
}

/** The MQTT entrance: our own broker, or connections to one outside. */
export interface Broker {
  readonly embedded: EmbeddedBroker | null;
  readonly external: ExternalBroker | null;
  /** Where devices publish. */
  readonly url: string;
  /** After a change of sources or of `sources.yaml`. */
  refresh(): void;
  /** To the units' own software, as far as it is connected. */
  publishChanges(changes: readonly AlertChange[]): void;
  close(): Promise<void>;
}

function publishTo(broker: { publishOutbox(unit: string, payload: string): void }): Broker['publishChanges'] {
  return (changes) => {
    for (const { seq, kind, alert } of changes) {
      const message: OutboxMessage = { seq, kind, alert };
      broker.publishOutbox(alert.unit, JSON.stringify(message));
    }
  };
}

export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { settings, config, input, auth, now, log, onLink } = options;
  const mappings = (source: string) => config().sources.find(({ source: { id } }) => id === source)?.topics ?? [];
  const common = { ...input, mappings, now, log, onLink };
  if (settings.mqtt.url !== null) {
    const { url } = settings.mqtt;
    const directory = {
      source: (id: string) => auth.sources.source(id),
      mappings,
      sources: () => auth.sources.sources(),
    };
    const external = connectExternalBroker({ ...common, url, clientId: `ioc-hub-${options.hubId}`, directory });
    auth.sources.onAdded(() => external.refresh());
    return {
      embedded: null,
      external,
      url,
      refresh: () => external.refresh(),
      publishChanges: publishTo(external),
      close: () => external.close(),
    };
  }
  const { mqtt, tls } = settings;
  const certificate = tls && mqtt.tlsPort !== null ? await readCertificate(tls, mqtt.tlsPort) : null;
  const embedded = await startEmbeddedBroker({
    ...common,
    // With TLS the public address serves TLS alone; the plain port stays for this machine.
    host: certificate && !isLoopback(mqtt.host) ? '127.0.0.1' : mqtt.host,
    port: mqtt.port,
    ...(certificate ? { tls: certificate } : {}),
    authenticate: (username, password) => {
      const source = options.demo?.authenticate(username, password) ?? auth.sources.verify(username, password);
      return source ? { source } : null;
    },
  });
  auth.sources.onCredentialRevoked((username) => embedded.revoke(username));
  return {
    embedded,
    external: null,
    url: `mqtt://${mqtt.host}:${embedded.port}`,
    refresh: () => embedded.forgetRoutes(),
    publishChanges: publishTo(embedded),
    close: () => embedded.close(),
  };
}

async function readCertificate(files: { certificateFile: string; keyFile: string }, port: number) {
  const [cert, key] = await Promise.all([readFile(files.certificateFile), readFile(files.keyFile)]);
  return { port, cert, key };
}
