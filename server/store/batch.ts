import type { JournalEntry, JournalGroup } from '#contract/journal-group.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import type { SampleBatch } from '#contract/sample-batch.ts';
import { EMPTY_BATCH } from '#contract/sample-batch.ts';

export interface PlacedEntry {
  readonly position: number;
  /** Place within its group, for a stable name of what had to be set aside. */
  readonly index: number;
  readonly at: number;
  readonly entry: JournalEntry;
}
export interface PlacedOutcome {
  readonly position: number;
  readonly record: OutcomeRecord;
}

/**
 * What one transaction writes. Entries come before samples, as within a group. The positions are those reached when it
 * is committed; null: this is a part of something larger, whose last part carries them.
 */
export interface Batch {
  readonly samples: SampleBatch;
  readonly entries: readonly PlacedEntry[];
  readonly outcomes: readonly PlacedOutcome[];
  readonly input: number | null;
  readonly outcome: number | null;
}

/** Joins groups to one batch. A single group is passed through without copying its columns. */
export function joinGroups(
  groups: readonly JournalGroup[],
  outcomes: readonly PlacedOutcome[],
): Batch & { readonly length: number } {
  const entries: PlacedEntry[] = [];
  let length = 0;
  for (const group of groups) {
    length += group.samples.length;
    for (const [index, entry] of group.entries.entries()) {
      if (entry.kind !== 'command') entries.push({ position: group.position, index, at: group.at, entry });
    }
  }
  return {
    samples: joinSamples(groups, length),
    entries,
    outcomes,
    input: groups.at(-1)?.position ?? null,
    outcome: outcomes.at(-1)?.position ?? null,
    length,
  };
}

function joinSamples(groups: readonly JournalGroup[], length: number): SampleBatch {
  const filled = groups.filter((group) => group.samples.length > 0);
  if (filled.length === 0) return EMPTY_BATCH;
  if (filled.length === 1) return filled[0]!.samples;
  const joined = {
    length,
    series: new Uint32Array(length),
    time: new Float64Array(length),
    value: new Float64Array(length),
    flags: new Uint8Array(length),
  };
  let at = 0;
  for (const { samples } of filled) {
    joined.series.set(samples.series.subarray(0, samples.length), at);
    joined.time.set(samples.time.subarray(0, samples.length), at);
    joined.value.set(samples.value.subarray(0, samples.length), at);
    joined.flags.set(samples.flags.subarray(0, samples.length), at);
    at += samples.length;
  }
  return joined;
}

/** The same rows as several batches of at most `most` samples; only the last has the positions. */
export function sliceBatch(batch: Batch, most: number): Batch[] {
  const { samples } = batch;
  if (samples.length <= most) return [batch];
  const parts: Batch[] = [];
  for (let from = 0; from < samples.length; from += most) {
    const last = from + most >= samples.length;
    parts.push({
      samples: sliceSamples(samples, from, Math.min(from + most, samples.length)),
      entries: from === 0 ? batch.entries : [],
      outcomes: from === 0 ? batch.outcomes : [],
      input: last ? batch.input : null,
      outcome: last ? batch.outcome : null,
    });
  }
  return parts;
}

/** Two parts that together are the batch, in order; null if it holds a single record. */
export function halve(batch: Batch): [first: Batch, second: Batch] | null {
  const { samples, entries, outcomes } = batch;
  const nothing = { samples: EMPTY_BATCH, entries: [], outcomes: [], input: null, outcome: null };
  const rest = { ...nothing, input: batch.input, outcome: batch.outcome };
  const kinds = [entries.length, samples.length, outcomes.length].filter((length) => length > 0);
  if (kinds.length > 1) {
    if (entries.length > 0)
      return [
        { ...nothing, entries },
        { ...rest, samples, outcomes },
      ];
    return [
      { ...nothing, samples },
      { ...rest, outcomes },
    ];
  }
  const length = kinds[0] ?? 0;
  if (length < 2) return null;
  const middle = length >> 1;
  if (samples.length > 0) {
    return [
      { ...nothing, samples: sliceSamples(samples, 0, middle) },
      { ...rest, samples: sliceSamples(samples, middle, length) },
    ];
  }
  return [
    { ...nothing, entries: entries.slice(0, middle), outcomes: outcomes.slice(0, middle) },
    { ...rest, entries: entries.slice(middle), outcomes: outcomes.slice(middle) },
  ];
}

function sliceSamples(samples: SampleBatch, from: number, to: number): SampleBatch {
  return {
    length: to - from,
    series: samples.series.subarray(from, to),
    time: samples.time.subarray(from, to),
    value: samples.value.subarray(from, to),
    flags: samples.flags.subarray(from, to),
  };
}
