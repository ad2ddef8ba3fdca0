import type { HubEvent } from '#contract/event.ts';
import type { LayerEvent } from '#contract/layer.ts';

/** Events that layers show: the newest, at most so many and so old. The rest is the database's. */
export class RecentEvents {
  readonly #most: number;
  readonly #keepFor: number;
  /** By source and id, in order of arrival. */
  readonly #events = new Map<string, LayerEvent>();

  constructor(most = 2000, keepFor = 7 * 86_400_000) {
    this.#most = most;
    this.#keepFor = keepFor;
  }

  /** @returns false when the event is too old to be shown. */
  add(event: HubEvent, now: number): boolean {
    if (now - event.time > this.#keepFor) return false;
    const key = `${event.source}\n${event.id}`;
    // A correction of an event takes the place of the first report.
    this.#events.delete(key);
    this.#events.set(key, asLayerEvent(event));
    if (this.#events.size > this.#most) this.#dropOldest();
    return true;
  }

  newestFirst(now: number): LayerEvent[] {
    for (const [key, { time }] of this.#events) if (now - time > this.#keepFor) this.#events.delete(key);
    return [...this.#events.values()].sort((a, b) => b.time - a.time);
  }

  #dropOldest(): void {
    let oldest: string | null = null;
    let time = Number.POSITIVE_INFINITY;
    for (const [key, event] of this.#events) {
      if (event.time >= time) continue;
      oldest = key;
      time = event.time;
    }
    if (oldest !== null) this.#events.delete(oldest);
  }
}

function asLayerEvent({ id, source, type, title, time, position, thing, data }: HubEvent): LayerEvent {
  return { id, source, type, title, time, position, thing, magnitude: magnitudeOf(data) };
}

/** An earthquake's magnitude, where its data give one: plain, or in a GeoJSON Feature's properties. */
function magnitudeOf(data: unknown): number | null {
  if (typeof data !== 'object' || data === null) return null;
  const { mag, magnitude, properties } = data as Record<string, unknown>;
  for (const candidate of [mag, magnitude]) {
    if (typeof candidate === 'number' && Number.isFinite(candidate)) return candidate;
  }
  return magnitudeOf(properties);
}
