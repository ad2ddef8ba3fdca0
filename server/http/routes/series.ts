import { Type } from 'typebox';
import { literals, page, Slug, Timestamp } from '#contract/primitives.ts';
import { Duration } from '#contract/rule.ts';
import { SamplePoint, Series } from '#contract/series.ts';
import { refuseField } from '../../auth/refusal.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { pageOf, pageQuery } from '../paging.ts';
import { SAMPLE_FUNCTIONS } from '../ports.ts';
import { answers } from './answers.ts';

const DAY = 86_400_000;
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 512, description }));

export function seriesRoutes(api: Api, { series, now }: HttpDeps): void {
  api.get(
    '/series',
    {
      config: { policy: 'series:read' },
      schema: {
        summary: 'Series',
        tags: ['series'],
        querystring: Type.Object({
          source: Type.Optional(Slug),
          name: text('name of the series; `*` matches any run of characters'),
          thing: text('id of the thing'),
          near: text('longitude,latitude,kilometres'),
          ...pageQuery,
        }),
        response: answers({ 200: page(Series) }),
      },
    },
    async (request) => {
      const { source, name, thing, near } = request.query;
      const place = near === undefined ? undefined : readNear(near);
      const filter = { source, name: name?.normalize('NFC'), thing: thing?.normalize('NFC'), near: place };
      return series.list({ ...defined(filter), ...pageOf(request.query) });
    },
  );

  api.get(
    '/series/:id/samples',
    {
      config: { policy: 'series:read' },
      schema: {
        summary: 'Samples of a series, oldest first; the last day unless told',
        tags: ['series'],
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object({
          from: Type.Optional(Timestamp),
          to: Type.Optional(Timestamp),
          bucket: Type.Optional(Type.Unsafe<string>({ ...Duration, description: 'one point per span, such as `1m`' })),
          fn: Type.Optional(literals(SAMPLE_FUNCTIONS, { description: 'of each bucket; avg unless told' })),
          ...pageQuery,
        }),
        response: answers({ 200: page(SamplePoint) }),
      },
    },
    async (request) => {
      const { from, to, bucket, fn } = request.query;
      const until = to === undefined ? now() : Date.parse(to);
      const since = from === undefined ? until - DAY : Date.parse(from);
      if (since > until) throw refuseField('/from', 'lies after `to`');
      if (bucket === undefined && fn !== undefined) throw refuseField('/fn', 'needs `bucket`');
      const span = bucket === undefined ? undefined : readDuration(bucket);
      const folded = span === undefined ? {} : { bucket: span, fn: fn ?? ('avg' as const) };
      return series.samples({ id: request.params.id, from: since, to: until, ...folded, ...pageOf(request.query) });
    },
  );
}

function readNear(near: string): readonly [number, number, number] {
  const [longitude, latitude, kilometres, ...rest] = near.split(',').map(Number);
  const place = [longitude ?? Number.NaN, latitude ?? Number.NaN, kilometres ?? Number.NaN] as const;
  const possible = Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90 && place[2] > 0 && place[2] <= 20_037;
  if (!possible || rest.length > 0) throw refuseField('/near', 'must be longitude,latitude,kilometres');
  return place;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY };

/** @returns milliseconds, at least a second: finer than that samples are not folded. */
function readDuration(bucket: string): number {
  let total = 0;
  for (const [, amount, unit] of bucket.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * UNITS[unit!]!;
  }
  if (total < 1000 || total > 366 * DAY) throw refuseField('/bucket', 'must be from 1s to 366d');
  return Math.round(total);
}

/** A filter that was not given is left out, rather than given as undefined. */
function defined<T extends object>(filter: T): Partial<T> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Partial<T>;
}
