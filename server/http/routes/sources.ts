import { Type } from 'typebox';
import { SourceHealth } from '#contract/live.ts';
import { topics } from '#contract/names.ts';
import { nullable, page, Slug, Timestamp } from '#contract/primitives.ts';
import { Credential, NewSource, Source } from '#contract/source.ts';
import { allows, unitsOf } from '../../auth/policy.ts';
import { Refused } from '../../auth/refusal.ts';
import type { Api, HttpDeps, HttpOptions } from '../deps.ts';
import { callerOf, requireUnit } from '../guard.ts';
import { answers, NoContent, onePage } from './answers.ts';

const SourceParams = Type.Object({ id: Slug });
const CredentialSummary = Type.Object({ username: Type.String(), source: Slug, createdAt: Timestamp });

const SamplePayload = Type.Object({
  topic: Type.String(),
  payload: Type.String({ description: 'SenML, ready to send' }),
  host: nullable(Type.String({ description: 'of the broker; null: the host of this interface' })),
  port: Type.Integer(),
  tls: Type.Boolean(),
  command: Type.String({ description: 'publishes it once; put in the credential' }),
});

/** A secret given out once is not repeated for longer than a retry takes. */
const SECRET_REPEAT = 10 * 60_000;

export function sourceRoutes(api: Api, { auth, health, options }: HttpDeps): void {
  const within = <T extends { readonly unit: string }>(items: readonly T[], units: readonly string[] | null) =>
    units === null ? items : items.filter((item) => units.includes(item.unit));

  api.get(
    '/sources',
    {
      config: { policy: 'sources:read' },
      schema: { summary: 'Sources', tags: ['sources'], response: answers({ 200: page(Source) }) },
    },
    async (request) => onePage(within(auth.sources.sources(), unitsOf(request.principal, 'sources:read'))),
  );

  api.post(
    '/sources',
    {
      config: { policy: 'sources:write' },
      schema: { summary: 'Add a source', tags: ['sources'], body: NewSource, response: answers({ 201: Source }) },
    },
    async (request, reply) => {
      if (!allows(request.principal, 'sources:write', { unit: request.body.unit })) {
        throw new Refused('forbidden', 'your role adds sources of your own unit only');
      }
      return reply.code(201).send(await auth.sources.create(request.body, callerOf(request)));
    },
  );

  api.get(
    '/source-health',
    {
      config: { policy: 'health:read' },
      schema: {
        summary: 'Per source: link, last sample, counts',
        tags: ['sources'],
        response: answers({ 200: page(SourceHealth) }),
      },
    },
    async (request) => onePage(within(health.sources(), unitsOf(request.principal, 'health:read'))),
  );

  api.get(
    '/sources/:id/sample-payload',
    {
      config: { policy: 'sources:read' },
      schema: {
        summary: 'A message to try the source with',
        tags: ['sources'],
        params: SourceParams,
        response: answers({ 200: SamplePayload }),
      },
    },
    async (request) => {
      const source = auth.sources.source(request.params.id);
      requireUnit(request, 'sources:read', source?.unit, `source "${request.params.id}"`);
      return samplePayload(source!, options);
    },
  );

  credentialRoutes(api, auth);
}

function credentialRoutes(api: Api, auth: HttpDeps['auth']): void {
  const find = (request: Parameters<typeof requireUnit>[0], id: string) => {
    const source = auth.sources.source(id);
    requireUnit(request, 'sources:write', source?.unit, `source "${id}"`);
    return source!;
  };

  api.get(
    '/sources/:id/credentials',
    {
      config: { policy: 'sources:write' },
      schema: {
        summary: 'Credentials of a source, without their passwords',
        tags: ['sources'],
        params: SourceParams,
        response: answers({ 200: page(CredentialSummary) }),
      },
    },
    async (request) => onePage(auth.sources.credentials(find(request, request.params.id).id)),
  );

  api.post(
    '/sources/:id/credentials',
    {
      config: { policy: 'sources:write', repeatFor: SECRET_REPEAT },
      schema: {
        summary: 'Make a credential; its password is shown this once',
        tags: ['sources'],
        params: SourceParams,
        response: answers({ 201: Credential }),
      },
    },
    async (request, reply) => {
      const source = find(request, request.params.id);
      return reply.code(201).send(await auth.sources.addCredential(source, callerOf(request)));
    },
  );

  api.delete(
    '/sources/:id/credentials/:username',
    {
      config: { policy: 'sources:write' },
      schema: {
        summary: 'Withdraw a credential; its connections end',
        tags: ['sources'],
        params: Type.Object({ id: Slug, username: Type.String({ maxLength: 128 }) }),
        response: answers({ 204: NoContent }),
      },
    },
    async (request, reply) => {
      const source = find(request, request.params.id);
      await auth.sources.deleteCredential(source.id, request.params.username, callerOf(request));
      return reply.code(204).send(null);
    },
  );
}

/** One station with a place, so that the first message is seen on the map; no time, so that it counts as now. */
function samplePayload(source: Source, { mqtt, publicUrl }: HttpOptions) {
  const topic = topics.samples(source.unit, source.id);
  const payload = JSON.stringify([
    { bn: 'tram-thu-1:', n: 'water-level', u: 'm', v: 1.25 },
    { n: 'latitude', u: 'lat', v: 18.6796 },
    { n: 'longitude', u: 'lon', v: 105.6813 },
  ]);
  const host = reachable(mqtt.host) ?? (publicUrl === null ? null : new URL(publicUrl).hostname);
  const at = `-h ${host ?? 'localhost'} -p ${mqtt.port}${mqtt.tls ? ' --tls-use-os-certs' : ''}`;
  const command = `mosquitto_pub ${at} -q 1 -u 'USERNAME' -P 'PASSWORD' -t '${topic}' -m '${payload}'`;
  return { topic, payload, host, port: mqtt.port, tls: mqtt.tls, command };
}

/** "Every address" is where a server listens, not where anybody finds it. */
function reachable(host: string): string | null {
  return host === '0.0.0.0' || host === '::' ? null : host;
}
