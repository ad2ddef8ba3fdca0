import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import { SampleBuilder } from '#contract/sample-batch.ts';
import type { Series } from '#contract/series.ts';
import { type Journal, openJournal } from '../../../server/journal/journal.ts';
import { openJournalReader } from '../../../server/journal/journal-reader.ts';
import { type Service, type ServiceOptions, startService } from '../../../server/store/service.ts';

/** 2026-03-01T00:00:00Z: the clock of these tests. */
export const T0 = Date.UTC(2026, 2, 1);

export function makeSeries(number: number, source = 'gauges'): Series {
  const name = `station-${number}:water-level`;
  const hex = createHash('sha1').update(`${source}/${name}`).digest('hex');
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    number,
    unit: 'so-nnmt',
    source,
    name,
    thing: `station-${number}`,
    quantity: 'water-level',
    uom: 'm',
  };
}

export type SampleTuple = readonly [series: number, time: number, value: number, flags?: number];

/** A real journal in a directory of its own, and short ways to fill it. */
export class TestJournal {
  readonly path: string;
  readonly journal: Journal;

  private constructor(path: string) {
    this.path = path;
    this.journal = openJournal({ path, maxBytes: 2 ** 26 });
  }

  static async make(): Promise<TestJournal> {
    return new TestJournal(await mkdtemp(join(tmpdir(), 'hub-test-journal-')));
  }

  /** Resolves with the group's position once it is durable. */
  async append(samples: readonly SampleTuple[], entries: readonly JournalEntry[] = []): Promise<number> {
    const builder = new SampleBuilder();
    for (const [series, time, value, flags = 0] of samples) builder.push(series, time, value, flags);
    const position = this.journal.append({ at: T0, samples: builder.take(), entries });
    await until(() => this.journal.lastInput() >= position);
    return position;
  }

  async conclude(records: readonly OutcomeRecord[]): Promise<number> {
    const position = this.journal.appendOutcome(records);
    await until(() => this.journal.lastOutcome() >= position);
    return position;
  }

  async remove(): Promise<void> {
    await this.journal.close();
    await rm(this.path, { recursive: true, force: true });
  }
}

/** The store's service on a database and a journal, without its thread. Maintenance runs only when a test asks. */
export async function serve(
  url: string,
  journal: TestJournal,
  options: Partial<ServiceOptions> = {},
): Promise<Service> {
  const service = await startService({
    url,
    kind: 'embedded',
    hub: 'hub-1',
    journal: openJournalReader({ path: journal.path }),
    series: [],
    retention: { samplesDays: 400, quarantineDays: 30 },
    maintenanceEvery: 3_600_000,
    holder: 'hub-1/test',
    log: () => undefined,
    now: () => T0,
    stopwatch: () => performance.now(),
    onStatus: () => undefined,
    ...options,
  });
  // The embedded server turns a second client away, for a moment also the successor of one that has just gone.
  if (service.status().kind === 'embedded') await until(() => service.status().state === 'up');
  return service;
}

/** Resolves when the database has everything up to these positions. */
export async function caughtUp(service: Service, input: number, outcome = 0): Promise<void> {
  service.notify();
  await until(() => service.status().inputPosition >= input && service.status().outcomePosition >= outcome);
}

export async function until(condition: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${milliseconds} ms in vain for ${condition}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}
