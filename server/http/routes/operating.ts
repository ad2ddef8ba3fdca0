import { Type } from 'typebox';
import type { Api, HttpDeps } from '../deps.ts';
import { answers } from './answers.ts';

const Readiness = Type.Object({
  ready: Type.Boolean(),
  reasons: Type.Array(Type.Object({ part: Type.String(), reason: Type.String(), fatal: Type.Boolean() })),
});

/**
 * For what watches the hub, at the root. Liveness and readiness are open, as probes have no account; the reasons name
 * parts and what is wrong, never addresses or secrets. `/metrics` answers programs on the same machine, and elsewhere
 * the token of an administrator or auditor.
 */
export function operatingRoutes(api: Api, { health, metrics }: HttpDeps): void {
  api.get(
    '/healthz',
    {
      config: { policy: 'public' },
      schema: {
        summary: 'The process lives',
        tags: ['operating'],
        response: answers({ 200: Type.Object({ status: Type.Literal('ok') }) }),
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  api.get(
    '/readyz',
    {
      config: { policy: 'public' },
      schema: {
        summary: 'Can the hub do its work? 503 when not; reasons also while it goes on with less',
        tags: ['operating'],
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const reasons = health.deficiencies().map(({ part, reason, fatal }) => ({ part, reason, fatal }));
      const ready = !reasons.some(({ fatal }) => fatal);
      return reply.code(ready ? 200 : 503).send({ ready, reasons });
    },
  );

  api.get(
    '/metrics',
    {
      config: { policy: 'metrics:read', localToo: true },
      schema: { summary: 'Prometheus text format', tags: ['operating'], produces: ['text/plain'] },
    },
    async (_request, reply) => {
      const text = await metrics.text();
      return reply.type(metrics.contentType).serializer(String).send(text);
    },
  );
}
