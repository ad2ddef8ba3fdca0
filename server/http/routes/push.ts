import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { page, Timestamp } from '#contract/primitives.ts';
import { Delivery, PushSubscriptionBody } from '#contract/push.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { callerOf, notFound } from '../guard.ts';
import { answers, NoContent, onePage } from './answers.ts';

const SubscriptionParams = Type.Object({ id: Type.String({ maxLength: 64 }) });
/** Never the endpoint: who knows it and the keys can write to the phone. */
const Subscription = Type.Object({ id: Type.String(), service: Type.String(), createdAt: Timestamp });

export function pushRoutes(api: Api, { push, auth }: HttpDeps): void {
  const own = (request: FastifyRequest) => push.subscriptions(callerOf(request).principal.name);
  const requireOwn = (request: FastifyRequest, id: string) => {
    if (!own(request).some((subscription) => subscription.id === id)) throw notFound(`subscription "${id}"`);
  };

  api.get(
    '/push-key',
    {
      config: { policy: 'push:own' },
      schema: {
        summary: 'The key that subscriptions are bound to (RFC 8292)',
        tags: ['push'],
        response: answers({ 200: Type.Object({ key: Type.String({ description: 'base64url' }) }) }),
      },
    },
    async () => ({ key: push.key() }),
  );

  api.get(
    '/push-subscriptions',
    {
      config: { policy: 'push:own' },
      schema: { summary: 'Own phones', tags: ['push'], response: answers({ 200: page(Subscription) }) },
    },
    async (request) =>
      onePage(
        own(request).map(({ id, endpoint, createdAt }) => ({ id, service: new URL(endpoint).hostname, createdAt })),
      ),
  );

  api.post(
    '/push-subscriptions',
    {
      config: { policy: 'push:own' },
      schema: {
        summary: 'Register the own phone',
        tags: ['push'],
        body: PushSubscriptionBody,
        response: answers({ 201: Type.Object({ id: Type.String() }) }),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = await push.subscribe(caller.principal.name, request.body);
      auth.audit(caller, 'push.subscribe', id);
      return reply.code(201).send({ id });
    },
  );

  api.delete(
    '/push-subscriptions/:id',
    {
      config: { policy: 'push:own' },
      schema: {
        summary: 'Forget a phone',
        tags: ['push'],
        params: SubscriptionParams,
        response: answers({ 204: NoContent }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      requireOwn(request, id);
      await push.unsubscribe(id);
      auth.audit(callerOf(request), 'push.unsubscribe', id);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/push-subscriptions/:id/test',
    {
      config: { policy: 'push:own' },
      schema: {
        summary: 'Send a test notice; answers with what the push service said',
        tags: ['push'],
        params: SubscriptionParams,
        response: answers({ 200: Delivery }),
      },
    },
    async (request) => {
      requireOwn(request, request.params.id);
      return push.test(request.params.id);
    },
  );
}
