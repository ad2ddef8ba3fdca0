import type { HubEvent } from '#contract/event.ts';
import type { DecoderName } from '#contract/names.ts';
import type { QuarantineReason } from '#contract/quarantine.ts';
import type { Position, Thing } from '#contract/series.ts';
import type { TopicMapping } from '#contract/source.ts';

/** Where a payload came from and how it is to be read. One object a topic and client, so a message makes none. */
export interface Route {
  readonly transport: 'mqtt' | 'http';
  /** MQTT topic; null over HTTP. */
  readonly topic: string | null;
  /** The topic's levels, for `topic:N` in a mapping. */
  readonly levels: readonly string[];
  readonly decoder: DecoderName;
  readonly decode: Decoder;
  readonly mapping: TopicMapping | null;
  /** The camera of `cameras/{camera}`. */
  readonly camera: string | null;
}

export type DecodedEvent = Omit<HubEvent, 'unit' | 'source'>;
export type DecodedThing = Omit<Thing, 'source'>;

/**
 * Takes what a decoder read. Calls instead of a returned list: a message of one record makes no object of ours.
 * `index` is the record's place in the payload, for the sender's correction.
 */
export interface Sink {
  /** Time of receipt, milliseconds since the Unix epoch. */
  readonly receipt: number;
  readonly sourceId: string;
  /**
   * One numeric sample of the series `base + name`. `time` in milliseconds since the Unix epoch; `flags` of
   * `SampleFlag`. An empty base means that `name` says both thing and quantity.
   */
  number(
    base: string,
    name: string,
    uom: string | null,
    time: number,
    value: number,
    flags: number,
    index: number,
  ): void;
  text(base: string, name: string, time: number, text: string, index: number): void;
  /** One coordinate of a thing, degrees; the thing moves once both are known. */
  move(base: string, name: string, axis: 'lon' | 'lat', degrees: number, index: number): void;
  place(thing: string, position: Position, index: number): void;
  thing(thing: DecodedThing, index: number): void;
  event(event: DecodedEvent, index: number): void;
  /** `index` null: the whole payload. */
  reject(index: number | null, reason: QuarantineReason, detail: string): void;
}

/** Reads one payload into the sink. What it cannot read it rejects; throwing counts as `malformed`. */
export type Decoder = (payload: Buffer, route: Route, sink: Sink) => void;
