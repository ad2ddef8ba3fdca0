import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '#contract/names.ts';
import type { Position } from '#contract/series.ts';
import type { Credential, Source } from '#contract/source.ts';
import type { CameraStation, DemoPlan, Station } from './plan.ts';
import type { RecordedQuake } from './recordings.ts';

export interface ReplayOptions {
  readonly brokerUrl: string;
  readonly plan: DemoPlan;
  readonly quakes: readonly RecordedQuake[];
  readonly credentialOf: (source: string) => Credential;
  readonly now: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly onError: (error: Error) => void;
}

/** One recorded hour (of the sea, half an hour) goes by in this span, ms. */
const STEP_MS = 1000;
/** The stations of a source take turns within a step, so that the load is even. */
const SLOTS = 10;
const QUAKE_EVERY_STEPS = 12;
const CAMERA_EVERY_STEPS = 4;

/** Replays the recordings through MQTT connections like any device's, one a source, until closed. */
export async function startReplay(options: ReplayOptions): Promise<{ close(): Promise<void> }> {
  const replay = new Replay(options);
  await replay.start();
  return { close: () => replay.close() };
}

class Replay {
  readonly #options: ReplayOptions;
  readonly #clients = new Map<string, MqttClient>();
  readonly #units = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #slot = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    for (const source of options.plan.sources) this.#units.set(source.id, source.unit);
  }

  async start(): Promise<void> {
    await Promise.all(this.#options.plan.sources.map((source) => this.#connect(source)));
    this.#timer = setInterval(() => this.#tick(), STEP_MS / SLOTS);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all([...this.#clients.values()].map((client) => client.endAsync(true)));
  }

  async #connect(source: Source): Promise<void> {
    const client = await connectAsync(this.#options.brokerUrl, {
      ...this.#options.credentialOf(source.id),
      clientId: `demo-${source.id}`,
      clean: true,
      reconnectPeriod: 1000,
      // While the hub is away the replay pauses; recorded data need not be made up for.
      queueQoSZero: false,
    });
    client.on('error', this.#options.onError);
    this.#clients.set(source.id, client);
  }

  #tick(): void {
    const slot = this.#slot++;
    const step = Math.floor(slot / SLOTS);
    const { stations, cameras } = this.#options.plan;
    for (let index = slot % SLOTS; index < stations.length; index += SLOTS) this.#sendStation(stations[index]!, step);
    if (slot % SLOTS !== 0) return;
    if (step % QUAKE_EVERY_STEPS === 0) this.#sendQuake(step / QUAKE_EVERY_STEPS);
    const turn = cameras[step % cameras.length];
    if (turn && step % CAMERA_EVERY_STEPS === 0) this.#sendCamera(turn);
    if (step % CAMERA_EVERY_STEPS === 1) for (const camera of cameras) this.#sendCamera(camera);
  }

  #sendStation({ source, thing, offset, recordings }: Station, step: number): void {
    const pack = recordings.map(({ quantity, uom, values }, index) => ({
      ...(index === 0 ? { bn: `${thing}:`, bt: this.#options.now() / 1000 } : {}),
      n: quantity,
      u: uom,
      v: values[(offset + step) % values.length],
    }));
    this.#publish(source, topics.samples, pack);
  }

  #sendQuake(turn: number): void {
    const { quakes, now } = this.#options;
    const quake = quakes[turn % quakes.length];
    if (!quake) return;
    const { id, magnitude, depth, place, recordedAt } = quake;
    this.#publish('dia-chan', topics.events, {
      specversion: '1.0',
      id: `${id}-${turn}`,
      source: 'urn:ioc:demo:earthquakes',
      type: 'earthquake',
      time: new Date(now()).toISOString(),
      subject: place,
      datacontenttype: 'application/json',
      data: {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: illustrativeEpicentre(turn) },
        properties: { magnitude, depth, title: `M ${magnitude.toFixed(1)} – ${place}`, recordedAt, recorded: true },
      },
    });
  }

  #sendCamera(camera: CameraStation): void {
    const { now, random } = this.#options;
    const unit = this.#units.get(camera.source);
    if (unit === undefined) return;
    this.#send(camera.source, topics.camera(unit, camera.source, camera.thing), {
      UtcTime: new Date(now()).toISOString(),
      Topic: 'tns1:RuleEngine/CellMotionDetector/Motion',
      Source: { VideoSourceConfigurationToken: 'main', Rule: 'motion' },
      Key: {},
      Data: { IsMotion: random() < 0.4 },
    });
  }

  #publish(source: string, topic: (unit: string, source: string) => string, payload: unknown): void {
    const unit = this.#units.get(source);
    if (unit !== undefined) this.#send(source, topic(unit, source), payload);
  }

  #send(source: string, topic: string, payload: unknown): void {
    const client = this.#clients.get(source);
    if (client?.connected) client.publish(topic, JSON.stringify(payload), { qos: 1 });
  }
}

/** The recorded places lie all over the world; on this map the quakes walk along the western ranges. */
function illustrativeEpicentre(turn: number): Position {
  const share = (turn * 0.381966) % 1;
  return [
    Math.round((103.9 + share * 1.3) * 1000) / 1000,
    Math.round((19.7 - share * 0.9 + 0.15 * Math.sin(turn)) * 1000) / 1000,
  ];
}
