import { Type } from 'typebox';
import { Slug } from '#contract/primitives.ts';
import { Refused } from '../../auth/refusal.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { requireUnit } from '../guard.ts';
import { answers } from './answers.ts';

/** One SenML record (RFC 8428 §4); the decoder judges each, so that one bad record does not cost the others. */
export const SenmlRecord = Type.Object({
  bn: Type.Optional(Type.String({ description: 'the thing; without its last `:` or `/`' })),
  bt: Type.Optional(Type.Number()),
  bu: Type.Optional(Type.String()),
  n: Type.Optional(Type.String({ description: 'the quantity' })),
  t: Type.Optional(Type.Number({ description: 'Unix seconds, or seconds relative to receipt' })),
  u: Type.Optional(Type.String({ description: 'unit of measure, RFC 8428 §12.1' })),
  v: Type.Optional(Type.Number()),
  vb: Type.Optional(Type.Boolean()),
  vs: Type.Optional(Type.String()),
});

const SamplesBody = Type.Array(SenmlRecord, { description: 'SenML JSON (RFC 8428)' });

const SamplesAnswer = Type.Object({
  accepted: Type.Integer({ description: 'stored durably' }),
  rejected: Type.Array(
    Type.Object({
      index: Type.Union([Type.Integer(), Type.Null()], { description: 'of the record; null: the whole body' }),
      reason: Type.String({ description: 'as in quarantine, where the record is' }),
    }),
  ),
});

export function sampleRoutes(api: Api, { auth, intake, options }: HttpDeps): void {
  api.register(async (scope: Api) => {
    // The decoder takes bytes, as from MQTT: one place decides what is understood, and quarantine keeps what is not.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      ['application/json', 'application/senml+json'],
      { parseAs: 'buffer', bodyLimit: options.maxPayloadBytes },
      (_request, body, done) => done(null, body),
    );
    scope.post(
      '/samples',
      {
        bodyLimit: options.maxPayloadBytes,
        config: { policy: 'samples:write', documentBody: SamplesBody },
        schema: {
          summary: 'Ingest over HTTP; answered when what was accepted is stored durably',
          tags: ['ingest'],
          consumes: ['application/json', 'application/senml+json'],
          querystring: Type.Object({ source: Slug }),
          response: answers({ 202: SamplesAnswer }),
        },
      },
      async (request, reply) => {
        const { source: id } = request.query;
        const source = auth.sources.source(id);
        requireUnit(request, 'samples:write', source?.unit, `source "${id}"`);
        if (!Buffer.isBuffer(request.body)) throw new Refused('invalid-request', 'the body is empty');
        const { accepted, rejected } = await intake.samples(source!, request.body);
        return reply.code(202).send({ accepted, rejected: [...rejected] });
      },
    );
  });
}
