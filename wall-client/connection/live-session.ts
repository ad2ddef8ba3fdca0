import { decodeFrame } from '#contract/frame.ts';
import type { AgeMessage, AlertMessage, WallMessage, WatchRefusal, WatchReply } from '#contract/live.ts';
import { LIVE_EVENTS } from '#contract/names.ts';
import { reconnectDelay } from './backoff.ts';
import type { FromSession, ToSession } from './channel.ts';
import { ClockOffset } from './clock-offset.ts';
import { AlertConflater, FrameConflater, transferable } from './conflater.ts';
import { judgeChange } from './gap.ts';
import type { Watch } from './hub-connection.ts';
import { LinkMonitor } from './link-monitor.ts';

/** What the session uses of a Socket.IO socket. It is used for one connection and then thrown away. */
export interface SessionSocket {
  on(event: string, listener: (message: never) => void): unknown;
  off(): unknown;
  emit(event: string, request: unknown, answer: (reply: WatchReply | WatchRefusal) => void): unknown;
  disconnect(): unknown;
}

export interface SessionEnvironment {
  /** Opens a connection that does not reconnect by itself. */
  connect(origin: string): SessionSocket;
  post(message: FromSession, transfer: readonly ArrayBuffer[]): void;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  random(): number;
  /** @returns cancels the call. */
  after(milliseconds: number, call: () => void): () => void;
}

/** Milliseconds between batches: four a second. Also how long calls of `watch` are gathered. */
const BATCH_EVERY = 250;
/** More changed alerts than this, waiting for a page that takes nothing, are dropped for a snapshot later. */
const MOST_WAITING = 5000;
const MOST_WALL_MESSAGES = 100;
const WATCH_AGAIN = 1000;
const WATCH_TIMEOUT = 10_000;

/** The page's end of the live interface: connects, watches, repairs gaps, conflates. Runs in a worker or in the page. */
export class LiveSession {
  readonly #environment: SessionEnvironment;
  readonly #link: LinkMonitor;
  readonly #offset = new ClockOffset();
  readonly #frames = new FrameConflater();
  readonly #alerts = new AlertConflater();
  readonly #cancel = new Map<string, () => void>();
  #age: AgeMessage | null = null;
  #wall: WallMessage[] = [];
  #origin = '';
  #socket: SessionSocket | null = null;
  #connected = false;
  #watch: Watch | null = null;
  /** Newest alert change known under the present filter; null: a snapshot is needed. */
  #seq: number | null = null;
  /** The request whose answer is awaited: answers to earlier ones no longer count. */
  #asked = 0;
  #awaiting = false;
  #pageReady = true;
  #postedAt = Number.NEGATIVE_INFINITY;

  constructor(environment: SessionEnvironment) {
    this.#environment = environment;
    this.#link = new LinkMonitor(environment.now());
  }

  handle(message: ToSession): void {
    switch (message.kind) {
      case 'open':
        this.#origin = message.origin;
        this.#connect();
        this.#beat();
        break;
      case 'watch':
        this.#setWatch(message.watch);
        break;
      case 'retry':
        this.#connect();
        break;
      case 'taken':
        this.#pageReady = true;
        if (this.#seq === null && !this.#awaiting) this.#ask();
        this.#postSoon();
        break;
      case 'close':
        for (const cancel of this.#cancel.values()) cancel();
        this.#cancel.clear();
        this.#dropSocket();
    }
  }

  #connect(): void {
    const { now, connect } = this.#environment;
    if (this.#socket !== null && this.#link.status.state === 'live') return;
    this.#dropSocket();
    this.#link.attempt(now());
    this.#tellLink();
    const socket = connect(this.#origin);
    this.#socket = socket;
    socket.on('connect', () => {
      this.#connected = true;
      this.#ask();
    });
    socket.on('connect_error', (error: Error & { data?: { code?: string } }) => this.#failed(error));
    socket.on('disconnect', (reason: string) => this.#lost(reason));
    socket.on(LIVE_EVENTS.alert, (message: AlertMessage) => this.#onAlert(message));
    socket.on(LIVE_EVENTS.frame, (bytes: ArrayBuffer | Uint8Array) => this.#onFrame(bytes));
    socket.on(LIVE_EVENTS.age, (message: AgeMessage) => this.#onAge(message));
    socket.on(LIVE_EVENTS.wall, (message: WallMessage) => this.#onWall(message));
  }

  #failed(error: Error & { data?: { code?: string } }): void {
    if (error.data?.code !== 'unauthenticated') {
      this.#lost(error.message);
      return;
    }
    this.#dropSocket();
    this.#link.refused(this.#environment.now(), error.message);
    this.#tellLink();
  }

  #lost(reason: string): void {
    this.#dropSocket();
    const { now, random } = this.#environment;
    this.#link.lost(now(), reason);
    this.#tellLink();
    const delay = reconnectDelay(Math.max(1, this.#link.status.attempt), random());
    this.#after('connect', delay, () => this.#connect());
  }

  #dropSocket(): void {
    this.#cancel.get('connect')?.();
    this.#socket?.off();
    this.#socket?.disconnect();
    this.#socket = null;
    this.#connected = false;
    this.#forgetAsked();
  }

  /** An answer that is still on its way no longer counts. */
  #forgetAsked(): void {
    this.#awaiting = false;
    this.#asked++;
  }

  /** Time passes: silence is noticed even when nothing comes. */
  #beat(): void {
    this.#after('beat', 1000, () => {
      const before = this.#link.status.state;
      const giveUp = this.#link.check(this.#environment.now());
      if (this.#link.status.state !== before) this.#tellLink();
      if (giveUp) this.#lost('silent');
      this.#beat();
    });
  }

  #setWatch(watch: Watch): void {
    // Another filter is another chain of changes: what is known under the old one does not carry over.
    if (JSON.stringify(watch.alerts ?? {}) !== JSON.stringify(this.#watch?.alerts ?? {})) {
      this.#seq = null;
      this.#forgetAsked();
    }
    this.#watch = watch;
    this.#after('watch', BATCH_EVERY, () => this.#ask());
  }

  /** Asks for what is watched, from the last known change on. */
  #ask(): void {
    const socket = this.#socket;
    if (socket === null || !this.#connected || this.#watch === null) return;
    this.#cancel.get('watch')?.();
    const { alerts = {}, layers = [] } = this.#watch;
    const request = this.#seq === null ? { alerts, layers } : { alerts, layers, since: this.#seq };
    const asked = ++this.#asked;
    this.#awaiting = true;
    socket.emit(LIVE_EVENTS.watch, request, (reply) => {
      if (asked === this.#asked) this.#onReply(reply);
    });
    this.#after('watch', WATCH_TIMEOUT, () => this.#ask());
  }

  #onReply(reply: WatchReply | WatchRefusal): void {
    this.#awaiting = false;
    this.#cancel.get('watch')?.();
    if ('error' in reply) {
      this.#heard(null);
      this.#note(reply.reason);
      // An invalid request stays invalid; the others pass.
      if (reply.error !== 'invalid') this.#after('watch', WATCH_AGAIN, () => this.#ask());
      return;
    }
    this.#heard(Date.parse(reply.serverTime));
    this.#seq = reply.seq;
    this.#alerts.add(reply);
    this.#bound();
    this.#postSoon();
  }

  #onAlert(message: AlertMessage): void {
    this.#heard(null);
    const step = judgeChange(this.#seq, message);
    if (step === 'watch' && !this.#awaiting) this.#ask();
    if (step !== 'apply') return;
    this.#seq = message.seq;
    const { seq, alert, gone } = message;
    this.#alerts.add({
      ...{ snapshot: false, seq, omitted: 0 },
      alerts: gone ? [] : [alert],
      gone: gone ? [alert.id] : [],
    });
    this.#bound();
    this.#postSoon();
  }

  #onFrame(bytes: ArrayBuffer | Uint8Array): void {
    try {
      const frame = decodeFrame(bytes);
      this.#heard(frame.serverTime);
      this.#frames.add(frame);
      this.#postSoon();
    } catch (error) {
      // A hub of another version: its values will show as stale, which they are to this page.
      this.#note(String(error));
    }
  }

  #onAge(message: AgeMessage): void {
    this.#heard(Date.parse(message.serverTime));
    this.#age = message;
    this.#postSoon();
  }

  #onWall(message: WallMessage): void {
    this.#heard(null);
    if (this.#wall.length < MOST_WALL_MESSAGES) this.#wall.push(message);
    this.#postSoon();
  }

  #heard(serverTime: number | null): void {
    const now = this.#environment.now();
    if (serverTime !== null) this.#offset.add(serverTime, now);
    const { state, offset } = this.#link.status;
    this.#link.heard(now, this.#offset.value);
    // The page is told of what changes the picture, not of every word.
    if (state !== 'live' || offset !== this.#link.status.offset) this.#tellLink();
  }

  /** A page that takes nothing must not fill this thread's memory. */
  #bound(): void {
    if (this.#pageReady || this.#alerts.size <= MOST_WAITING) return;
    this.#alerts.clear();
    this.#seq = null;
  }

  /** The first news goes out at once, what follows is gathered; and nothing before the page took the last batch. */
  #postSoon(): void {
    if (!this.#pageReady || this.#cancel.has('post')) return;
    const wait = this.#postedAt + BATCH_EVERY - this.#environment.now();
    if (wait <= 0) this.#post();
    else this.#after('post', wait, () => this.#post());
  }

  #post(): void {
    if (!this.#pageReady || (this.#frames.empty && this.#alerts.empty && this.#age === null && this.#wall.length === 0))
      return;
    const frames = this.#frames.take();
    const batch = { alerts: this.#alerts.take(), frames, age: this.#age, wall: this.#wall };
    this.#age = null;
    this.#wall = [];
    this.#pageReady = false;
    this.#postedAt = this.#environment.now();
    this.#environment.post({ kind: 'batch', batch }, transferable(frames));
  }

  #note(reason: string): void {
    this.#link.note(reason);
    this.#tellLink();
  }

  #tellLink(): void {
    this.#environment.post({ kind: 'link', link: this.#link.status }, []);
  }

  /** One timer for each purpose: a new one replaces the old. */
  #after(purpose: string, milliseconds: number, call: () => void): void {
    this.#cancel.get(purpose)?.();
    const stop = this.#environment.after(milliseconds, () => {
      this.#cancel.delete(purpose);
      call();
    });
    this.#cancel.set(purpose, () => {
      stop();
      this.#cancel.delete(purpose);
    });
  }
}
