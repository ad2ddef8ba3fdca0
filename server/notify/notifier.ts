import type { Alert, AlertChange } from '#contract/alert.ts';
import type { Delivery } from '#contract/push.ts';
import type { OutcomeRecord, PushSubscriptionRecord } from '#contract/records.ts';
import { DeliveryQueue, deliveryOf, type Job, type QueueCounters } from './delivery-queue.ts';
import { noticeOf, testNotice } from './notice.ts';
import { OpenPositions } from './open-positions.ts';
import type {
  Attempt,
  ConclusionFeed,
  DeliveryLog,
  NotifyClock,
  NotifyLog,
  Push,
  Receiver,
  Subscriber,
  Subscribers,
} from './ports.ts';
import { announcementOf, concerns, type Known, lifeOf, rankOf, topicOf } from './route.ts';

export interface NotifierOptions {
  readonly feed: ConclusionFeed;
  readonly subscribers: Subscribers;
  readonly deliveries: DeliveryLog;
  readonly receiver: Receiver;
  readonly clock: NotifyClock;
  readonly log: NotifyLog;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly concurrency?: number;
  readonly perSubscription?: number;
  readonly capacity?: number;
}

export interface NotifierStatus {
  /** Last record of the outcome log that was looked at. */
  readonly position: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly counters: Readonly<QueueCounters>;
}

const BATCH = 200;
const KNOWN_ALERTS = 20_000;
const TESTS_AT_ONCE = 5;
const TEST = 'test';
const TEST_LIFE = 60_000;

/**
 * Follows what the hub concluded and tells the phones it concerns. A change counts as dealt with when all its pushes
 * have ended; after a crash those that had not are sent, and those whose end is in the log are not sent again.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #queue: DeliveryQueue;
  readonly #open: OpenPositions;
  readonly #known = new Map<string, Known>();
  /** Per alert and phone, the last change whose push had ended before this start. */
  readonly #told = new Map<string, number>();
  #toldUntil = 0;
  #after = 0;
  #state: 'new' | 'idle' | 'reading' | 'stopped' = 'new';
  #tests = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#queue = new DeliveryQueue(options);
    this.#open = new OpenPositions((position) => options.feed.advance(position));
  }

  /** Takes up where the last run ended. On the very first start nothing of the past is told. */
  start(): void {
    const { feed } = this.#options;
    const stored = feed.position();
    this.#toldUntil = feed.lastOutcome();
    const begin = Math.min(stored ?? this.#toldUntil, this.#toldUntil);
    this.#after = Math.max(begin, feed.firstOutcome() - 1);
    for (const { record } of this.#records(this.#after, this.#toldUntil)) {
      if (record.kind === 'delivery') this.#remember(record.delivery);
    }
    this.#open.reached(this.#after);
    this.#state = 'idle';
    this.news();
  }

  /** The outcome log has grown. Cheap; call it as often as you like. */
  news(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'reading';
    this.#read();
  }

  /** One push, tried once, for the person who asks whether their phone rings. */
  async sendTest(subscription: PushSubscriptionRecord): Promise<Delivery> {
    const { clock, receiver, deliveries, subscribers } = this.#options;
    const queuedAt = clock.now();
    const job: Job = {
      id: `test-${subscription.id}-${queuedAt}`,
      tag: TEST,
      alert: null,
      seq: 0,
      subscription,
      push: { payload: testNotice(queuedAt), urgency: 'high', topic: TEST, expiresAt: queuedAt + TEST_LIFE },
      rank: 0,
      queuedAt,
      settled: () => undefined,
      attempts: 0,
      last: null,
    };
    if (this.#tests >= TESTS_AT_ONCE) return deliveryOf(job, 'failed', 'too many tests at once', queuedAt);
    this.#tests += 1;
    job.attempts = 1;
    job.last = await receiver.send(subscription, job.push);
    this.#tests -= 1;
    const delivery = deliveryOf(job, TEST_STATES[job.last.result], null, clock.now());
    deliveries.record(delivery);
    if (job.last.result === 'gone') subscribers.forget(subscription.id);
    return delivery;
  }

  status(): NotifierStatus {
    const { waiting, inFlight, counters } = this.#queue;
    return { position: this.#after, waiting, inFlight, counters };
  }

  /** Starts no further push. @returns when those under way have ended. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    await this.#queue.stop();
  }

  #read(): void {
    if (this.#state !== 'reading') return;
    const entries = this.#next();
    for (const { position, record } of entries ?? []) {
      this.#after = position;
      if (record.kind === 'alert') this.#tell(record.change, position);
    }
    if (this.#after >= this.#toldUntil) this.#told.clear();
    this.#open.reached(this.#after);
    // The next batch waits its turn behind the sockets.
    if (entries === null || entries.length === BATCH) this.#options.clock.after(0, () => this.#read());
    else this.#state = 'idle';
  }

  /** @returns null when it had to step over something: trimmed or damaged, it cannot be told, but what follows can. */
  #next(): ReturnType<ConclusionFeed['readOutcome']> | null {
    const { feed, log } = this.#options;
    try {
      return feed.readOutcome(this.#after, BATCH);
    } catch (error) {
      this.#after = Math.max(this.#after + 1, feed.firstOutcome() - 1);
      log.warn({ err: error, position: this.#after }, 'a conclusion could not be read and is not pushed');
      return null;
    }
  }

  *#records(after: number, last: number): Generator<{ position: number; record: OutcomeRecord }> {
    const { feed } = this.#options;
    for (let position = after; position < last; ) {
      const entries = this.#readable(feed, position);
      yield* entries;
      position = entries.at(-1)?.position ?? position + 1;
    }
  }

  #readable(feed: ConclusionFeed, after: number): ReturnType<ConclusionFeed['readOutcome']> {
    try {
      return feed.readOutcome(after, BATCH);
    } catch {
      // Told once, when it is met again on the way.
      return [];
    }
  }

  #remember(delivery: Delivery): void {
    if (delivery.alert === null || delivery.state === 'retrying') return;
    const key = `${delivery.alert} ${delivery.subscription}`;
    this.#told.set(key, Math.max(delivery.seq, this.#told.get(key) ?? 0));
  }

  #tell(change: AlertChange, position: number): void {
    const { subscribers, clock } = this.#options;
    const { alert } = change;
    const before = this.#known.get(alert.id) ?? null;
    this.#learn(alert);
    const announcement = announcementOf(change, before);
    const expiresAt = change.at + lifeOf(alert.severity);
    if (announcement === null || expiresAt <= clock.now()) return;
    const urgent = announcement !== 'ended' && (alert.severity === 'critical' || alert.severity === 'major');
    const push: Push = {
      payload: noticeOf(announcement, change),
      urgency: urgent ? 'high' : 'normal',
      topic: topicOf(alert.id),
      expiresAt,
    };
    // An end is the last thing a full queue makes room for.
    const rank = rankOf(alert.severity) + (announcement === 'ended' ? 10 : 0);
    for (const subscriber of subscribers.all()) {
      if (concerns(announcement, change, before, subscriber)) this.#queueFor(subscriber, change, push, rank, position);
    }
  }

  #queueFor({ subscription }: Subscriber, change: AlertChange, push: Push, rank: number, position: number): void {
    const { seq, alert } = change;
    if ((this.#told.get(`${alert.id} ${subscription.id}`) ?? 0) >= seq) return;
    this.#open.begin(position);
    this.#queue.add({
      id: `${seq}-${subscription.id}`,
      tag: alert.id,
      alert: alert.id,
      seq,
      subscription,
      push,
      rank,
      queuedAt: this.#options.clock.now(),
      settled: () => this.#open.end(position),
      attempts: 0,
      last: null,
    });
  }

  /** Keeps the last state of alerts, oldest change first, up to a bound: a forgotten one is treated as never seen. */
  #learn(alert: Alert): void {
    this.#known.delete(alert.id);
    this.#known.set(alert.id, { severity: alert.severity, unit: alert.unit, condition: alert.condition });
    if (this.#known.size <= KNOWN_ALERTS) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

const TEST_STATES: Readonly<Record<Attempt['result'], Delivery['state']>> = {
  accepted: 'accepted',
  gone: 'gone',
  refused: 'failed',
  retry: 'failed',
};
