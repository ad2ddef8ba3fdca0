import type { Delivery } from '#contract/push.ts';
import type { PushSubscriptionRecord } from '#contract/records.ts';
import { backoffMs } from './backoff.ts';
import type { Attempt, DeliveryLog, NotifyClock, Push, Receiver, Subscribers } from './ports.ts';

/** One push waiting for, or on, its way. */
export interface Job {
  readonly id: string;
  /** Of the pushes of one tag only the newest is worth anything. */
  readonly tag: string;
  readonly alert: string | null;
  readonly seq: number;
  readonly subscription: PushSubscriptionRecord;
  readonly push: Push;
  /** Lower goes first, and is given up last. */
  readonly rank: number;
  /** ms since the Unix epoch. */
  readonly queuedAt: number;
  /** Called once, whatever became of it. */
  readonly settled: () => void;
  attempts: number;
  last: Attempt | null;
}

export interface QueueOptions {
  readonly receiver: Receiver;
  readonly subscribers: Subscribers;
  readonly deliveries: DeliveryLog;
  readonly clock: NotifyClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Pushes under way at once, over all phones; default 20. */
  readonly concurrency?: number;
  /** Pushes waiting for one phone; default 50. */
  readonly perSubscription?: number;
  /** Pushes waiting in all; default 20,000. */
  readonly capacity?: number;
}

export type QueueCounters = Record<Delivery['state'] | 'superseded' | 'dropped' | 'attempts', number>;

/** One phone: what waits for it by tag; `wake` is set while its push service is left alone, and ends that. */
interface Lane {
  readonly id: string;
  readonly jobs: Map<string, Job>;
  current: Job | null;
  failures: number;
  wake: (() => void) | null;
}

/**
 * Pushes on their way to phones. For each phone one at a time, the worst first; of one tag only the newest waits, so
 * a phone that was away hears how things stand and not how they came about. At a bound the least severe and oldest is
 * dropped, counted and recorded as failed. A phone whose push service is in trouble is tried again, ever more rarely,
 * until the notice has lost its worth; the others do not wait for it.
 */
export class DeliveryQueue {
  readonly counters: QueueCounters = {
    accepted: 0,
    retrying: 0,
    failed: 0,
    expired: 0,
    gone: 0,
    superseded: 0,
    dropped: 0,
    attempts: 0,
  };
  readonly #options: QueueOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Set<Lane>();
  #waiting = 0;
  #inFlight = 0;
  #stopped = false;
  #idle: () => void = () => undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Pushes not yet under way. */
  get waiting(): number {
    return this.#waiting;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  add(job: Job): void {
    const lane = this.#lane(job.subscription.id);
    const older = lane.jobs.get(job.tag);
    if (older) this.#supersede(lane, older, job.seq);
    this.#put(lane, job);
    const { perSubscription = 50, capacity = 20_000 } = this.#options;
    if (lane.jobs.size > perSubscription || this.#waiting > capacity) this.#drop(lane);
    this.#offer(lane);
    this.#pump();
  }

  /** Starts nothing more. @returns when what is under way has ended; the rest is told again after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const lane of this.#lanes.values()) lane.wake?.();
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #lane(id: string): Lane {
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = { id, jobs: new Map(), current: null, failures: 0, wake: null };
      this.#lanes.set(id, lane);
    }
    return lane;
  }

  #put(lane: Lane, job: Job): void {
    lane.jobs.set(job.tag, job);
    this.#waiting += 1;
  }

  #remove(lane: Lane, job: Job): void {
    if (lane.jobs.delete(job.tag)) this.#waiting -= 1;
  }

  #offer(lane: Lane): void {
    if (lane.jobs.size > 0 && lane.current === null && lane.wake === null) this.#ready.add(lane);
  }

  #pump(): void {
    const { concurrency = 20 } = this.#options;
    for (const lane of this.#ready) {
      if (this.#stopped || this.#inFlight >= concurrency) return;
      this.#ready.delete(lane);
      const job = this.#next(lane);
      if (job) this.#send(lane, job);
      else this.#forgetIfEmpty(lane);
    }
  }

  /** The worst waiting push that is still worth sending; the others it meets are settled. */
  #next(lane: Lane): Job | null {
    const { clock, subscribers } = this.#options;
    if (!subscribers.has(lane.id)) this.#settleAll(lane, 'gone', 'the subscription was removed');
    for (;;) {
      const job = extreme(lane.jobs.values(), (a, b) => a.rank < b.rank);
      if (job === null) return null;
      this.#remove(lane, job);
      if (clock.now() < job.push.expiresAt) return job;
      this.#settle(job, 'expired');
    }
  }

  #send(lane: Lane, job: Job): void {
    lane.current = job;
    job.attempts += 1;
    this.#inFlight += 1;
    this.counters.attempts += 1;
    void this.#options.receiver.send(job.subscription, job.push).then((attempt) => {
      this.#inFlight -= 1;
      lane.current = null;
      job.last = attempt;
      this.#judge(lane, job, attempt);
      this.#offer(lane);
      this.#forgetIfEmpty(lane);
      this.#pump();
      if (this.#inFlight === 0) this.#idle();
    });
  }

  #judge(lane: Lane, job: Job, attempt: Attempt): void {
    if (attempt.result === 'retry') {
      this.#retry(lane, job, attempt);
      return;
    }
    lane.failures = 0;
    this.#settle(job, FINAL_STATES[attempt.result]);
    if (attempt.result !== 'gone') return;
    this.#settleAll(lane, 'gone', 'the push service ended the subscription');
    this.#options.subscribers.forget(lane.id);
  }

  #retry(lane: Lane, job: Job, attempt: Attempt): void {
    const { clock, random } = this.#options;
    lane.failures += 1;
    const wait = Math.max(backoffMs(lane.failures, random()), attempt.retryAfterMs ?? 0);
    const newer = lane.jobs.get(job.tag);
    if (newer) this.#supersede(lane, job, newer.seq);
    else if (clock.now() + wait >= job.push.expiresAt) this.#settle(job, 'expired');
    else {
      this.#put(lane, job);
      // The first failure and the end are told; what lies between is only a number.
      if (job.attempts === 1) this.#record(job, 'retrying', null);
    }
    if (lane.jobs.size > 0) this.#sleep(lane, wait);
  }

  /** The whole lane waits: it is the push service that asked for peace, not this notice. */
  #sleep(lane: Lane, wait: number): void {
    if (this.#stopped) return;
    const cancel = this.#options.clock.after(wait, () => {
      lane.wake = null;
      this.#offer(lane);
      this.#pump();
    });
    lane.wake = cancel;
  }

  #supersede(lane: Lane, job: Job, by: number): void {
    if (lane.jobs.get(job.tag) === job) this.#remove(lane, job);
    this.counters.superseded += 1;
    // What was never tried never was a push; what was is closed in the record.
    if (job.attempts > 0) this.#record(job, 'expired', `replaced by change ${by}`);
    job.settled();
  }

  #drop(lane: Lane): void {
    const victim = extreme(lane.jobs.values(), (a, b) => a.rank > b.rank);
    if (victim === null) return;
    this.#remove(lane, victim);
    this.counters.dropped += 1;
    this.#settle(victim, 'failed', 'too many notices were waiting');
  }

  #settleAll(lane: Lane, state: Delivery['state'], detail: string): void {
    for (const job of [...lane.jobs.values()]) {
      this.#remove(lane, job);
      this.#settle(job, state, detail);
    }
  }

  #settle(job: Job, state: Delivery['state'], detail: string | null = null): void {
    this.#record(job, state, detail);
    job.settled();
  }

  #record(job: Job, state: Delivery['state'], detail: string | null): void {
    this.counters[state] += 1;
    this.#options.deliveries.record(deliveryOf(job, state, detail, this.#options.clock.now()));
  }

  #forgetIfEmpty(lane: Lane): void {
    if (lane.jobs.size === 0 && lane.current === null && lane.wake === null) this.#lanes.delete(lane.id);
  }
}

const FINAL_STATES = { accepted: 'accepted', refused: 'failed', gone: 'gone' } as const;

/** The record of a push as it stands. */
export function deliveryOf(job: Job, state: Delivery['state'], detail: string | null, now: number): Delivery {
  return {
    id: job.id,
    alert: job.alert,
    seq: job.seq,
    subscription: job.subscription.id,
    username: job.subscription.username,
    state,
    attempts: job.attempts,
    status: job.last?.status ?? null,
    detail: detail ?? job.last?.detail ?? null,
    queuedAt: new Date(job.queuedAt).toISOString(),
    finishedAt: state === 'retrying' ? null : new Date(now).toISOString(),
  };
}

/** The first of those that none beats; null of none. */
function extreme<T>(items: Iterable<T>, beats: (a: T, b: T) => boolean): T | null {
  let best: T | null = null;
  for (const item of items) if (best === null || beats(item, best)) best = item;
  return best;
}
