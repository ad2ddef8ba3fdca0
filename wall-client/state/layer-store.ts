import { FRAME_SEVERITY_MASK, FRAME_STALE } from '#contract/frame.ts';
import type { LayerCatalogue, LayerConfig, LayerEvent, LayerSeries, LayerThing } from '#contract/layer.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { LayerFrame } from '../connection/hub-connection.ts';
import { Observable } from './observable.ts';

/** The newest sample of a series as a view draws it. */
export interface LatestSample {
  readonly value: number;
  /** Time of the sample, ms since the Unix epoch. */
  readonly time: number;
  /** Worst alert open on this series; null: none. */
  readonly severity: Severity | null;
  readonly stale: boolean;
}

/** Where a series stands in its layer. */
export interface SeriesPlace {
  readonly thing: LayerThing;
  readonly series: LayerSeries;
}

/** Grows with each kind of change: deck.gl's `updateTriggers` compare them and rebuild only what changed. */
export interface LayerRevision {
  /** Things, series, positions, events. */
  readonly catalogue: number;
  /** Values, times, severities and staleness. */
  readonly values: number;
}

/**
 * Layers by id: what there is (catalogue) and what it last said (columns by series number). Values may come before the
 * catalogue that explains them; they are kept.
 */
export class LayerStore extends Observable {
  readonly #layers = new Map<string, Layer>();

  get ids(): readonly string[] {
    return [...this.#layers.keys()];
  }

  /** The layer, once anything of it is known. */
  layer(id: string): Layer | undefined {
    return this.#layers.get(id);
  }

  /** Takes what `GET /layers/{id}` answered. */
  putCatalogue(catalogue: LayerCatalogue): void {
    this.#ensure(catalogue.layer.id).putCatalogue(catalogue);
    this.changed();
  }

  /** Takes a batch of frames of the connection. */
  apply(frames: readonly LayerFrame[]): void {
    for (const frame of frames) this.#ensure(frame.layer).apply(frame);
    if (frames.length > 0) this.changed();
  }

  /**
   * Marks what grew stale by the hub's clock, so that a value ages on the screen even when nothing comes any more.
   * @returns how many series changed.
   */
  age(serverNow: number): number {
    let aged = 0;
    for (const layer of this.#layers.values()) aged += layer.age(serverNow);
    if (aged > 0) this.changed();
    return aged;
  }

  #ensure(id: string): Layer {
    let layer = this.#layers.get(id);
    if (layer === undefined) {
      layer = new Layer(id);
      this.#layers.set(id, layer);
    }
    return layer;
  }
}

/** One layer. Read it in a view; only {@link LayerStore} writes. */
export class Layer {
  readonly id: string;
  #catalogue: LayerCatalogue | null = null;
  #announced = 0;
  #places = new Map<number, SeriesPlace>();
  #value = new Float64Array(0);
  #time = new Float64Array(0);
  #state = new Uint8Array(0);
  #catalogueRevision = 0;
  #valuesRevision = 0;

  constructor(id: string) {
    this.id = id;
  }

  get config(): LayerConfig | null {
    return this.#catalogue?.layer ?? null;
  }

  get things(): readonly LayerThing[] {
    return this.#catalogue?.things ?? [];
  }

  /** Newest first. */
  get events(): readonly LayerEvent[] {
    return this.#catalogue?.events ?? [];
  }

  get revision(): LayerRevision {
    return { catalogue: this.#catalogueRevision, values: this.#valuesRevision };
  }

  /** The catalogue's version held here, 0 for none. */
  get version(): number {
    return this.#catalogue?.version ?? 0;
  }

  /** The hub has another catalogue than the one held here: fetch it. */
  get outdated(): boolean {
    return this.#catalogue === null || (this.#announced !== 0 && this.#announced !== this.#catalogue.version);
  }

  place(series: number): SeriesPlace | undefined {
    return this.#places.get(series);
  }

  /** The newest sample; null: none came yet. */
  latest(series: number): LatestSample | null {
    const time = this.#time[series];
    if (time === undefined || time === 0) return null;
    const state = this.#state[series]!;
    return {
      value: this.#value[series]!,
      time,
      severity: severityOf(state),
      stale: (state & FRAME_STALE) !== 0,
    };
  }

  /** The worst of a thing's series, for its one mark on the map. `stale`: all that ever reported are stale. */
  worst(thing: LayerThing): { readonly severity: Severity | null; readonly stale: boolean } {
    let level = 0;
    let fresh = false;
    for (const { number } of thing.series) {
      if ((this.#time[number] ?? 0) === 0) continue;
      const state = this.#state[number]!;
      level = Math.max(level, state & FRAME_SEVERITY_MASK);
      if ((state & FRAME_STALE) === 0) fresh = true;
    }
    return { severity: severityOf(level), stale: !fresh };
  }

  putCatalogue(catalogue: LayerCatalogue): void {
    this.#catalogue = catalogue;
    this.#announced = catalogue.version;
    this.#places = new Map();
    for (const thing of catalogue.things) {
      for (const series of thing.series) this.#places.set(series.number, { thing, series });
    }
    this.#catalogueRevision++;
  }

  apply(frame: LayerFrame): void {
    this.#announced = frame.catalogue;
    const { series, value, time, state } = frame;
    for (let row = 0; row < series.length; row++) {
      const number = series[row]!;
      if (number >= this.#time.length) this.#grow(number);
      // A late frame of a reconnection must not take a value back in time.
      if (time[row]! < this.#time[number]!) continue;
      this.#value[number] = value[row]!;
      this.#time[number] = time[row]!;
      this.#state[number] = state[row]!;
    }
    if (series.length > 0) this.#valuesRevision++;
  }

  age(serverNow: number): number {
    let aged = 0;
    for (const [number, { series }] of this.#places) {
      const time = this.#time[number] ?? 0;
      if (time === 0 || (this.#state[number]! & FRAME_STALE) !== 0) continue;
      if (serverNow - time <= series.staleAfter * 1000) continue;
      this.#state[number]! |= FRAME_STALE;
      aged++;
    }
    if (aged > 0) this.#valuesRevision++;
    return aged;
  }

  #grow(number: number): void {
    const length = Math.max(64, 2 ** Math.ceil(Math.log2(number + 1)));
    const value = new Float64Array(length);
    const time = new Float64Array(length);
    const state = new Uint8Array(length);
    value.set(this.#value);
    time.set(this.#time);
    state.set(this.#state);
    this.#value = value;
    this.#time = time;
    this.#state = state;
  }
}

/** Frame level (1 info … 5 critical) as a word. */
export function severityOf(state: number): Severity | null {
  const level = state & FRAME_SEVERITY_MASK;
  return level === 0 ? null : (SEVERITIES[SEVERITIES.length - level] ?? null);
}
