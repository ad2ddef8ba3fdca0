import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import { topics } from '#contract/names.ts';
import type { TopicMapping } from '#contract/source.ts';
import type { Done, Receiver } from '../admit.ts';
import type { SourceState } from '../source-state.ts';
import { AckBatch } from './ack-batch.ts';
import { routeTopic, type TopicVerdict } from './topic-route.ts';

/** Topics of one connection whose verdict is remembered; more are judged each time. */
const MAX_ROUTES = 256;
/** Unsent acknowledgements of a client that does not read; then the connection ends. */
const MAX_UNSENT = 1024 * 1024;

/**
 * One authenticated connection: what it may do, and its acknowledgements, which leave as one write a group commit.
 */
export class DeviceSession implements Receiver {
  readonly client: Client;
  readonly username: string;
  readonly source: SourceState;
  revoked = false;
  #routes = new Map<string, TopicVerdict>();
  readonly #acks = new AckBatch();
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
    if (ticket !== 0) {
      if (this.#acks.empty) this.#dirty.push(this);
      this.#acks.add(ticket);
    }
    done();
  }

  flush(): void {
    const bytes = this.#acks.take();
    const socket = this.client.conn as Socket;
    if (socket.destroyed) return;
    socket.write(bytes);
    if (socket.writableLength > MAX_UNSENT) socket.destroy();
  }
}
