import { Compile } from 'typebox/compile';
import { type AlertFilter, WatchRequest } from '#contract/live.ts';
import { CONDITIONS, SEVERITIES } from '#contract/names.ts';
import { isArea } from './tiles.ts';

const request = Compile(WatchRequest);

export type ParsedWatch = { readonly request: WatchRequest } | { readonly reason: string };

/** Checks what a client sent with `watch`. Unknown members are dropped: they would split audiences. */
export function parseWatch(input: unknown, hasLayer: (id: string) => boolean): ParsedWatch {
  if (!request.Check(input)) {
    const [first] = request.Errors(input);
    return { reason: first === undefined ? 'not a watch request' : `${first.instancePath || '/'} ${first.message}` };
  }
  for (const { id, bbox } of input.layers ?? []) {
    if (!hasLayer(id)) return { reason: `/layers: there is no layer ${id}` };
    if (bbox !== undefined && !isArea(bbox)) return { reason: `/layers: the bbox of ${id} is no area` };
  }
  const filter = input.alerts ?? {};
  const reason = wrongFilter(filter);
  if (reason !== null) return { reason };
  return { request: { ...input, alerts: knownParts(filter) } };
}

function wrongFilter(filter: AlertFilter): string | null {
  const strange = (text: string | undefined, words: readonly string[]) =>
    text?.split(',').find((word) => word.trim() !== '' && !words.includes(word.trim()));
  const condition = strange(filter.condition, CONDITIONS);
  if (condition !== undefined) return `/alerts/condition: ${condition} is none of ${CONDITIONS.join(', ')}`;
  const severity = strange(filter.severity, SEVERITIES);
  if (severity !== undefined) return `/alerts/severity: ${severity} is none of ${SEVERITIES.join(', ')}`;
  if (filter.area === undefined) return null;
  const area = filter.area.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return area.length === 4 && isArea(area) ? null : '/alerts/area: expected west,south,east,north in degrees';
}

function knownParts({ condition, severity, unit, rule, area, from, to }: AlertFilter): AlertFilter {
  const parts = Object.entries({ condition, severity, unit, rule, area, from, to });
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined && value !== ''));
}
