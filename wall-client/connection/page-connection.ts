import type { Batch, Channel, FromSession } from './channel.ts';
import type { HubHttp } from './http.ts';
import type { HubConnection, HubMessages, LinkStatus, Watch } from './hub-connection.ts';
import { SILENT_AFTER } from './link-monitor.ts';

export interface PageEnvironment {
  readonly origin: string;
  readonly http: HubHttp;
  /** Page clock, ms since the Unix epoch. */
  now(): number;
  every(milliseconds: number, tick: () => void): () => void;
  /** Opens a session; `lost` is called when it had to be started anew. */
  open(listener: (message: FromSession) => void, lost: () => void): Channel;
}

type Listeners = { [K in keyof HubMessages]: Set<(message: HubMessages[K]) => void> };

/** The page's side of a session. It also watches the session: a worker that hangs must not look alive. */
export class PageConnection implements HubConnection {
  readonly http: HubHttp;
  readonly #environment: PageEnvironment;
  readonly #listeners: Listeners = {
    link: new Set(),
    alerts: new Set(),
    frames: new Set(),
    age: new Set(),
    wall: new Set(),
  };
  readonly #channel: Channel;
  readonly #stopWatching: () => void;
  #link: LinkStatus;
  #heardAt: number;
  #watch: Watch | null = null;
  /** The session hangs, as far as the page can tell; its own last word on the link is out of date. */
  #doubt = false;

  constructor(environment: PageEnvironment) {
    this.#environment = environment;
    this.http = environment.http;
    const now = environment.now();
    this.#heardAt = now;
    this.#link = { state: 'connecting', since: now, heardAt: null, attempt: 0, reason: null, offset: null };
    this.#channel = environment.open(
      (message) => this.#take(message),
      () => this.#open(),
    );
    this.#open();
    this.#stopWatching = environment.every(1000, () => this.#watchSession());
  }

  get link(): LinkStatus {
    return this.#link;
  }

  on<K extends keyof HubMessages>(kind: K, listener: (message: HubMessages[K]) => void): () => void {
    const listeners: Set<(message: HubMessages[K]) => void> = this.#listeners[kind];
    listeners.add(listener);
    if (kind === 'link') (listener as (message: LinkStatus) => void)(this.#link);
    return () => listeners.delete(listener);
  }

  watch(wanted: Watch): void {
    this.#watch = wanted;
    this.#channel.send({ kind: 'watch', watch: wanted });
  }

  retry(): void {
    this.#channel.send({ kind: 'retry' });
  }

  serverNow(): number {
    return this.#environment.now() + (this.#link.offset ?? 0);
  }

  close(): void {
    this.#stopWatching();
    this.#channel.send({ kind: 'close' });
    this.#channel.close();
  }

  #open(): void {
    this.#channel.send({ kind: 'open', origin: this.#environment.origin });
    if (this.#watch !== null) this.#channel.send({ kind: 'watch', watch: this.#watch });
  }

  #take(message: FromSession): void {
    this.#heardAt = this.#environment.now();
    if (message.kind === 'link') {
      this.#doubt = false;
      this.#setLink(message.link);
      return;
    }
    if (this.#doubt) {
      this.#doubt = false;
      this.#setLink({ ...this.#link, state: 'live', since: this.#heardAt });
    }
    try {
      this.#deliver(message.batch);
    } finally {
      // Whatever a listener did, the session may send the next batch.
      this.#channel.send({ kind: 'taken' });
    }
  }

  #deliver(batch: Batch): void {
    if (batch.age !== null) this.#tell('age', batch.age);
    if (batch.alerts !== null) this.#tell('alerts', batch.alerts);
    if (batch.frames.length > 0) this.#tell('frames', batch.frames);
    for (const message of batch.wall) this.#tell('wall', message);
  }

  /** `age` comes through the session every two seconds; without any word of it for long, the session itself hangs. */
  #watchSession(): void {
    const now = this.#environment.now();
    if (this.#link.state !== 'live' || now - this.#heardAt <= SILENT_AFTER) return;
    this.#doubt = true;
    this.#setLink({ ...this.#link, state: 'silent', since: now, heardAt: this.#heardAt });
  }

  #setLink(link: LinkStatus): void {
    this.#link = link;
    this.#tell('link', link);
  }

  #tell<K extends keyof HubMessages>(kind: K, message: HubMessages[K]): void {
    const listeners: Set<(message: HubMessages[K]) => void> = this.#listeners[kind];
    for (const listener of [...listeners]) listener(message);
  }
}
