import type { Namespace, Socket } from 'socket.io';
import type { AgeMessage, AlertMessage, WallMessage, WatchRefusal, WatchReply } from '#contract/live.ts';
import { LIVE_EVENTS } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';
import type { AlertFeed, Audience } from './alert-feed.ts';
import { backlogOf, cutConnection } from './backlog.ts';
import { type Frames, frameRoom, layerRoom } from './frames.ts';
import type { Latest } from './latest.ts';
import type { Handshake } from './ports.ts';
import { judgeBacklog, type Pause } from './slow-client.ts';
import { cellsOf, WHOLE_LAYER } from './tiles.ts';
import { parseWatch } from './watch-request.ts';

interface Heard {
  watch: (request: unknown, answer?: (reply: WatchReply | WatchRefusal) => void) => void;
}
interface Said {
  alert: (message: AlertMessage) => void;
  frame: (bytes: Uint8Array) => void;
  wall: (message: WallMessage) => void;
  age: (message: AgeMessage) => void;
}
export type LiveNamespace = Namespace<Heard, Said>;
export type LiveSocket = Socket<Heard, Said>;

/** What all clients share. */
export interface LiveRooms {
  readonly latest: Latest;
  readonly frames: Frames;
  readonly feed: AlertFeed;
  /** Null: there is no such layer. */
  readonly layerKind: (id: string) => 'samples' | 'events' | null;
  readonly now: () => number;
  /** Told of an error that is ours; the client gets a refusal. */
  readonly failed: (error: unknown) => void;
  /** Told of every frame that goes to one client alone. */
  readonly sentAlone: (bytes: number) => void;
}

/** A burst of requests while a map is dragged, then this many a second. */
const WATCH_BURST = 20;
const WATCH_PER_SECOND = 4;

interface WatchedCell {
  readonly layer: string;
  readonly tile: string;
  /** What the client has of it: the room's frames keep it complete, or it paused after that tick. */
  had: 'nothing' | 'all' | number;
}

/** One connected client: what it watches, and whether it keeps up. */
export class LiveClient {
  readonly socket: LiveSocket;
  readonly principal: Principal;
  readonly handshake: Handshake;
  readonly units: readonly string[] | null;
  readonly #ageRoom: string;
  readonly #shared: LiveRooms;
  #audience: Audience | null = null;
  /** Frame rooms wanted. */
  #cells = new Map<string, WatchedCell>();
  #layers = new Set<string>();
  #pause: Pause | null = null;
  #backlog = 0;
  #budget = WATCH_BURST;
  #budgetAt: number;

  constructor(
    socket: LiveSocket,
    who: { principal: Principal; handshake: Handshake; units: readonly string[] | null; ageRoom: string },
    shared: LiveRooms,
  ) {
    this.socket = socket;
    this.principal = who.principal;
    this.handshake = who.handshake;
    this.units = who.units;
    this.#ageRoom = who.ageRoom;
    this.#shared = shared;
    this.#budgetAt = shared.now();
    void socket.join(who.ageRoom);
    if (who.principal.kind === 'wall') void socket.join(wallRoom(who.principal.wall));
    socket.on(LIVE_EVENTS.watch, (request, answer) => {
      if (typeof answer === 'function') answer(this.#tryWatch(request));
    });
  }

  get paused(): boolean {
    return this.#pause !== null;
  }

  /** Bytes that waited for this client when it was last judged. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Gives back what the rooms hold for this client. Socket.IO leaves the rooms by itself. */
  close(): void {
    if (this.#audience !== null) this.#shared.feed.leave(this.#audience);
    this.#audience = null;
  }

  /** Measures the backlog and pauses, resumes or disconnects. @returns why it was disconnected; null: it was not. */
  judge(now: number): string | null {
    this.#backlog = backlogOf(this.socket);
    const verdict = judgeBacklog(this.#pause, this.#backlog, now);
    this.#pause = verdict.pause;
    if (verdict.act === 'pause') this.#leaveRooms();
    else if (verdict.act === 'resume') this.#resume(now);
    else if (verdict.act === 'drop') {
      cutConnection(this.socket);
      return verdict.reason;
    }
    return null;
  }

  #tryWatch(input: unknown): WatchReply | WatchRefusal {
    try {
      return this.#watch(input);
    } catch (error) {
      // An error in a socket's listener would end the process.
      this.#shared.failed(error);
      return { error: 'unavailable', reason: 'the hub could not answer' };
    }
  }

  #watch(input: unknown): WatchReply | WatchRefusal {
    const now = this.#shared.now();
    if (!this.#spend(now)) return { error: 'too-often', reason: `at most ${WATCH_PER_SECOND} requests a second` };
    // An answer would only lengthen the queue that this client does not read.
    if (this.paused) return { error: 'unavailable', reason: 'this client is behind; the request can be repeated' };
    const parsed = parseWatch(input, (id) => this.#shared.layerKind(id) !== null);
    if ('reason' in parsed) return { error: 'invalid', reason: parsed.reason };
    const { layers = [], alerts = {}, since } = parsed.request;
    const audience = this.#shared.feed.join(this.units, alerts);
    if (this.#audience !== null) {
      this.#shared.feed.leave(this.#audience);
      if (this.#audience !== audience) void this.socket.leave(this.#audience.room);
    }
    this.#audience = audience;
    void this.socket.join(audience.room);
    this.#watchLayers(layers);
    // Everything since the last frame tick is still to come, so the client misses nothing between answer and frames.
    this.#catchUp(now);
    return this.#shared.feed.reply(audience, since, new Date(now).toISOString());
  }

  #watchLayers(layers: readonly { id: string; bbox?: readonly number[]; zoom?: number }[]): void {
    const wanted = new Map<string, WatchedCell>();
    for (const { id, bbox, zoom } of layers) {
      // Events come with the catalogue; their layer has one cell, which says when it changed.
      const tiles = this.#shared.layerKind(id) === 'events' ? [WHOLE_LAYER] : cellsOf(bbox, zoom);
      for (const tile of tiles) {
        const room = frameRoom(id, tile);
        wanted.set(room, this.#cells.get(room) ?? { layer: id, tile, had: 'nothing' });
      }
    }
    const names = new Set(layers.map(({ id }) => layerRoom(id)));
    for (const room of [...this.#cells.keys()].filter((room) => !wanted.has(room))) void this.socket.leave(room);
    for (const room of [...this.#layers].filter((room) => !names.has(room))) void this.socket.leave(room);
    this.#cells = wanted;
    this.#layers = names;
    void this.socket.join([...wanted.keys(), ...names]);
  }

  /** Sends what the client lacks of each of its cells: all of a new one, what changed of one it had before. */
  #catchUp(now: number): void {
    const { frames } = this.#shared;
    for (const cell of this.#cells.values()) {
      const { layer, tile, had } = cell;
      cell.had = 'all';
      if (had === 'all') continue;
      const bytes = had === 'nothing' ? frames.whole(layer, tile, now) : frames.missed(layer, tile, had, now);
      if (bytes !== null) this.#sendFrame(bytes);
    }
  }

  #sendFrame(bytes: Uint8Array): void {
    this.socket.emit(LIVE_EVENTS.frame, bytes);
    this.#shared.sentAlone(bytes.byteLength);
  }

  #leaveRooms(): void {
    const had = this.#shared.latest.tick - 1;
    for (const [room, cell] of this.#cells) {
      if (cell.had === 'all') cell.had = had;
      void this.socket.leave(room);
    }
    for (const room of this.#layers) void this.socket.leave(room);
    void this.socket.leave(this.#ageRoom);
    if (this.#audience !== null) void this.socket.leave(this.#audience.room);
  }

  #resume(now: number): void {
    void this.socket.join([this.#ageRoom, ...this.#cells.keys(), ...this.#layers]);
    this.#catchUp(now);
    if (this.#audience === null) return;
    void this.socket.join(this.#audience.room);
    // Either the client goes on from here, or it sees the gap and watches anew with its last number.
    if (this.#audience.lastMessage !== null) this.socket.emit(LIVE_EVENTS.alert, this.#audience.lastMessage);
  }

  #spend(now: number): boolean {
    const earned = Math.max(0, ((now - this.#budgetAt) / 1000) * WATCH_PER_SECOND);
    this.#budget = Math.min(WATCH_BURST, this.#budget + earned);
    this.#budgetAt = now;
    if (this.#budget < 1) return false;
    this.#budget--;
    return true;
  }
}

export const wallRoom = (wall: string) => `wall:${wall}`;
