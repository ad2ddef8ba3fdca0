import type { QuarantineItem } from '#contract/quarantine.ts';
import type { Batch } from './batch.ts';

const EXCERPT = 500;

/**
 * The item that stands for a record which the database refuses. Its id follows from the record's place, so that writing
 * it twice leaves one. Everything in it is printable ASCII: what was refused may be the very text.
 */
export function refusedRecord(journal: string, batch: Batch, reason: string, now: number): QuarantineItem {
  const [entry] = batch.entries;
  const [outcome] = batch.outcomes;
  if (entry !== undefined) {
    return item(`${journal}/input/${entry.position}/${entry.index}`, entry.at, 'malformed', reason, entry.entry);
  }
  if (outcome !== undefined) {
    return item(`${journal}/outcome/${outcome.position}`, now, 'malformed', reason, outcome.record);
  }
  const { series, time, value } = batch.samples;
  const sample = { series: series[0], time: time[0], value: value[0] };
  return item(`${journal}/sample/${sample.series}/${sample.time}`, now, 'bad-value', reason, sample);
}

/** The item that stands for a place in the journal whose bytes no longer match their checksum. */
export function damagedRecord(
  journal: string,
  log: string,
  position: number,
  reason: string,
  now: number,
): QuarantineItem {
  return item(`${journal}/${log}/${position}`, now, 'malformed', reason, { log, position });
}

/** One item a series, however many samples name it. */
export function unknownSeries(journal: string, number: number, batch: Batch): QuarantineItem {
  const at = batch.samples.series.indexOf(number);
  const sample = { series: number, time: batch.samples.time[at], value: batch.samples.value[at] };
  const detail = 'the database does not know this series number; restart the hub, which declares its series again';
  return item(`${journal}/series/${number}`, batch.samples.time[at] ?? 0, 'bad-value', detail, sample);
}

function item(
  id: string,
  at: number,
  reason: QuarantineItem['reason'],
  detail: string,
  record: unknown,
): QuarantineItem {
  const text = printable(JSON.stringify(record) ?? '');
  return {
    id,
    at: new Date(Number.isFinite(at) && Math.abs(at) < 8e15 ? at : 0).toISOString(),
    source: null,
    // Which way it came in was settled long before; the journal does not tell.
    transport: 'journal',
    topic: null,
    reason,
    detail: printable(`not stored in the database: ${detail}`),
    excerpt: text.slice(0, EXCERPT),
    size: text.length,
  };
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
