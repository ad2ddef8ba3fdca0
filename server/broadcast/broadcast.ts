import type { Server } from 'socket.io';
import type { AlertChange } from '#contract/alert.ts';
import type { HubEvent } from '#contract/event.ts';
import type { JournalGroup } from '#contract/journal-group.ts';
import type { LayerConfig } from '#contract/layer.ts';
import type { AgeMessage, WallMessage } from '#contract/live.ts';
import { LIVE_EVENTS, LIVE_NAMESPACE } from '#contract/names.ts';
import type { SampleBatch } from '#contract/sample-batch.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import { AlertFeed } from './alert-feed.ts';
import { type BuiltCatalogue, Catalogue } from './catalogue.ts';
import { Frames } from './frames.ts';
import { Latest } from './latest.ts';
import { LiveClient, type LiveNamespace, type LiveSocket, wallRoom } from './live-client.ts';
import type { Access, BroadcastClock, BroadcastLog, Handshake, HubHealth, WatchedAlerts } from './ports.ts';
import { tileOf } from './tiles.ts';

/** Milliseconds between frames: four a second is what a map can draw and an eye can follow. */
const FRAME_EVERY = 250;
const AGE_EVERY = 2000;
/** Catalogue changes are told once a second: a bulk import is one refetch, not thousands. */
const ANNOUNCE_EVERY = 1000;
/** Rights are asked for again this often, besides at once when something was revoked. */
const RECHECK_EVERY = 30_000;

export interface BroadcastOptions {
  readonly layers: readonly LayerConfig[];
  readonly access: Access;
  readonly alerts: WatchedAlerts;
  readonly health: HubHealth;
  readonly clock: BroadcastClock;
  readonly log: BroadcastLog;
  /** The client's address from its request, as in `createLiveServer`. */
  readonly addressOf: (socket: LiveSocket) => string;
}

/** Counted since the start, but `connections`, `paused` and `backlogBytes`, which are as of the last frame tick. */
export interface BroadcastCounters {
  connections: number;
  paused: number;
  /** Bytes that wait for all clients together. */
  backlogBytes: number;
  refused: number;
  revoked: number;
  dropped: number;
  framesEncoded: number;
  /** One for each client a frame went to. */
  framesSent: number;
  /** Frame ticks that passed a paused client by. */
  framesSkipped: number;
  frameBytes: number;
  /** One for each client an alert change went to. */
  alertsSent: number;
}

/** The hub's exit to screens, desks and phones: conflated frames, numbered alert changes, health. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #latest = new Latest();
  readonly #catalogue: Catalogue;
  readonly #frames: Frames;
  readonly #feed: AlertFeed;
  readonly #clients = new Map<string, LiveClient>();
  readonly #counters = {
    ...{ refused: 0, revoked: 0, dropped: 0, framesSent: 0, framesSkipped: 0, frameBytes: 0, alertsSent: 0 },
  };
  readonly #stops: (() => void)[] = [];
  #namespace: LiveNamespace | null = null;
  #ageDue = false;

  /** Reads the open alerts; create it after the alert book is restored. */
  constructor(options: BroadcastOptions) {
    this.#options = options;
    const now = () => options.clock.now();
    this.#catalogue = new Catalogue(options.layers, now);
    this.#frames = new Frames(this.#latest, (layer) => this.#catalogue.version(layer));
    this.#feed = new AlertFeed(options.alerts, (room, message) => {
      this.#counters.alertsSent += this.#size(room);
      this.#namespace?.local.to(room).emit(LIVE_EVENTS.alert, message);
    });
    for (const alert of this.#feed.known()) this.#latest.alert(alert, false);
  }

  /** Opens `/live` on a server of `createLiveServer` and starts the clocks. */
  attach(io: Server): void {
    const { clock, access } = this.#options;
    const namespace = io.of(LIVE_NAMESPACE) as LiveNamespace;
    this.#namespace = namespace;
    namespace.use((socket, next) => next(this.#admit(socket) ? undefined : unauthenticated()));
    namespace.on('connection', (socket) => this.#welcome(socket));
    access.onRevoked(() => this.#recheck());
    this.#stops.push(
      clock.every(FRAME_EVERY, () => this.#tick()),
      clock.every(AGE_EVERY, () => this.#age()),
      clock.every(ANNOUNCE_EVERY, () => this.#frames.announce(this.#layerIds(), clock.now(), this.#rooms)),
      clock.every(RECHECK_EVERY, () => this.#recheck()),
    );
  }

  /** Stops the clocks and disconnects everybody. The server itself belongs to the caller. */
  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#namespace?.disconnectSockets(true);
  }

  /** A series, with its thing where that is declared. Again with a changed thing or source: the change is taken over. */
  declareSeries(series: Series, thing: Thing | null, source: Source): void {
    this.#latest.declare(series.number, series.id, source.staleAfter * 1000);
    const layers = this.#catalogue.declareSeries(series, thing, source);
    this.#frames.place(series.number, layers, tileOf(this.#catalogue.position(series.source, series.thing)));
  }

  /** A thing that is new, renamed or moved. */
  declareThing(thing: Thing): void {
    for (const { number, quantity } of this.#catalogue.declareThing(thing)) {
      this.#frames.place(number, this.#catalogue.layersOf(quantity), tileOf(thing.position));
    }
  }

  event(event: HubEvent): void {
    this.#catalogue.event(event);
  }

  /** Samples and events of a group that is durable. Series and things in it are declared by the caller before. */
  group(group: JournalGroup): void {
    this.#latest.take(group.samples);
    for (const entry of group.entries) if (entry.kind === 'event') this.#catalogue.event(entry.event);
  }

  /** The last known samples, at start: screens need not wait for each station's next word. */
  seed(samples: SampleBatch): void {
    this.#latest.take(samples);
  }

  /** Alert changes in the order of their numbers. */
  changes(changes: readonly AlertChange[]): void {
    for (const { alert, kind } of changes) this.#latest.alert(alert, kind === 'cancelled');
    this.#feed.changes(changes);
  }

  /** To the screens of one wall. */
  wall(message: WallMessage): void {
    this.#namespace?.local.to(wallRoom(message.wall)).emit(LIVE_EVENTS.wall, message);
  }

  /** A source's link or a part of the hub changed: `age` goes out with the next tick instead of within two seconds. */
  healthChanged(): void {
    this.#ageDue = true;
  }

  get layers(): readonly LayerConfig[] {
    return this.#catalogue.configs;
  }

  /** What `GET /layers/{id}` answers, with its JSON built once a version; null for a layer that is not configured. */
  catalogue(layer: string): BuiltCatalogue | null {
    return this.#catalogue.read(layer);
  }

  get counters(): BroadcastCounters {
    const clients = [...this.#clients.values()];
    return {
      ...this.#counters,
      connections: clients.length,
      paused: clients.filter((client) => client.paused).length,
      backlogBytes: clients.reduce((sum, client) => sum + client.backlog, 0),
      framesEncoded: this.#frames.encoded,
    };
  }

  readonly #rooms = {
    // A paused client is in no room; it counts as nobody until it catches up.
    size: (room: string) => this.#size(room),
    send: (room: string, bytes: Uint8Array) => {
      const clients = this.#size(room);
      this.#counters.framesSent += clients;
      this.#counters.frameBytes += clients * bytes.byteLength;
      // `local`: series numbers are this hub's own, so frames never cross to another's clients.
      this.#namespace?.local.to(room).emit(LIVE_EVENTS.frame, bytes);
    },
  };

  #size(room: string): number {
    return this.#namespace?.adapter.rooms.get(room)?.size ?? 0;
  }

  #layerIds(): string[] {
    return this.#options.layers.map((layer) => layer.id);
  }

  #admit(socket: LiveSocket): boolean {
    const handshake = this.#handshake(socket);
    const principal = this.#options.access.authenticate(handshake);
    if (principal === null) {
      this.#counters.refused++;
      return false;
    }
    socket.data = { handshake, principal };
    return true;
  }

  #handshake(socket: LiveSocket): Handshake {
    const { headers, auth } = socket.handshake;
    const token: unknown = auth.token;
    return {
      cookie: headers.cookie,
      token: typeof token === 'string' ? token : undefined,
      origin: headers.origin,
      host: headers.host,
      address: this.#options.addressOf(socket),
    };
  }

  #welcome(socket: LiveSocket): void {
    const { handshake, principal } = socket.data as Pick<LiveClient, 'handshake' | 'principal'>;
    const { access, log, clock } = this.#options;
    const units = access.alertUnits(principal);
    const client = new LiveClient(
      socket,
      { principal, handshake, units, ageRoom: ageRoom(units) },
      {
        latest: this.#latest,
        frames: this.#frames,
        feed: this.#feed,
        // A layer that somebody may not see does not exist for them.
        layerKind: (id) => (access.watchesLayer?.(principal, id) === false ? null : this.#catalogue.kind(id)),
        now: () => clock.now(),
        failed: (error) => log.warn({ client: principal.name, error: String(error) }, 'a watch failed'),
        sentAlone: (bytes) => {
          this.#counters.framesSent++;
          this.#counters.frameBytes += bytes;
        },
      },
    );
    this.#clients.set(socket.id, client);
    socket.on('disconnect', () => {
      client.close();
      this.#clients.delete(socket.id);
    });
    socket.emit(LIVE_EVENTS.age, this.#ageMessage(units));
  }

  #tick(): void {
    const now = this.#options.clock.now();
    // First who keeps up: what this tick sends must not be counted against anybody before it had time to leave.
    for (const client of this.#clients.values()) this.#judge(client, now);
    this.#frames.tick(now, this.#rooms);
    if (this.#ageDue) this.#age();
  }

  #judge(client: LiveClient, now: number): void {
    const reason = client.judge(now);
    if (client.paused) this.#counters.framesSkipped++;
    if (reason === null) return;
    this.#counters.dropped++;
    const { principal, handshake } = client;
    this.#options.log.warn({ client: principal.name, address: handshake.address, reason }, 'slow client disconnected');
  }

  #age(): void {
    const now = this.#options.clock.now();
    this.#ageDue = false;
    this.#latest.age(now);
    const told = new Set<string>();
    for (const { units } of this.#clients.values()) {
      const room = ageRoom(units);
      if (told.has(room)) continue;
      told.add(room);
      this.#namespace?.local.to(room).emit(LIVE_EVENTS.age, this.#ageMessage(units));
    }
  }

  /** Health of the sources of these units; null: of all. */
  #ageMessage(units: readonly string[] | null): AgeMessage {
    const { health, clock } = this.#options;
    const sources = health.sources().filter((source) => units === null || units.includes(source.unit));
    const serverTime = new Date(clock.now()).toISOString();
    return { serverTime, sources, degraded: health.degraded(), evaluation: health.evaluation() };
  }

  /** Disconnects whoever would not be let in now, or not as the same. */
  #recheck(): void {
    for (const client of [...this.#clients.values()]) {
      const principal = this.#options.access.authenticate(client.handshake);
      const same = principal !== null && JSON.stringify(principal) === JSON.stringify(client.principal);
      const units = principal === null ? [] : this.#options.access.alertUnits(principal);
      if (same && ageRoom(units) === ageRoom(client.units)) continue;
      this.#counters.revoked++;
      client.socket.disconnect(true);
    }
  }
}

function ageRoom(units: readonly string[] | null): string {
  return units === null ? 'age' : `age:${[...units].sort().join(',')}`;
}

/** `data.code` tells the client that trying again is of no use until it is somebody else. */
function unauthenticated(): Error {
  return Object.assign(new Error('unauthenticated'), { data: { code: 'unauthenticated' } });
}
