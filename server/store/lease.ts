import type { Session } from './database.ts';

/**
 * Takes or renews a named lease by the database's own clock. Returns its fencing number, which grows whenever the
 * holder changes; null: somebody else has it.
 */
export async function takeLease(
  session: Session,
  name: string,
  holder: string,
  milliseconds: number,
): Promise<number | null> {
  const { rows } = await session.query<{ fence: number }>(
    `insert into lease (name, holder, until, fence)
     values ($1, $2, clock_timestamp() + $3::float8 * interval '1 millisecond', 1)
     on conflict (name) do update set holder = excluded.holder, until = excluded.until,
       fence = lease.fence + case when lease.holder = excluded.holder then 0 else 1 end
     where lease.holder = excluded.holder or lease.until < clock_timestamp()
     returning fence::float8`,
    [name, holder, milliseconds],
  );
  return rows[0]?.fence ?? null;
}

/** True while the fencing number is still the newest; locked until the transaction ends, so no successor starts before. */
export async function holdsLease(session: Session, name: string, fence: number): Promise<boolean> {
  const { rows } = await session.query('select from lease where name = $1 and fence = $2 for share', [name, fence]);
  return rows.length === 1;
}

export async function releaseLease(session: Session, name: string, holder: string): Promise<void> {
  await session.query("update lease set until = '-infinity' where name = $1 and holder = $2", [name, holder]);
}
