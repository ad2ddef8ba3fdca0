import type { QuarantineReason } from '#contract/quarantine.ts';
import { SampleFlag } from '#contract/sample-batch.ts';
import type { Labels, Position, Thing } from '#contract/series.ts';
import type { Admission, Overloaded } from './admit.ts';
import type { DecodedEvent, DecodedThing, Route, Sink } from './decode/decoder.ts';
import { cleanDeep, cleanText, isShallow, MAX_DEPTH } from './decode/json-text.ts';
import { type SeriesWords, thingFault, wordsFault, wordsOf } from './names.ts';
import type { Quarantine } from './quarantine.ts';
import { type SeriesRegistry, seriesFact, thingFact } from './series-registry.ts';
import type { SeriesEntry, SourceState, ThingState } from './source-state.ts';

/** Hub's clock against the device's: further ahead is a wrong clock, not a forecast. */
const MAX_AHEAD = 5 * 60_000;
/** Nothing was measured for this hub before 2000-01-01: such a time comes from a clock that was never set. */
const EARLIEST = Date.UTC(2000, 0, 1);
const HISTORICAL_AFTER = 15 * 60_000;
const MAX_TEXT = 4096;
const MAX_UOM = 32;
const VISIBLE_WORD = /^[^\p{Cc}\p{Cs}\p{Z}]+$/u;

export interface Rejection {
  /** The record's place in the payload; null: the payload as a whole. */
  readonly index: number | null;
  readonly reason: QuarantineReason;
  readonly detail: string;
}

export interface IntakeOptions {
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
  readonly quarantine: Quarantine;
  /** Most bytes of one payload (256 KiB). */
  readonly maxPayload?: number;
}

/**
 * From bytes to samples, events and things in the group under way: decodes, checks time, value and name, and puts
 * aside with a reason what does not hold. Synchronous; one object serves all sources and transports.
 */
export class Intake implements Sink {
  receipt = 0;
  /** Records taken from the last payload, repetitions included. */
  accepted = 0;
  /** Records of the last payload that were put aside. */
  rejected: Rejection[] = [];

  readonly maxPayload: number;
  readonly #admission: Admission;
  readonly #registry: SeriesRegistry;
  readonly #quarantine: Quarantine;
  #source!: SourceState;
  #route!: Route;
  #moved = new Set<string>();

  constructor(options: IntakeOptions) {
    this.#admission = options.admission;
    this.#registry = options.registry;
    this.#quarantine = options.quarantine;
    this.maxPayload = options.maxPayload ?? 256 * 1024;
  }

  get sourceId(): string {
    return this.#source.record.id;
  }

  /**
   * Reads one payload into the group under way. Afterwards await the admission: its answer covers what was accepted
   * and what was put aside. @returns why nothing was read, or null.
   */
  receive(source: SourceState, route: Route, payload: Buffer): Overloaded | null {
    const refusal = this.#admission.refusal();
    if (refusal !== null) return refusal;
    this.#source = source;
    this.#route = route;
    this.receipt = this.#admission.now();
    this.accepted = 0;
    if (this.rejected.length > 0) this.rejected = [];
    if (payload.length > this.maxPayload) {
      this.reject(null, 'too-large', `${payload.length} bytes: at most ${this.maxPayload}, send it in parts`);
    } else {
      try {
        route.decode(payload, route, this);
      } catch (error) {
        this.reject(null, 'malformed', `cannot be read as ${route.decoder}: ${String(error).slice(0, 200)}`);
      }
    }
    if (this.accepted > 0) source.lastReceipt = this.receipt;
    if (this.#moved.size > 0) this.#settleMoves();
    if (this.rejected.length > 0) this.#putAside(payload);
    return null;
  }

  /** Puts a payload aside that nothing here could read. @returns why not even that was possible, or null. */
  refuse(
    source: SourceState | null,
    transport: 'mqtt' | 'http',
    topic: string,
    payload: Buffer,
    reason: QuarantineReason,
    detail: string,
  ): Overloaded | null {
    const refusal = this.#admission.refusal();
    if (refusal !== null) return refusal;
    this.#quarantine.take({ source, transport, topic, payload, reason, detail });
    return null;
  }

  number(
    base: string,
    name: string,
    uom: string | null,
    time: number,
    value: number,
    flags: number,
    index: number,
  ): void {
    const age = this.receipt - time;
    // Written so that a time or value that is not a number fails too.
    if (!(age >= -MAX_AHEAD && time >= EARLIEST)) {
      this.#badTime(time, index);
      return;
    }
    if (!Number.isFinite(value)) {
      this.reject(index, 'bad-value', `/${index}: the value is not a finite number`);
      return;
    }
    const source = this.#source;
    const entry = source.find(base, name) ?? this.#open(base, name, uom, index);
    if (entry === null) return;
    if (uom !== null && uom !== entry.uom && !this.#agree(entry, uom, index)) return;
    this.accepted++;
    const { lastTime, lastValue } = this.#registry;
    const { number } = entry;
    if (time === lastTime[number] && value === lastValue[number]) {
      source.duplicates++;
      return;
    }
    if (!(time < lastTime[number]!)) {
      lastTime[number] = time;
      lastValue[number] = value;
    }
    source.samples++;
    this.#admission.samples.push(number, time, value, age > HISTORICAL_AFTER ? flags | SampleFlag.historical : flags);
  }

  text(base: string, name: string, time: number, text: string, index: number): void {
    if (!(this.receipt - time >= -MAX_AHEAD && time >= EARLIEST)) {
      this.#badTime(time, index);
      return;
    }
    if (text.length > MAX_TEXT) {
      this.reject(index, 'bad-value', `/${index}: ${text.length} characters of text, at most ${MAX_TEXT}`);
      return;
    }
    const entry = this.#source.find(base, name) ?? this.#open(base, name, null, index);
    if (entry === null) return;
    this.accepted++;
    this.#source.samples++;
    const line = { kind: 'text', series: entry.number, time, text: cleanText(text) } as const;
    this.#admission.entry(line, 128 + text.length);
  }

  move(base: string, name: string, axis: 'lon' | 'lat', degrees: number, index: number): void {
    const limit = axis === 'lon' ? 180 : 90;
    if (!(Math.abs(degrees) <= limit)) {
      this.reject(index, 'bad-value', `/${index}: ${axis} ${degrees} is outside ±${limit} degrees`);
      return;
    }
    const words = wordsOf(base, name, this.sourceId);
    const fault = wordsFault(words, this.#route.decoder === 'senml');
    if (fault !== null) {
      this.reject(index, 'schema', `/${index}: ${fault}`);
      return;
    }
    const state = this.#source.thing(words.thing) ?? this.#openThing(words.thing, index);
    if (state === null) return;
    state[axis] = degrees;
    this.#moved.add(words.thing);
    this.accepted++;
  }

  place(thing: string, position: Position, index: number): void {
    const id = thing.normalize('NFC');
    const state = this.#source.thing(id) ?? this.#openThing(id, index);
    if (state === null) return;
    [state.lon, state.lat] = position;
    this.#moved.add(id);
  }

  thing(decoded: DecodedThing, index: number): void {
    const id = decoded.id.normalize('NFC');
    const state = this.#source.thing(id) ?? this.#openThing(id, index);
    if (state === null) return;
    const thing: Thing = {
      source: this.sourceId,
      id,
      name: cleanText(decoded.name),
      // Replaced as a whole, so that a sender cannot pile them up; kept where it says none.
      labels: Object.keys(decoded.labels).length > 0 ? (cleanDeep(decoded.labels) as Labels) : state.thing.labels,
      position: decoded.position ?? state.thing.position,
    };
    this.accepted++;
    this.#writeThing(thing);
  }

  event(decoded: DecodedEvent, index: number): void {
    if (!(this.receipt - decoded.time >= -MAX_AHEAD && decoded.time >= EARLIEST)) {
      this.#badTime(decoded.time, index);
      return;
    }
    if (!isShallow(decoded.data)) {
      this.reject(index, 'schema', `/${index}: data nests deeper than ${MAX_DEPTH} levels`);
      return;
    }
    const { id: source, unit } = this.#source.record;
    const { id, type, thing, time, position, title } = decoded;
    const subject = thing === null ? null : cleanText(thing);
    const event = {
      id: cleanText(id),
      unit,
      source,
      type: cleanText(type),
      thing: subject,
      time,
      // A camera does not say where it hangs; what is known of it does.
      position: position ?? (subject === null ? null : (this.#source.thing(subject)?.thing.position ?? null)),
      title: title === null ? null : cleanText(title),
      data: cleanDeep(decoded.data),
    };
    this.accepted++;
    this.#source.samples++;
    this.#admission.entry({ kind: 'event', event }, 1024 + JSON.stringify(event.data).length);
  }

  reject(index: number | null, reason: QuarantineReason, detail: string): void {
    this.rejected.push({ index, reason, detail });
  }

  #badTime(time: number, index: number): void {
    if (!Number.isFinite(time)) {
      this.reject(index, 'bad-time', `/${index}: the time is not a finite number`);
    } else if (time <= this.receipt) {
      this.reject(index, 'bad-time', `/${index}: the time is before 2000-01-01: is the device's clock set?`);
    } else {
      const hint = time > this.receipt * 100 ? ': SenML wants seconds, these look like milliseconds' : '';
      const shown = time <= 8.64e15 ? new Date(time).toISOString() : 'beyond any calendar';
      this.reject(index, 'future-time', `/${index}: ${shown} is more than 5 minutes ahead of the hub's clock${hint}`);
    }
  }

  /** A series not yet found by these words: known under its name, or new. */
  #open(base: string, name: string, uom: string | null, index: number): SeriesEntry | null {
    const source = this.#source;
    const words = wordsOf(base, name, this.sourceId);
    const known = source.findByName(words.name);
    if (known !== undefined) {
      source.alias(base, name, known);
      return known;
    }
    const fault = wordsFault(words, this.#route.decoder === 'senml') ?? uomFault(uom);
    if (fault !== null) {
      this.reject(index, 'schema', `/${index}: ${fault}`);
      return null;
    }
    if (source.seriesCount >= this.#registry.maxPerSource) {
      this.reject(index, 'too-many-series', `/${index}: the source has ${source.seriesCount} series, the most allowed`);
      return null;
    }
    return this.#declare(words, base, name, uom);
  }

  #declare(words: SeriesWords, base: string, name: string, uom: string | null): SeriesEntry {
    const source = this.#source;
    const series = this.#registry.add(source, words.name, words.thing, words.quantity, uom);
    this.#admission.entry({ kind: 'series', series }, 512);
    this.#admission.fact(seriesFact(series.number), series);
    const entry = source.findByName(words.name)!;
    source.alias(base, name, entry);
    return entry;
  }

  #agree(entry: SeriesEntry, uom: string, index: number): boolean {
    if (entry.uom !== null) {
      const detail = `/${index}: the unit of measure was ${entry.uom} and is now ${uom}: use another name for it`;
      this.reject(index, 'unit-of-measure-changed', detail);
      return false;
    }
    const fault = uomFault(uom);
    if (fault !== null) {
      this.reject(index, 'schema', `/${index}: ${fault}`);
      return false;
    }
    const series = this.#registry.fixUom(entry, uom);
    this.#admission.entry({ kind: 'series', series }, 512);
    this.#admission.fact(seriesFact(series.number), series);
    return true;
  }

  #openThing(id: string, index: number): ThingState | null {
    const fault = thingFault(id);
    if (fault !== null) {
      this.reject(index, 'schema', `/${index}: ${fault}`);
      return null;
    }
    if (this.#source.thingCount >= this.#registry.maxPerSource) {
      this.reject(index, 'too-many-series', `/${index}: the source has ${this.#source.thingCount} things already`);
      return null;
    }
    return this.#source.rememberThing({ source: this.sourceId, id, name: id, labels: {}, position: null });
  }

  #settleMoves(): void {
    for (const id of this.#moved) {
      const state = this.#source.thing(id)!;
      const { lon, lat, thing } = state;
      if (Number.isNaN(lon) || Number.isNaN(lat)) continue;
      if (thing.position?.[0] === lon && thing.position[1] === lat) continue;
      this.#writeThing({ ...thing, position: [lon, lat] });
    }
    this.#moved.clear();
  }

  #writeThing(thing: Thing): void {
    this.#source.rememberThing(thing);
    this.#admission.entry({ kind: 'thing', thing }, 512);
    this.#admission.fact(thingFact(thing.source, thing.id), thing);
  }

  /** One item a reason, so that a pack of a thousand bad records is one line on the desk and not a thousand. */
  #putAside(payload: Buffer): void {
    const groups = new Map<QuarantineReason, Rejection[]>();
    for (const rejection of this.rejected) {
      const group = groups.get(rejection.reason);
      if (group === undefined) groups.set(rejection.reason, [rejection]);
      else group.push(rejection);
    }
    const { transport, topic } = this.#route;
    for (const [reason, group] of groups) {
      const rest = group.slice(1, 20).map((one) => one.index);
      const others = rest.length === 0 ? '' : `; also records ${rest.join(', ')}`;
      const more = group.length > 20 ? ` and ${group.length - 20} more` : '';
      const detail = `${group[0]!.detail}${others}${more}`;
      this.#quarantine.take({ source: this.#source, transport, topic, payload, reason, detail });
    }
  }
}

function uomFault(uom: string | null): string | null {
  if (uom === null || (uom.length <= MAX_UOM && VISIBLE_WORD.test(uom))) return null;
  return `the unit of measure must be 1 to ${MAX_UOM} visible characters (RFC 8428 §12.1)`;
}
