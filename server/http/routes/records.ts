import { Type } from 'typebox';
import { HubEvent } from '#contract/event.ts';
import { nullable, page, Slug, Timestamp } from '#contract/primitives.ts';
import { Delivery } from '#contract/push.ts';
import { QuarantineItem } from '#contract/quarantine.ts';
import { unitsOf } from '../../auth/policy.ts';
import { refuseField } from '../../auth/refusal.ts';
import { findAlert } from '../alert-list.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { requireUnit } from '../guard.ts';
import { DEFAULT_LIMIT, pageOf, pageQuery } from '../paging.ts';
import { answers, onePage } from './answers.ts';

const AuditEntry = Type.Object({
  at: Timestamp,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  from: nullable(Type.String({ description: 'network address' })),
  detail: Type.Record(Type.String(), Type.Unknown()),
});

/** What was recorded and is only read. */
export function recordRoutes(api: Api, { auth, records, alerts, alertArchive }: HttpDeps): void {
  api.get(
    '/quarantine',
    {
      config: { policy: 'quarantine:read' },
      schema: {
        summary: 'What could not be understood, newest first; who acts for a unit names a source of it',
        tags: ['records'],
        querystring: Type.Object({ source: Type.Optional(Slug), ...pageQuery }),
        response: answers({ 200: page(QuarantineItem) }),
      },
    },
    async (request) => {
      const { source } = request.query;
      if (unitsOf(request.principal, 'quarantine:read') !== null) {
        if (source === undefined) throw refuseField('/source', 'name a source of your unit');
        requireUnit(request, 'quarantine:read', auth.sources.source(source)?.unit, `source "${source}"`);
      }
      return records.quarantine({ ...(source === undefined ? {} : { source }), ...pageOf(request.query) });
    },
  );

  api.get(
    '/events',
    {
      config: { policy: 'events:read' },
      schema: {
        summary: 'Events, newest first',
        tags: ['records'],
        querystring: Type.Object({
          type: Type.Optional(Type.String({ maxLength: 512, description: 'several are comma-separated' })),
          since: Type.Optional(Timestamp),
          limit: pageQuery.limit,
        }),
        response: answers({ 200: page(HubEvent) }),
      },
    },
    async (request) => {
      const { type, since, limit } = request.query;
      const types = type === undefined ? {} : { types: type.split(',').map((name) => name.trim()) };
      const from = since === undefined ? {} : { since: Date.parse(since) };
      return onePage(await records.events({ ...types, ...from, limit: limit ?? DEFAULT_LIMIT }));
    },
  );

  api.get(
    '/deliveries',
    {
      config: { policy: 'deliveries:read' },
      schema: {
        summary: 'Pushes and what became of them; who acts for a unit names an alert of it',
        tags: ['records'],
        querystring: Type.Object({ alert: Type.Optional(Type.String({ format: 'uuid' })), ...pageQuery }),
        response: answers({ 200: page(Delivery) }),
      },
    },
    async (request) => {
      const { alert } = request.query;
      if (unitsOf(request.principal, 'deliveries:read') !== null) {
        if (alert === undefined) throw refuseField('/alert', 'name an alert of your unit');
        const found = await findAlert(alerts, alertArchive, alert);
        requireUnit(request, 'deliveries:read', found?.unit, `alert "${alert}"`);
      }
      return records.deliveries({ ...(alert === undefined ? {} : { alert }), ...pageOf(request.query) });
    },
  );

  api.get(
    '/audit',
    {
      config: { policy: 'audit:read' },
      schema: {
        summary: 'Who did what, newest first',
        tags: ['records'],
        querystring: Type.Object(pageQuery),
        response: answers({ 200: page(AuditEntry) }),
      },
    },
    async (request) => records.audit(pageOf(request.query)),
  );
}
