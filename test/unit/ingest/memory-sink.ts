import type { DecoderName } from '#contract/names.ts';
import type { Position } from '#contract/series.ts';
import type { TopicMapping } from '#contract/source.ts';
import type { DecodedEvent, DecodedThing, Route, Sink } from '../../../server/ingest/decode/decoder.ts';
import { decoders } from '../../../server/ingest/decode/decoders.ts';

/** Notes what a decoder delivers, in short lines that a truth table can hold. */
export class MemorySink implements Sink {
  readonly receipt = Date.UTC(2026, 10, 23, 8);
  readonly sourceId = 'src';
  readonly lines: string[] = [];
  readonly events: DecodedEvent[] = [];
  readonly things: DecodedThing[] = [];

  number(base: string, name: string, uom: string | null, time: number, value: number, flags: number): void {
    const when = flags === 0 ? `@${time}` : `@now${time === this.receipt ? '' : time - this.receipt}`;
    this.lines.push(`${base}|${name} ${value}${uom === null ? '' : ` ${uom}`} ${when}`);
  }

  text(base: string, name: string, _time: number, text: string): void {
    this.lines.push(`${base}|${name} "${text}"`);
  }

  move(base: string, name: string, axis: 'lon' | 'lat', degrees: number): void {
    this.lines.push(`${base}|${name} ${axis}=${degrees}`);
  }

  place(thing: string, position: Position): void {
    this.lines.push(`${thing} at ${position.join(',')}`);
  }

  thing(thing: DecodedThing): void {
    this.things.push(thing);
  }

  event(event: DecodedEvent): void {
    this.events.push(event);
  }

  reject(index: number | null, reason: string): void {
    this.lines.push(`${index ?? 'all'}: ${reason}`);
  }
}

export function decode(
  decoder: DecoderName,
  payload: unknown,
  mapping: TopicMapping | null = null,
  topic = 'a/b/c',
): MemorySink {
  const sink = new MemorySink();
  const levels = topic.split('/');
  const camera = levels[4] === 'cameras' ? (levels[5] ?? null) : null;
  const route: Route = { transport: 'mqtt', topic, levels, decoder, decode: decoders[decoder], mapping, camera };
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  route.decode(Buffer.from(text), route, sink);
  return sink;
}
