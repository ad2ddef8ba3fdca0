import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { GroupDraft, JournalGroup } from '#contract/journal-group.ts';
import type { SampleBatch } from '#contract/sample-batch.ts';
import { Admission, type AdmissionOptions, type Overloaded } from '../../../server/ingest/admit.ts';
import type { Fact, InputLog } from '../../../server/ingest/ports.ts';

/** A log that becomes durable, fails and fills up on command: what a real one does only when a disk breaks. */
class ScriptedLog implements InputLog {
  readonly drafts: GroupDraft[] = [];
  readonly facts: Fact[] = [];
  failure: Error | null = null;
  full = false;
  #listener: (position: number) => void = () => {};

  append(draft: GroupDraft, facts: readonly Fact[] = []): number {
    if (this.failure) throw this.failure;
    this.facts.push(...facts);
    return this.drafts.push(draft);
  }

  onDurable(listener: (position: number) => void): void {
    this.#listener = listener;
  }

  accepting(): boolean {
    return !this.full;
  }

  durable(position = this.drafts.length): void {
    this.#listener(position);
  }
}

let log: ScriptedLog;
let steps: string[];
let lost: SampleBatch[];
let clock: number;

const admission = (options: Partial<AdmissionOptions> = {}) =>
  new Admission({
    journal: log,
    now: () => clock,
    onGroup: (group: JournalGroup) =>
      steps.push(`group ${group.position}: ${group.samples.value.join()} at ${group.at}`),
    onLost: (samples) => lost.push(samples),
    ...options,
  });

const send = (to: Admission, value: number) => {
  to.samples.push(0, clock, value, 0);
  to.whenDurable((error) => steps.push(error ? `lost ${value}: ${error.message}` : `ack ${value}`));
};

beforeEach(() => {
  vi.useFakeTimers();
  log = new ScriptedLog();
  steps = [];
  lost = [];
  clock = 1000;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('groups', () => {
  test('an idle hub waits for company, two milliseconds at most', () => {
    const hub = admission();
    send(hub, 1);
    vi.advanceTimersByTime(1);
    send(hub, 2);
    expect(log.drafts).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(log.drafts.map(({ samples }) => [...samples.value])).toEqual([[1, 2]]);
    expect(steps).toEqual([]);
  });

  test('acknowledgements first, in order; then the group, as it lies in the log', () => {
    const hub = admission();
    send(hub, 1);
    send(hub, 2);
    vi.advanceTimersByTime(2);
    log.durable();
    expect(steps).toEqual(['ack 1', 'ack 2', 'group 1: 1,2 at 1000']);
  });

  test('what comes during a commit leaves as soon as it ends, without another wait', () => {
    const hub = admission();
    send(hub, 1);
    vi.advanceTimersByTime(2);
    send(hub, 2);
    send(hub, 3);
    vi.advanceTimersByTime(1000);
    expect(log.drafts).toHaveLength(1);
    log.durable();
    expect(log.drafts.map(({ samples }) => [...samples.value])).toEqual([[1], [2, 3]]);
  });

  test('with two commits at once allowed, a second starts after its wait', () => {
    const hub = admission({ maxInFlight: 2 });
    for (const value of [1, 2, 3]) {
      send(hub, value);
      vi.advanceTimersByTime(5);
    }
    expect(log.drafts).toHaveLength(2);
    log.durable(2);
    expect(steps).toEqual(['ack 1', 'ack 2', 'group 1: 1 at 1000', 'group 2: 2 at 1000']);
  });

  test('a message that only repeats waits for the commit that holds what it repeats', () => {
    const hub = admission({ maxInFlight: 2 });
    send(hub, 1);
    vi.advanceTimersByTime(2);
    hub.whenDurable(() => steps.push('ack repeat'));
    vi.advanceTimersByTime(2);
    expect(steps).toEqual([]);
    expect(log.drafts).toHaveLength(1);
    log.durable();
    expect(steps).toEqual(['ack 1', 'ack repeat', 'group 1: 1 at 1000']);
  });

  test('a repetition on an idle hub needs no commit', () => {
    const hub = admission();
    hub.whenDurable(() => steps.push('ack repeat'));
    vi.advanceTimersByTime(2);
    expect([steps, log.drafts]).toEqual([['ack repeat'], []]);
  });

  test('the log clock holds where the hub’s clock runs back, and continues that of the last run', () => {
    const hub = admission({ lastAt: 5000 });
    send(hub, 1);
    vi.advanceTimersByTime(2);
    log.durable();
    clock = 6000;
    send(hub, 2);
    vi.advanceTimersByTime(2);
    log.durable();
    clock = 4000;
    send(hub, 3);
    vi.advanceTimersByTime(2);
    expect(log.drafts.map(({ at }) => at)).toEqual([5000, 6000, 6000]);
  });

  test('a tick writes an empty group; content takes its place', () => {
    const hub = admission();
    hub.tick(7000);
    vi.advanceTimersByTime(2);
    log.durable();
    expect(steps).toEqual(['group 1:  at 7000']);
    hub.tick(8000);
    send(hub, 1);
    vi.advanceTimersByTime(2);
    log.durable();
    expect(steps.slice(1)).toEqual(['ack 1', 'group 2: 1 at 8000']);
  });
});

describe('bounds and failures', () => {
  test.each<[string, () => Overloaded | null, string | undefined]>([
    ['room', () => admission().refusal(), undefined],
    [
      'full journal',
      () => {
        log.full = true;
        return admission().refusal();
      },
      'journal-full',
    ],
    [
      'too many samples',
      () => {
        const hub = admission({ maxPending: 2 });
        send(hub, 1);
        send(hub, 2);
        return hub.refusal();
      },
      'queue-full',
    ],
    [
      'too many bytes',
      () => {
        const hub = admission({ maxPendingBytes: 100 });
        hub.entry({ kind: 'text', series: 0, time: 0, text: 'x' }, 100);
        return hub.refusal();
      },
      'queue-full',
    ],
  ])('%s', (_why, refusal, reason) => {
    expect(refusal()?.reason).toBe(reason);
  });

  test('a nearly full journal still takes commands and timers: the reserve is for them', () => {
    const hub = admission();
    log.full = true;
    hub.command({ id: 'c', alert: 'a', actor: 'u', command: { type: 'unshelve' } }, () => steps.push('ack command'));
    hub.tick(2000);
    vi.advanceTimersByTime(2);
    log.durable();
    expect(steps).toEqual(['ack command', 'group 1:  at 2000']);
  });

  test('a failed append acknowledges nobody, and keeps declarations for the next group', () => {
    const hub = admission();
    const series = { id: 'x', number: 0, unit: 'u', source: 's', name: 'n', thing: 't', quantity: 'q', uom: null };
    hub.entry({ kind: 'series', series }, 1);
    hub.fact('series/0', series);
    hub.entry({ kind: 'text', series: 0, time: 0, text: 'gone' }, 1);
    send(hub, 1);
    log.failure = new Error('disk full');
    vi.advanceTimersByTime(2);
    expect(steps).toEqual(['lost 1: disk full']);
    expect(lost.map(({ value }) => [...value])).toEqual([[1]]);
    log.failure = null;
    send(hub, 2);
    vi.advanceTimersByTime(2);
    log.durable();
    expect(log.drafts[0]?.entries).toEqual([{ kind: 'series', series }]);
    expect(log.facts).toEqual([['series/0', series]]);
    expect(steps.slice(1)).toEqual(['ack 2', 'group 1: 2 at 1000']);
  });

  test('closing commits what waits and takes no more', async () => {
    const hub = admission();
    send(hub, 1);
    const closed = hub.close();
    expect(hub.refusal()?.reason).toBe('stopping');
    expect(log.drafts).toHaveLength(1);
    log.durable();
    await closed;
    expect(steps).toEqual(['ack 1', 'group 1: 1 at 1000']);
  });
});
