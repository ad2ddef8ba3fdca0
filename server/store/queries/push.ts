import type { Delivery } from '#contract/push.ts';
import type { PushSubscriptionRecord } from '#contract/records.ts';
import type { Database } from '../database.ts';
import type { StoreCalls } from '../surface.ts';
import { iso } from './columns.ts';
import { boundedLimit, decodeCursor, encodeCursor, toPage } from './cursor.ts';

type SubscriptionRow = Omit<PushSubscriptionRecord, 'createdAt'> & { created_at: Date };

/** Phones that are pushed to, and what became of each push. */
export function pushQueries(database: Database): StoreCalls['push'] {
  return {
    load: () =>
      database.read(async (session) => {
        const { rows } = await session.query<SubscriptionRow>(
          'select * from push_subscription order by created_at, id',
        );
        return rows.map(({ created_at, ...subscription }) => ({ ...subscription, createdAt: iso(created_at) }));
      }),
    create: (subscription) =>
      database.read(async (session) => {
        await session.query(
          `insert into push_subscription (id, username, endpoint, p256dh, auth, created_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (endpoint) do update set id = excluded.id, username = excluded.username,
             p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at`,
          [
            subscription.id,
            subscription.username,
            subscription.endpoint,
            subscription.p256dh,
            subscription.auth,
            subscription.createdAt,
          ],
        );
      }),
    delete: (id) =>
      database.read(async (session) => {
        const { count } = await session.query('delete from push_subscription where id = $1', [id]);
        return count > 0;
      }),
    deliveries: async ({ alert, cursor, limit: asked }) => {
      const limit = boundedLimit(asked);
      const [at = null, id = null] = decodeCursor('deliveries', cursor, 2) ?? [];
      const { rows } = await database.read((session) =>
        session.query<{ id: string; queued_at: Date; body: Delivery }>(
          `select id, queued_at, body from delivery
           where ($1::text is null or alert::text = $1) and ($2::timestamptz is null or (queued_at, id) < ($2, $3))
           order by queued_at desc, id desc limit ${limit + 1}`,
          [alert ?? null, at, id],
        ),
      );
      return toPage(
        rows,
        limit,
        (row) => row.body,
        (last) => encodeCursor('deliveries', [last.queued_at.toISOString(), last.id]),
      );
    },
  };
}
