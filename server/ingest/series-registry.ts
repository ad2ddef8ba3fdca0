import { createHash } from 'node:crypto';
import type { SampleBatch } from '#contract/sample-batch.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import { type SeriesEntry, SourceState } from './source-state.ts';

/** Name space of series identities (RFC 9562 §5.5), drawn once for this hub's kind: it must never change. */
const SERIES_NAMESPACE = Buffer.from('5b1f6a0c3d0e4d6f9a3e7c1d2b84f650', 'hex');

export const seriesFact = (number: number) => `series/${number}`;
export const thingFact = (source: string, thing: string) => `thing/${source}/${thing}`;

/** UUIDv5: SHA-1 of name space and name, with version and variant set (RFC 9562 §5.5). */
export function uuidFromName(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha1').update(SERIES_NAMESPACE);
  for (const part of parts) hash.update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const seriesId = (unit: string, source: string, name: string) => uuidFromName(`${unit}/${source}/${name}`);

export interface SeriesRegistryOptions {
  /** Most series, and most things, of one source (20,000). */
  readonly maxPerSource?: number;
}

/**
 * All series of this hub, numbered densely from 0 in the order first seen, and the newest sample of each.
 * Restored from the journal's facts, so that numbers in the log keep their meaning.
 */
export class SeriesRegistry {
  readonly maxPerSource: number;
  #series: Series[] = [];
  #sources = new Map<string, SourceState>();
  /** By series number; NaN: none seen since the start. */
  lastTime = new Float64Array(1024).fill(Number.NaN);
  lastValue = new Float64Array(1024).fill(Number.NaN);

  constructor(options: SeriesRegistryOptions = {}) {
    this.maxPerSource = options.maxPerSource ?? 20_000;
  }

  /**
   * Takes the facts `series/…` and `thing/…` of the journal. Call before anything is received.
   * @throws Error when the numbers are not dense: then the journal's facts are damaged.
   */
  restore(series: Iterable<Series>, things: Iterable<Thing>): void {
    for (const one of series) this.#series[one.number] = one;
    for (let number = 0; number < this.#series.length; number++) {
      const one = this.#series[number];
      if (one === undefined) throw new Error(`the journal's facts lack series number ${number}`);
      this.#state(one.source).remember(one.name, { number, uom: one.uom });
    }
    this.#widen();
    for (const thing of things) this.#state(thing.source).rememberThing(thing);
  }

  /** The working state of a source. The same object for the life of the hub, with the newest record of the source. */
  source(record: Source): SourceState {
    const state = this.#state(record.id);
    state.record = record;
    return state;
  }

  /** All sources that were seen or declared. */
  states(): Iterable<SourceState> {
    return this.#sources.values();
  }

  get size(): number {
    return this.#series.length;
  }

  series(number: number): Series | undefined {
    return this.#series[number];
  }

  /** One look-up, however many series there are. */
  find(source: string, name: string): Series | undefined {
    const entry = this.#sources.get(source)?.findByName(name);
    return entry && this.#series[entry.number];
  }

  all(): readonly Series[] {
    return this.#series;
  }

  /** Adds a series; the caller writes the entry and the fact. */
  add(state: SourceState, name: string, thing: string, quantity: string, uom: string | null): Series {
    const { id: source, unit } = state.record;
    const number = this.#series.length;
    const series: Series = { id: seriesId(unit, source, name), number, unit, source, name, thing, quantity, uom };
    this.#series.push(series);
    state.remember(name, { number, uom });
    this.#widen();
    return series;
  }

  /** Gives a series its unit of measure; the caller writes the entry and the fact. */
  fixUom(entry: SeriesEntry, uom: string): Series {
    entry.uom = uom;
    const series: Series = { ...this.#series[entry.number]!, uom };
    this.#series[entry.number] = series;
    return series;
  }

  /**
   * Forgets what these samples said was newest: they did not reach the journal, so the same samples sent again must
   * not count as duplicates.
   */
  forget(samples: SampleBatch): void {
    for (let i = 0; i < samples.length; i++) this.lastTime[samples.series[i]!] = Number.NaN;
  }

  #state(id: string): SourceState {
    let state = this.#sources.get(id);
    if (state === undefined) {
      state = new SourceState(id);
      this.#sources.set(id, state);
    }
    return state;
  }

  #widen(): void {
    if (this.#series.length <= this.lastTime.length) return;
    const capacity = Math.max(this.lastTime.length * 2, this.#series.length);
    const wider = (old: Float64Array) => {
      const next = new Float64Array(capacity).fill(Number.NaN);
      next.set(old);
      return next;
    };
    this.lastTime = wider(this.lastTime);
    this.lastValue = wider(this.lastValue);
  }
}
