import type { SourceHealth } from '#contract/live.ts';
import type { Source } from '#contract/source.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { SourceState } from './source-state.ts';

export interface SourceHealthOptions {
  readonly registry: SeriesRegistry;
  readonly sources: () => Iterable<Source>;
  /** When the hub started: a source that never sent counts as stale only after its span, milliseconds. */
  readonly startedAt: number;
  /** Link to an external broker, behind which the hub does not see a device's own; null with the embedded one. */
  readonly brokerLink?: () => 'up' | 'down' | null;
}

/** How every known source does, on the hub's own clock, so that a device with a wrong clock cannot look fresh. */
export function sourceHealth(options: SourceHealthOptions, now: number): SourceHealth[] {
  const { registry, sources, startedAt } = options;
  const broker = options.brokerLink?.() ?? null;
  return Array.from(sources(), (record) => {
    const state = registry.source(record);
    const { lastReceipt, samples, duplicates, quarantined } = state;
    const since = Number.isNaN(lastReceipt) ? startedAt : lastReceipt;
    return {
      source: record.id,
      unit: record.unit,
      name: record.name,
      link: linkOf(state, broker),
      lastSampleAt: Number.isNaN(lastReceipt) ? null : new Date(lastReceipt).toISOString(),
      staleAfter: record.staleAfter,
      stale: now - since > record.staleAfter * 1000,
      samples,
      duplicates,
      quarantined,
      recorded: record.recorded,
    };
  });
}

function linkOf(state: SourceState, broker: 'up' | 'down' | null): SourceHealth['link'] {
  if (state.linked) return state.links > 0 ? 'up' : 'down';
  // The hub's own link being up says nothing of the device's; its being down says that nothing can arrive.
  return broker === 'down' ? 'down' : 'unknown';
}
