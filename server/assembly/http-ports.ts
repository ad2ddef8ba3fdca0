import type { SourceHealth } from '#contract/live.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import type { AlertBook } from '../alert/book.ts';
import type { Broadcast } from '../broadcast/broadcast.ts';
import type { HttpDeps } from '../http/deps.ts';
import type { Admission } from '../ingest/admit.ts';
import { ingestHttp } from '../ingest/http/samples.ts';
import { putThings } from '../ingest/http/things.ts';
import type { Intake } from '../ingest/normalise.ts';
import type { SeriesRegistry } from '../ingest/series-registry.ts';
import type { Readiness } from '../observe/readiness.ts';
import type { Store } from '../store/start.ts';

/** The alert book as HTTP reads it: memory for what is recent, and since when memory has everything. */
export function alertPorts(book: AlertBook, store: Store): Pick<HttpDeps, 'alerts' | 'alertArchive'> {
  return {
    alerts: {
      get: (id) => book.get(id),
      list: (filter, units, limit, cursor) => book.list(filter, units, limit, cursor ?? undefined),
      completeFrom: () => book.completeFrom,
      changes: (id) => book.changesOf(id),
    },
    alertArchive: {
      list: (query) => store.alerts.list(query),
      get: (id) => store.alerts.get(id),
      history: (id) => store.alerts.history(id),
    },
  };
}

/** Queries speak milliseconds in the HTTP room and RFC 3339 to the database. */
export function archivePorts(store: Store, registry: SeriesRegistry): Pick<HttpDeps, 'series' | 'records'> {
  // A source that changed its unit has series of two ids under one name; this hub numbers the newer.
  const numberOf = ({ id, source, name }: Pick<Series, 'id' | 'source' | 'name'>): number => {
    const series = registry.find(source, name);
    return series?.id === id ? series.number : -1;
  };
  return {
    series: {
      async list(query) {
        const { items, nextCursor } = await store.series.list(query);
        return { items: items.map((row) => ({ ...row, number: numberOf(row) })), nextCursor };
      },
      samples: ({ from, to, ...query }) => store.series.samples({ ...query, from: rfc3339(from), to: rfc3339(to) }),
    },
    records: {
      quarantine: (query) => store.quarantine.list(query),
      events: ({ since, ...query }) =>
        store.events.list(since === undefined ? query : { ...query, since: rfc3339(since) }),
      deliveries: (query) => store.push.deliveries(query),
      audit: (query) => store.audit.list(query),
    },
  };
}

const rfc3339 = (milliseconds: number) => new Date(milliseconds).toISOString();

export interface IntakeParts {
  readonly intake: Intake;
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
}

export function intakePort(parts: IntakeParts, source: (id: string) => Source | undefined): HttpDeps['intake'] {
  return {
    samples: (source, body) => ingestHttp(parts, source, body),
    things: (things) => declareThings(parts, things, source),
  };
}

/** Puts things into the journal as if they came as GeoJSON, so that one piece of code judges names and places. */
export async function declareThings(
  parts: IntakeParts,
  things: readonly Thing[],
  source: (id: string) => Source | undefined,
): Promise<void> {
  const features = things.map(({ id, position, ...properties }) => ({
    type: 'Feature',
    id,
    geometry: position && { type: 'Point', coordinates: position },
    properties,
  }));
  await putThings(parts, { type: 'FeatureCollection', features }, source);
}

export function screenPorts(
  broadcast: Broadcast,
  sources: () => readonly SourceHealth[],
  readiness: Readiness,
): Pick<HttpDeps, 'layers' | 'health'> {
  return {
    layers: { list: () => broadcast.layers, catalogue: (id) => broadcast.catalogue(id)?.catalogue ?? null },
    health: { sources, deficiencies: () => readiness.deficiencies() },
  };
}
