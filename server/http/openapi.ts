import { STATUS_CODES } from 'node:http';
import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import { SESSION_COOKIE } from '#contract/names.ts';
import { POLICIES, type PolicyName } from '../auth/policy.ts';
import type { Api, HttpOptions } from './deps.ts';
import { published } from './published-schema.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Body to describe where the route itself takes bytes. */
    documentBody?: TSchema;
  }
}

/** Collects the schemas of all routes registered after it into OpenAPI 3.1. */
export async function describeContract(app: Api, { version, publicUrl }: HttpOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'IOC hub',
        version,
        description:
          'Alerts, samples and walls of a provincial operations centre. Errors are RFC 9457 problem details with a ' +
          'stable `type`; lists are `{items, nextCursor}`; POST accepts `Idempotency-Key`.',
      },
      servers: [{ url: publicUrl ?? '/' }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'people; `__Host-` over HTTPS' },
          token: { type: 'http', scheme: 'bearer', description: 'machines' },
        },
      },
    },
    convertConstToEnum: false,
    transformObject: (document) => ('openapiObject' in document ? finish(document.openapiObject) : {}),
    transform: ({ schema, url, route }) => {
      const { policy, documentBody } = route.config ?? {};
      const described: FastifySchema & Record<string, unknown> = { ...(schema as FastifySchema | undefined) };
      if (documentBody) described.body = documentBody;
      if (policy) Object.assign(described, rights(policy));
      return { schema: described, url };
    },
  });
}

/** How a route's policy reads in the document. */
function rights(policy: PolicyName): Record<string, unknown> {
  const rule = POLICIES[policy];
  if ('public' in rule) return { security: [] };
  const people = 'people' in rule;
  const security = people ? [{ session: [] }] : [{ session: [] }, { token: [] }];
  return { security, 'x-policy': policy, 'x-roles': rule.roles, 'x-people': people };
}

type OpenApi = Extract<Parameters<SwaggerTransformObject>[0], { openapiObject: unknown }>['openapiObject'];

/** Says what an answer's status means where a route does not, and writes schemas in the document's own dialect. */
function finish(document: OpenApi): OpenApi {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item ?? {})) {
      if (typeof operation !== 'object' || !('responses' in operation)) continue;
      for (const [status, response] of Object.entries(operation.responses)) {
        if ('description' in response && response.description === UNSAID) response.description = meaning(status);
      }
    }
  }
  return published(document);
}

const UNSAID = 'Default Response';

function meaning(status: string): string {
  return STATUS_CODES[status] ?? 'RFC 9457 problem details';
}
