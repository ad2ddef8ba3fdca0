import type { HubEvent } from '#contract/event.ts';
import type { LayerCatalogue, LayerConfig, LayerEvent, LayerThing } from '#contract/layer.ts';
import type { Position, Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import { RecentEvents } from './recent-events.ts';

/** A thing with its series, whether or not it was ever declared by name and place. */
interface Place {
  thing: Thing;
  readonly unit: string;
  readonly series: { readonly series: Series; readonly staleAfter: number }[];
}

interface Layer {
  readonly config: LayerConfig;
  readonly matches: (word: string) => boolean;
  version: number;
  built: BuiltCatalogue | null;
}

/** A layer's catalogue as it was at one version, and its JSON. */
export interface BuiltCatalogue {
  readonly version: number;
  readonly catalogue: LayerCatalogue;
  readonly json: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A large catalogue that changes all the time, as with a stream of events, is not built anew for every reader. */
const LARGE = 65_536;
const LARGE_EVERY = 1000;

/** What layers hold: things, series, recent events. Frames refer to it by series number and version. */
export class Catalogue {
  readonly #layers = new Map<string, Layer>();
  readonly #places = new Map<string, Place>();
  readonly #events: RecentEvents;
  readonly #now: () => number;

  constructor(configs: readonly LayerConfig[], now: () => number, events = new RecentEvents()) {
    this.#now = now;
    this.#events = events;
    for (const config of configs) {
      // Versions begin at the start's second: after a restart they do not repeat the numbers clients hold.
      const version = Math.floor(now() / 1000);
      this.#layers.set(config.id, { config, matches: globs(config.match), version, built: null });
    }
  }

  get configs(): readonly LayerConfig[] {
    return [...this.#layers.values()].map((layer) => layer.config);
  }

  /** Null for a layer that is not configured. */
  kind(layer: string): LayerConfig['kind'] | null {
    return this.#layers.get(layer)?.config.kind ?? null;
  }

  /** Another number after every change of what the layer holds; 0 for a layer that is not configured. */
  version(layer: string): number {
    return this.#layers.get(layer)?.version ?? 0;
  }

  /** @returns the layers that show this series. */
  declareSeries(series: Series, thing: Thing | null, source: Source): readonly string[] {
    const place = this.#place(series, thing);
    if (thing !== null) place.thing = thing;
    const known = place.series.findIndex((other) => other.series.number === series.number);
    const entry = { series, staleAfter: source.staleAfter };
    if (known < 0) place.series.push(entry);
    else place.series[known] = entry;
    const layers = this.layersOf(series.quantity);
    for (const layer of layers) this.#layers.get(layer)!.version++;
    return layers;
  }

  /** Layers that show series of this quantity. */
  layersOf(quantity: string): readonly string[] {
    const layers: string[] = [];
    for (const { config, matches } of this.#layers.values()) {
      if (config.kind === 'samples' && matches(quantity)) layers.push(config.id);
    }
    return layers;
  }

  /** @returns the thing's series, which may now lie elsewhere. */
  declareThing(thing: Thing): readonly Series[] {
    const key = keyOf(thing.source, thing.id);
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, { thing, unit: '', series: [] });
      return [];
    }
    place.thing = thing;
    const touched = new Set(place.series.flatMap(({ series }) => this.layersOf(series.quantity)));
    for (const layer of touched) this.#layers.get(layer)!.version++;
    return place.series.map(({ series }) => series);
  }

  /** Position of the thing that a source declared; null: unknown thing, or one without a place. */
  position(source: string, thing: string): Position | null {
    return this.#places.get(keyOf(source, thing))?.thing.position ?? null;
  }

  event(event: HubEvent): void {
    if (!this.#events.add(event, this.#now())) return;
    for (const layer of this.#layers.values()) {
      if (layer.config.kind === 'events' && layer.matches(event.type)) layer.version++;
    }
  }

  /**
   * What `GET /layers/{id}` answers; null for a layer that is not configured. Built once a version; a large one at most
   * once a second, so that it may be a version behind: its reader sees that by the frames and asks again.
   */
  read(id: string): BuiltCatalogue | null {
    const layer = this.#layers.get(id);
    if (layer === undefined) return null;
    const { built, version } = layer;
    const now = this.#now();
    const good =
      built?.version === version || (built !== null && built.json.length > LARGE && now - built.at < LARGE_EVERY);
    if (good) return built;
    const { config } = layer;
    const catalogue = { layer: config, version, things: this.#things(layer), events: this.#eventsOf(layer) };
    layer.built = { version, catalogue, json: JSON.stringify(catalogue), at: now };
    return layer.built;
  }

  #things(layer: Layer): LayerThing[] {
    if (layer.config.kind !== 'samples') return [];
    const things: LayerThing[] = [];
    for (const { thing, unit, series } of this.#places.values()) {
      const shown = series.filter((entry) => layer.matches(entry.series.quantity));
      if (shown.length === 0) continue;
      const { source, id, name, labels, position } = thing;
      things.push({
        ...{ source, unit, thing: id, name, labels, position },
        series: shown.map(({ series: { number, id, quantity, uom }, staleAfter }) => ({
          ...{ number, id, quantity, uom, staleAfter },
        })),
      });
    }
    return things;
  }

  #eventsOf(layer: Layer): LayerEvent[] {
    if (layer.config.kind !== 'events') return [];
    return this.#events.newestFirst(this.#now()).filter((event) => layer.matches(event.type));
  }

  #place(series: Series, thing: Thing | null): Place {
    const key = keyOf(series.source, series.thing);
    const known = this.#places.get(key);
    if (known !== undefined && known.unit !== '') return known;
    const undeclared = { source: series.source, id: series.thing, name: series.thing, labels: {}, position: null };
    const place = { thing: thing ?? known?.thing ?? undeclared, unit: series.unit, series: [] };
    this.#places.set(key, place);
    return place;
  }
}

const keyOf = (source: string, thing: string) => `${source}\n${thing}`;

/** One matcher for all patterns; `*` stands for any run of characters; no patterns match everything. */
function globs(patterns: readonly string[]): (word: string) => boolean {
  if (patterns.length === 0) return () => true;
  const escaped = patterns.map((pattern) =>
    pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
  const expression = new RegExp(`^(?:${escaped.join('|')})$`, 's');
  return (word) => expression.test(word);
}
