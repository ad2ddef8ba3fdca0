import type { QuarantineReason } from '#contract/quarantine.ts';
import type { Source } from '#contract/source.ts';
import type { Admission } from '../admit.ts';
import type { Route } from '../decode/decoder.ts';
import { readFeature } from '../decode/geojson.ts';
import { member } from '../decode/json-text.ts';
import { asName } from '../decode/mapped-field.ts';
import type { Intake } from '../normalise.ts';
import type { SeriesRegistry } from '../series-registry.ts';

export interface ThingsDeps {
  readonly intake: Intake;
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
}

export interface ThingsResult {
  readonly accepted: number;
  readonly rejected: { readonly index: number | null; readonly reason: QuarantineReason; readonly detail: string }[];
}

/**
 * `POST /things`: a parsed GeoJSON Feature or FeatureCollection whose features name their source in
 * `properties.source`. `sourceOf` gives the sources the caller may write; any other is rejected. Resolves once durable.
 * @throws Overloaded (503 with its `retryAfter`), or the journal's error.
 */
export async function putThings(
  deps: ThingsDeps,
  document: unknown,
  sourceOf: (id: string) => Source | undefined,
): Promise<ThingsResult> {
  const list = member(document, 'type') === 'Feature' ? [document] : member(document, 'features');
  if (!Array.isArray(list)) {
    const detail = 'the body is neither a GeoJSON Feature nor a FeatureCollection (RFC 7946 §3)';
    return { accepted: 0, rejected: [{ index: null, reason: 'schema', detail }] };
  }
  const result: ThingsResult & { accepted: number } = { accepted: 0, rejected: [] };
  const bySource = new Map<Source, number[]>();
  for (let index = 0; index < list.length; index++) {
    const id = asName(member(member(list[index], 'properties'), 'source'));
    const source = id === undefined ? undefined : sourceOf(id);
    if (source === undefined) {
      const detail = `/features/${index}/properties/source names no source that you may write`;
      result.rejected.push({ index, reason: 'schema', detail });
    } else {
      const indexes = bySource.get(source);
      if (indexes === undefined) bySource.set(source, [index]);
      else indexes.push(index);
    }
  }
  for (const [source, indexes] of bySource) takeFeatures(deps, source, list, indexes, result);
  await new Promise<void>((resolve, reject) => {
    deps.admission.whenDurable((error) => (error ? reject(error) : resolve()));
  });
  return result;
}

function takeFeatures(
  { intake, registry }: ThingsDeps,
  source: Source,
  list: readonly unknown[],
  indexes: readonly number[],
  result: ThingsResult & { accepted: number },
): void {
  const route: Route = {
    transport: 'http',
    topic: null,
    levels: [],
    decoder: 'geojson',
    mapping: null,
    camera: null,
    decode: (_payload, _route, sink) => {
      for (const index of indexes) readFeature(list[index], index, sink, 'thing');
    },
  };
  // Only what quarantine would show: the document came parsed.
  const payload = Buffer.from(JSON.stringify(list[indexes[0]!]));
  const refusal = intake.receive(registry.source(source), route, payload.subarray(0, intake.maxPayload));
  if (refusal !== null) throw refusal;
  result.accepted += intake.accepted;
  result.rejected.push(...intake.rejected);
}
