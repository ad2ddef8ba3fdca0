import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import { SESSION_COOKIE } from '#contract/names.ts';
import { POLICIES, type PolicyName } from '../auth/policy.ts';
import type { Api, HttpOptions } from './deps.ts';

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
  const { roles } = POLICIES[policy];
  if (policy === 'public') return { security: [] };
  return { security: [{ session: [] }, { token: [] }], 'x-policy': policy, 'x-roles': roles };
}
