import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import { topics } from '#contract/names.ts';
import type { TopicMapping } from '#contract/source.ts';
import type { Done, Receiver } from '../admit.ts';
import type { SourceState } from '../source-state.ts';
import { routeTopic, type TopicVerdict } from './topic-route.ts';

/** Topics of one connection whose verdict is remembered; more are judged each time. */
const MAX_ROUTES = 256;
/** Unsent acknowledgements of a client that does not read; then the connection ends. */
const MAX_UNSENT = 1024 * 1024;
const PUBACK = 0x40;

/**
 * One authenticated connection: what it may do, and its acknowledgements. They leave as one write a group commit:
 * four bytes a message, in the order of the messages (MQTT 3.1.1 §4.6).
 */
export class DeviceSession implements Receiver {
  readonly client: Client;
  readonly username: string;
  readonly source: SourceState;
  revoked = false;
  #routes = new Map<string, TopicVerdict>();
  #acks = Buffer.allocUnsafe(1024);
  #length = 0;
  readonly #dirty: DeviceSession[];

  /** `dirty` collects the sessions that have acknowledgements to send. */
  constructor(client: Client, username: string, source: SourceState, dirty: DeviceSession[]) {
    this.client = client;
    this.username = username;
    this.source = source;
    this.#dirty = dirty;
  }

  /** The only topic a device's credential may read: its unit's alerts. */
  get outbox(): string {
    return topics.outbox(this.source.record.unit);
  }

  verdict(topic: string, mappings: (source: string) => readonly TopicMapping[]): TopicVerdict {
    const known = this.#routes.get(topic);
    if (known !== undefined) return known;
    const verdict = routeTopic(topic, this.source.record, mappings(this.source.record.id));
    if (this.#routes.size < MAX_ROUTES) this.#routes.set(topic, verdict);
    return verdict;
  }

  forgetRoutes(): void {
    this.#routes.clear();
  }

  /** `ticket` is the packet identifier to acknowledge; 0 where the broker answers by itself, or nobody. */
  settled(error: Error | null, done: Done, ticket: number): void {
    if (this.client.closed) return;
    if (error !== null) {
      done(error);
      return;
    }
    if (ticket !== 0) this.#acknowledge(ticket);
    done();
  }

  #acknowledge(ticket: number): void {
    if (this.#length === 0) this.#dirty.push(this);
    if (this.#length === this.#acks.length) {
      const wider = Buffer.allocUnsafe(this.#acks.length * 2);
      this.#acks.copy(wider);
      this.#acks = wider;
    }
    const at = this.#length;
    this.#acks[at] = PUBACK;
    this.#acks[at + 1] = 2;
    this.#acks[at + 2] = ticket >> 8;
    this.#acks[at + 3] = ticket & 0xff;
    this.#length = at + 4;
  }

  flush(): void {
    const bytes = Buffer.from(this.#acks.subarray(0, this.#length));
    this.#length = 0;
    const socket = this.client.conn as Socket;
    if (socket.destroyed) return;
    socket.write(bytes);
    if (socket.writableLength > MAX_UNSENT) socket.destroy();
  }
}
