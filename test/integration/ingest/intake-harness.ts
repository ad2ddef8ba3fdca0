import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { JournalEntry, JournalGroup } from '#contract/journal-group.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { Source, TopicMapping } from '#contract/source.ts';
import { Admission, type AdmissionOptions } from '../../../server/ingest/admit.ts';
import {
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
  startEmbeddedBroker,
} from '../../../server/ingest/mqtt/embedded-broker.ts';
import { Intake } from '../../../server/ingest/normalise.ts';
import type { InputLog } from '../../../server/ingest/ports.ts';
import { Quarantine } from '../../../server/ingest/quarantine.ts';
import { SeriesRegistry } from '../../../server/ingest/series-registry.ts';
import { type Journal, openJournal } from '../../../server/journal/journal.ts';

export const source = (id: string, unit = 'so-nnmt', changes: Partial<Source> = {}): Source => ({
  id,
  unit,
  name: id,
  decoder: 'senml',
  staleAfter: 60,
  recorded: false,
  ...changes,
});

export interface HarnessOptions {
  readonly now?: () => number;
  readonly admission?: Partial<AdmissionOptions>;
  readonly quarantineRate?: number;
  readonly maxPerSource?: number;
  /** Stand in for the journal's own answers. */
  readonly append?: InputLog['append'];
  readonly accepting?: () => boolean;
  /** Keeps durability back until `release` is called. */
  readonly holdDurable?: boolean;
}

/** The room as `app.ts` wires it, on a real journal in a directory of its own. */
export class IntakeHarness {
  readonly groups: JournalGroup[] = [];
  readonly journal: Journal;
  readonly registry: SeriesRegistry;
  readonly admission: Admission;
  readonly quarantine: Quarantine;
  readonly intake: Intake;
  readonly now: () => number;
  readonly mappings = new Map<string, readonly TopicMapping[]>();
  #directory: string;
  #brokers: EmbeddedBroker[] = [];
  #clients: MqttClient[] = [];
  #held: (() => void)[] = [];
  #holding: boolean;

  static async open(options: HarnessOptions = {}): Promise<IntakeHarness> {
    return new IntakeHarness(await mkdtemp(join(tmpdir(), 'ioc-ingest-')), options);
  }

  private constructor(directory: string, options: HarnessOptions) {
    this.#directory = directory;
    this.now = options.now ?? Date.now;
    this.journal = openJournal({ path: join(directory, 'journal'), maxBytes: 256 * 1024 * 1024 });
    this.registry = new SeriesRegistry(
      options.maxPerSource === undefined ? {} : { maxPerSource: options.maxPerSource },
    );
    this.#holding = options.holdDurable ?? false;
    this.admission = new Admission({
      journal: {
        append: options.append ?? ((draft, facts) => this.journal.append(draft, facts)),
        accepting: options.accepting ?? (() => this.journal.accepting()),
        onDurable: (listener) =>
          this.journal.onDurable((position) => {
            if (this.#holding) this.#held.push(() => listener(position));
            else listener(position);
          }),
      },
      now: this.now,
      onGroup: (group) => this.groups.push(group),
      onLost: (samples) => this.registry.forget(samples),
      ...options.admission,
    });
    this.quarantine = new Quarantine({ admission: this.admission, rate: options.quarantineRate ?? 1e6 });
    this.intake = new Intake({ admission: this.admission, registry: this.registry, quarantine: this.quarantine });
  }

  /** Credentials: the username is the source's id, the password is `secret`. */
  async broker(sources: readonly Source[], changes: Partial<EmbeddedBrokerOptions> = {}): Promise<EmbeddedBroker> {
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      authenticate: (username, password) => {
        const found = sources.find(({ id }) => id === username.split('.')[0]);
        return found && password === 'secret' ? { source: found } : null;
      },
      mappings: (id) => this.mappings.get(id) ?? [],
      intake: this.intake,
      admission: this.admission,
      registry: this.registry,
      now: this.now,
      log: { info: () => {}, warn: () => {} },
      ...changes,
    });
    this.#brokers.push(broker);
    return broker;
  }

  async connect(port: number, username: string, options: IClientOptions = {}): Promise<MqttClient> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      username,
      password: 'secret',
      reconnectPeriod: 0,
      ...options,
    });
    client.on('error', () => {});
    this.#clients.push(client);
    return client;
  }

  /** Commits that are on disk, of which the room has not heard. */
  get held(): number {
    return this.#held.length;
  }

  release(): void {
    this.#holding = false;
    for (const tell of this.#held.splice(0)) tell();
  }

  get entries(): JournalEntry[] {
    return this.groups.flatMap((group) => [...group.entries]);
  }

  get quarantined(): QuarantineItem[] {
    return this.entries.flatMap((entry) => (entry.kind === 'quarantine' ? [entry.item] : []));
  }

  /** What the journal on disk holds: series name, time, value, flags. */
  stored(): { name: string; time: number; value: number; flags: number }[] {
    const rows: { name: string; time: number; value: number; flags: number }[] = [];
    for (const { samples } of this.journal.readInput(0, 1_000_000)) {
      for (let i = 0; i < samples.length; i++) {
        const name = this.registry.series(samples.series[i]!)!.name;
        rows.push({ name, time: samples.time[i]!, value: samples.value[i]!, flags: samples.flags[i]! });
      }
    }
    return rows;
  }

  async close(): Promise<void> {
    this.release();
    for (const client of this.#clients) client.end(true);
    for (const broker of this.#brokers) await broker.close();
    this.quarantine.sumUp();
    await this.admission.close();
    await this.journal.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
