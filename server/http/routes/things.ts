import { type Static, Type } from 'typebox';
import { Slug } from '#contract/primitives.ts';
import { Labels, type Position, Thing } from '#contract/series.ts';
import { allows } from '../../auth/policy.ts';
import { type FieldError, Refused } from '../../auth/refusal.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { answers } from './answers.ts';

/** GeoJSON as far as things need it (RFC 7946): points, or no geometry for what has no place. A height is ignored. */
const ThingFeature = Type.Object({
  type: Type.Literal('Feature'),
  id: Type.Union([Thing.properties.id, Type.Integer()]),
  geometry: Type.Union([
    Type.Object({
      type: Type.Literal('Point'),
      coordinates: Type.Array(Type.Number(), { minItems: 2, maxItems: 3 }),
    }),
    Type.Null(),
  ]),
  properties: Type.Object({
    source: Slug,
    name: Type.Optional(Thing.properties.name),
    labels: Type.Optional(Labels),
  }),
});

const ThingCollection = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(ThingFeature, { maxItems: 5000 }),
});

export function thingRoutes(api: Api, { auth, intake, options }: HttpDeps): void {
  api.post(
    '/things',
    {
      bodyLimit: options.maxPayloadBytes,
      config: { policy: 'things:write' },
      schema: {
        summary: 'Where things are and what they are called; all or nothing',
        tags: ['ingest'],
        consumes: ['application/json', 'application/geo+json'],
        body: ThingCollection,
        response: answers({ 200: Type.Object({ accepted: Type.Integer() }) }),
      },
    },
    async (request) => {
      const { features } = request.body;
      const errors: FieldError[] = [];
      features.forEach(({ properties, geometry }, index) => {
        const at = `/features/${index}`;
        const source = auth.sources.source(properties.source);
        if (!source || !allows(request.principal, 'things:write', { unit: source.unit })) {
          errors.push({ at: `${at}/properties/source`, reason: `there is no source "${properties.source}"` });
        }
        if (geometry && !isPlace(geometry.coordinates)) {
          errors.push({ at: `${at}/geometry/coordinates`, reason: 'must be [longitude, latitude] in degrees' });
        }
      });
      if (errors.length > 0) throw new Refused('invalid-request', 'nothing was taken over', { errors });
      await intake.things(features.map(thingOf));
      return { accepted: features.length };
    },
  );
}

function isPlace([longitude, latitude]: readonly number[]): boolean {
  return Math.abs(longitude ?? Number.NaN) <= 180 && Math.abs(latitude ?? Number.NaN) <= 90;
}

function thingOf({ id, geometry, properties }: Static<typeof ThingFeature>): Thing {
  const nfc = (text: string) => text.normalize('NFC');
  const labels = Object.entries(properties.labels ?? {}).map(([key, value]) => [nfc(key), nfc(value)]);
  return {
    source: properties.source,
    id: nfc(String(id)),
    name: nfc(properties.name ?? String(id)),
    labels: Object.fromEntries(labels),
    position: geometry ? (geometry.coordinates.slice(0, 2) as Position) : null,
  };
}
