import type { Principal } from '#contract/people.ts';
import type { AuditEntry } from '#contract/records.ts';
import { actorOf } from './policy.ts';
import type { AuditTrail } from './ports.ts';

/** Who asks and from where, for the audit trail. */
export interface Caller {
  readonly principal: Principal;
  /** Network address, null when the hub itself acts. */
  readonly from: string | null;
}

export type Audit = (
  actor: string | Caller,
  action: string,
  subject: string,
  detail?: Readonly<Record<string, unknown>>,
  from?: string | null,
) => void;

/** @returns writes one entry with the clock's time; the actor is a name, or a caller with the address it came from. */
export function auditWith(trail: AuditTrail, now: () => number): Audit {
  return (actor, action, subject, detail = {}, from = null) => {
    const who = typeof actor === 'string' ? { actor, from } : { actor: actorOf(actor.principal), from: actor.from };
    const entry: AuditEntry = { at: new Date(now()).toISOString(), ...who, action, subject, detail };
    trail.record(entry);
  };
}
