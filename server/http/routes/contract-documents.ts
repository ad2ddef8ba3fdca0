import { Type } from 'typebox';
import { asyncApi } from '../asyncapi.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { notFound } from '../guard.ts';
import { publishedSchema, SCHEMAS } from '../schema-catalogue.ts';
import { answers } from './answers.ts';

const AnyDocument = Type.Object({}, { additionalProperties: true });
const SCHEMA_TYPE = 'application/schema+json';
const CACHE = 'public, max-age=300';

/** The contract in the machine's own words: open to all, as a unit's developers need it before they have an account. */
export function contractRoutes(api: Api, { options }: HttpDeps): void {
  const config = { policy: 'public' as const };

  api.get(
    '/openapi.json',
    { config, schema: { summary: 'This document', tags: ['contract'], response: answers({ 200: AnyDocument }) } },
    async (_request, reply) => reply.header('cache-control', CACHE).send(api.swagger()),
  );

  api.get(
    '/asyncapi.json',
    { config, schema: { summary: 'MQTT and sockets', tags: ['contract'], response: answers({ 200: AnyDocument }) } },
    async (_request, reply) => reply.header('cache-control', CACHE).send(asyncApi(options)),
  );

  api.get(
    '/schemas/',
    {
      config,
      schema: {
        summary: 'Names of the published JSON Schemas',
        tags: ['contract'],
        response: answers({ 200: Type.Object({ items: Type.Array(Type.String()), nextCursor: Type.Null() }) }),
      },
    },
    async () => ({ items: Object.keys(SCHEMAS), nextCursor: null }),
  );

  api.get(
    '/schemas/:name',
    {
      config,
      schema: {
        summary: 'One JSON Schema (2020-12)',
        tags: ['contract'],
        params: Type.Object({ name: Type.String({ maxLength: 64 }) }),
        response: answers({ 200: { content: { [SCHEMA_TYPE]: { schema: AnyDocument } } } }),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const schema = publishedSchema(name);
      if (!schema) throw notFound(`schema "${name}"`);
      return reply.header('cache-control', CACHE).type(SCHEMA_TYPE).send(schema);
    },
  );
}
