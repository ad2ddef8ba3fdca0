import type { DecoderName } from '#contract/names.ts';
import { topics } from '#contract/names.ts';
import type { Source, TopicMapping } from '#contract/source.ts';
import type { Route } from '../decode/decoder.ts';
import { decoders } from '../decode/decoders.ts';

/** Formats that a source may choose for its `samples` topic; the others have topics of their own. */
const SAMPLE_FORMATS: ReadonlySet<DecoderName> = new Set(['senml', 'json', 'number', 'geojson']);

/**
 * Whose a topic is and how it is read.
 * - a route: the source may publish there;
 * - `unknown`: under the source's own prefix, but nothing reads it: put aside, with a reason;
 * - `foreign`: not this source's: refused.
 */
export type TopicVerdict = Route | 'unknown' | 'foreign';

export function routeTopic(topic: string, source: Source, mappings: readonly TopicMapping[]): TopicVerdict {
  const levels = topic.split('/');
  // MQTT 3.1.1 §4.7.2: topics that start with $ belong to the broker, whatever a mapping says.
  if (topic.startsWith('$')) return 'foreign';
  const prefix = topics.prefix(source.unit, source.id);
  const own = topic.startsWith(prefix);
  // Everything under ioc/v1/ belongs to the source it names; a mapping cannot open another's.
  if (!own && topic.startsWith('ioc/')) return 'foreign';
  for (const mapping of mappings) {
    if (matchesFilter(mapping.topic, levels)) return makeRoute(topic, levels, mapping.decoder, mapping, null);
  }
  return own ? routeOwn(topic, levels, source) : 'foreign';
}

function routeOwn(topic: string, levels: readonly string[], source: Source): TopicVerdict {
  const [kind, camera] = levels.slice(4);
  const last = levels.length === 5;
  if (kind === 'samples' && last) {
    return makeRoute(topic, levels, SAMPLE_FORMATS.has(source.decoder) ? source.decoder : 'senml', null, null);
  }
  if (kind === 'events' && last) return makeRoute(topic, levels, 'cloudevents', null, null);
  if (kind === 'cameras' && levels.length === 6 && camera) return makeRoute(topic, levels, 'onvif', null, camera);
  return 'unknown';
}

function makeRoute(
  topic: string,
  levels: readonly string[],
  decoder: DecoderName,
  mapping: TopicMapping | null,
  camera: string | null,
): Route {
  return { transport: 'mqtt', topic, levels, decoder, decode: decoders[decoder], mapping, camera };
}

/** MQTT 3.1.1 §4.7: `+` stands for one level, `#` at the end for any number of them. */
export function matchesFilter(filter: string, levels: readonly string[]): boolean {
  const wanted = filter.split('/');
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') return true;
    if (i >= levels.length || (wanted[i] !== '+' && wanted[i] !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
