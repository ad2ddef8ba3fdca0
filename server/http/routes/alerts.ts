import { Type } from 'typebox';
import { Alert, AlertChange, AlertCommand } from '#contract/alert.ts';
import { AlertFilter } from '#contract/live.ts';
import { CONDITIONS, SEVERITIES } from '#contract/names.ts';
import { nullable } from '#contract/primitives.ts';
import { unitsOf } from '../../auth/policy.ts';
import { refuseField } from '../../auth/refusal.ts';
import { alertHistory, findAlert, listAlerts } from '../alert-list.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { callerOf, requireUnit } from '../guard.ts';
import { pageOf, pageQuery } from '../paging.ts';
import { answers } from './answers.ts';

const AlertParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

const AlertList = Type.Object({
  items: Type.Array(Alert),
  nextCursor: nullable(Type.String()),
  incomplete: Type.Optional(Type.String({ description: 'why older alerts are missing; absent when none are' })),
});

export function alertRoutes(api: Api, { alerts, alertArchive, executor }: HttpDeps): void {
  api.get(
    '/alerts',
    {
      config: { policy: 'alerts:read' },
      schema: {
        summary: 'Alerts: those in memory, newest first, then older ones',
        tags: ['alerts'],
        querystring: Type.Object({ ...AlertFilter.properties, ...pageQuery }),
        response: answers({ 200: AlertList }),
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filter } = request.query;
      checkFilter(filter);
      const units = unitsOf(request.principal, 'alerts:read');
      return listAlerts(alerts, alertArchive, { filter, units, ...pageOf(request.query) });
    },
  );

  api.get(
    '/alerts/:id',
    {
      config: { policy: 'alerts:read' },
      schema: { summary: 'One alert', tags: ['alerts'], params: AlertParams, response: answers({ 200: Alert }) },
    },
    async (request) => {
      const { id } = request.params;
      const alert = await findAlert(alerts, alertArchive, id);
      requireUnit(request, 'alerts:read', alert?.unit, `alert "${id}"`);
      return alert!;
    },
  );

  api.get(
    '/alerts/:id/history',
    {
      config: { policy: 'alerts:read' },
      schema: {
        summary: 'All changes of an alert, oldest first',
        tags: ['alerts'],
        params: AlertParams,
        response: answers({ 200: Type.Object({ items: Type.Array(AlertChange), nextCursor: Type.Null() }) }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const alert = await findAlert(alerts, alertArchive, id);
      requireUnit(request, 'alerts:read', alert?.unit, `alert "${id}"`);
      return { items: await alertHistory(alerts, alertArchive, id), nextCursor: null };
    },
  );

  api.post(
    '/alerts/:id/commands',
    {
      config: { policy: 'alerts:command' },
      schema: {
        summary: 'Act on an alert',
        tags: ['alerts'],
        params: AlertParams,
        body: AlertCommand,
        response: answers({ 200: Alert }),
      },
    },
    async (request) => {
      const { principal } = callerOf(request);
      const key = request.headers['idempotency-key'];
      const idempotencyKey = typeof key === 'string' ? key : undefined;
      return executor.execute(principal, request.params.id, request.body, { idempotencyKey });
    },
  );
}

/** A misspelt value would match nothing and look like a quiet night. */
function checkFilter(filter: AlertFilter): void {
  const allowed = { condition: CONDITIONS, severity: SEVERITIES } as const;
  for (const [name, values] of Object.entries(allowed) as ['condition' | 'severity', readonly string[]][]) {
    for (const value of filter[name]?.split(',') ?? []) {
      if (!values.includes(value.trim())) throw refuseField(`/${name}`, `must be among ${values.join(', ')}`);
    }
  }
  if (filter.area === undefined) return;
  const box = filter.area.split(',').map(Number);
  const [west, south, east, north] = box;
  if (box.length !== 4 || !box.every(Number.isFinite) || west! > east! || south! > north!) {
    throw refuseField('/area', 'must be west,south,east,north in degrees');
  }
}
