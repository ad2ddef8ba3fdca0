import type { Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';

/** What the hot path needs of a series. `uom` is fixed once it is not null. */
export interface SeriesEntry {
  readonly number: number;
  uom: string | null;
}

/** A thing with the coordinates known so far; NaN while unknown. */
export interface ThingState {
  thing: Thing;
  lon: number;
  lat: number;
}

const ALIASES_PER_SERIES = 4;

/** Everything the hub holds about one source while it runs. */
export class SourceState {
  record: Source;
  #byName = new Map<string, SeriesEntry>();
  /** The same entries by what the device wrote, base name then name, so that no message joins two texts. */
  #byWords = new Map<string, Map<string, SeriesEntry>>();
  #aliases = 0;
  #things = new Map<string, ThingState>();

  /** Hub's clock, milliseconds since the Unix epoch; NaN: nothing since the start. */
  lastReceipt = Number.NaN;
  samples = 0;
  duplicates = 0;
  quarantined = 0;
  /** Open MQTT connections. */
  links = 0;
  /** Whether it ever had one: a source that only uses HTTP has no link that could be down. */
  linked = false;

  constructor(id: string) {
    this.record = { id, unit: '', name: id, decoder: 'senml', staleAfter: 300, recorded: false };
  }

  get seriesCount(): number {
    return this.#byName.size;
  }

  get thingCount(): number {
    return this.#things.size;
  }

  find(base: string, name: string): SeriesEntry | undefined {
    return this.#byWords.get(base)?.get(name);
  }

  findByName(name: string): SeriesEntry | undefined {
    return this.#byName.get(name);
  }

  remember(name: string, entry: SeriesEntry): void {
    this.#byName.set(name, entry);
  }

  /** Bounded: one name can be cut into base and rest in many ways. Past the bound the slower look-up serves. */
  alias(base: string, name: string, entry: SeriesEntry): void {
    if (this.#aliases >= ALIASES_PER_SERIES * (this.#byName.size + 64)) return;
    let words = this.#byWords.get(base);
    if (words === undefined) {
      words = new Map();
      this.#byWords.set(base, words);
    }
    words.set(name, entry);
    this.#aliases++;
  }

  thing(id: string): ThingState | undefined {
    return this.#things.get(id);
  }

  rememberThing(thing: Thing): ThingState {
    let state = this.#things.get(thing.id);
    if (state === undefined) {
      state = { thing, lon: Number.NaN, lat: Number.NaN };
      this.#things.set(thing.id, state);
    }
    state.thing = thing;
    if (thing.position !== null) [state.lon, state.lat] = thing.position;
    return state;
  }
}
