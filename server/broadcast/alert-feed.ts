import type { Alert, AlertChange } from '#contract/alert.ts';
import { alertMatcher } from '#contract/alert-filter.ts';
import type { AlertFilter, AlertMessage, WatchReply } from '#contract/live.ts';
import { SEVERITIES } from '#contract/names.ts';
import type { WatchedAlerts } from './ports.ts';

/**
 * Clients with the same right and the same filter share an audience: one room, one encoded message, one chain of
 * `after` numbers. Who sees an alert is decided here, never by the client.
 */
export interface Audience {
  readonly room: string;
  readonly units: readonly string[] | null;
  readonly filter: AlertFilter;
  readonly matches: (alert: Alert) => boolean;
  /** Number of the last change sent to this audience, or of the last of all when it was formed. */
  last: number;
  /** Sent again to a client that paused: it either continues from there or finds a gap and watches anew. */
  lastMessage: AlertMessage | null;
  members: number;
}

/** Most distinct audiences. Beyond, a new filter is ignored: its client gets all it may see, and filters itself. */
const MOST_AUDIENCES = 512;
/** A snapshot or a delta holds at most this many alerts, about a megabyte; a larger delta becomes a snapshot. */
export const MOST_ALERTS = 1000;
/** Alerts whose former units are remembered (the rest get a snapshot), so that a unit learns what was taken from it. */
const MOST_UNITS_NOTED = 10_000;

export class AlertFeed {
  readonly #alerts: WatchedAlerts;
  readonly #send: (room: string, message: AlertMessage) => void;
  readonly #audiences = new Map<string, Audience>();
  /** Alerts that are not over, as they were after the last change: who saw an alert before must learn how it went on. */
  readonly #known = new Map<string, Alert>();
  readonly #formerUnits = new Map<string, Set<string>>();
  /** Former units are known from this change on. */
  #unitsKnownFrom: number;
  #seq: number;
  #rooms = 0;

  constructor(alerts: WatchedAlerts, send: (room: string, message: AlertMessage) => void) {
    this.#alerts = alerts;
    this.#send = send;
    this.#seq = alerts.seq();
    this.#unitsKnownFrom = this.#seq;
    for (const alert of alerts.open({}, null)) this.#known.set(alert.id, alert);
  }

  /** Open alerts as of the last change. */
  known(): Iterable<Alert> {
    return this.#known.values();
  }

  join(units: readonly string[] | null, filter: AlertFilter): Audience {
    const narrowed = this.#audiences.size >= MOST_AUDIENCES ? {} : filter;
    const key = JSON.stringify([units === null ? null : [...units].sort(), Object.entries(narrowed).sort()]);
    let audience = this.#audiences.get(key);
    if (audience === undefined) {
      audience = this.#form(units, narrowed);
      this.#audiences.set(key, audience);
    }
    audience.members++;
    return audience;
  }

  leave(audience: Audience): void {
    if (--audience.members > 0) return;
    for (const [key, other] of this.#audiences) if (other === audience) this.#audiences.delete(key);
  }

  /** Sends each change to the audiences that see the alert now, or saw it before. */
  changes(changes: readonly AlertChange[]): void {
    for (const change of changes) {
      // A log replayed after a crash concludes again what was already told.
      if (change.seq <= this.#seq) continue;
      const before = this.#remember(change);
      this.#seq = change.seq;
      for (const audience of this.#audiences.values()) {
        const gone = change.kind === 'cancelled' || !audience.matches(change.alert);
        if (gone && !(before !== undefined && audience.matches(before))) continue;
        const message = { seq: change.seq, after: audience.last, kind: change.kind, alert: change.alert, gone };
        audience.last = change.seq;
        audience.lastMessage = message;
        this.#send(audience.room, message);
      }
    }
  }

  /** What a client that knows changes up to `since` has missed, or all that is open. */
  reply(audience: Audience, since: number | undefined, serverTime: string): WatchReply {
    const changes = since === undefined || this.#tooOld(since, audience) ? null : this.#alerts.changesSince(since);
    return (changes && this.#delta(audience, changes, serverTime)) ?? this.#snapshot(audience, serverTime);
  }

  #tooOld(since: number, { units }: Audience): boolean {
    // A greater number is of another life of the hub; before the start nobody recorded whose alerts moved.
    return since > this.#seq || (units !== null && since < this.#unitsKnownFrom);
  }

  #delta(audience: Audience, changes: readonly AlertChange[], serverTime: string): WatchReply | null {
    // Only the newest state of each, in the order of their newest changes.
    const newest = new Map<string, AlertChange>();
    for (const change of changes) {
      if (change.seq > this.#seq) break;
      newest.delete(change.alert.id);
      newest.set(change.alert.id, change);
    }
    if (newest.size > MOST_ALERTS) return null;
    const alerts: Alert[] = [];
    const gone: string[] = [];
    for (const { kind, alert } of newest.values()) {
      if (kind !== 'cancelled' && audience.matches(alert)) alerts.push(alert);
      else if (this.#mayHaveSeen(audience, alert)) gone.push(alert.id);
    }
    return { seq: this.#seq, serverTime, snapshot: false, alerts, gone, omitted: 0 };
  }

  #snapshot(audience: Audience, serverTime: string): WatchReply {
    const open = this.#alerts.open(audience.filter, audience.units);
    const alerts = open.length <= MOST_ALERTS ? open : [...open].sort(byWeight).slice(0, MOST_ALERTS);
    const omitted = open.length - alerts.length;
    return { seq: this.#seq, serverTime, snapshot: true, alerts: [...alerts], gone: [], omitted };
  }

  /** An id of another unit's alert is told to nobody who never saw it. */
  #mayHaveSeen({ units }: Audience, alert: Alert): boolean {
    if (units === null || units.includes(alert.unit)) return true;
    const former = this.#formerUnits.get(alert.id);
    return former !== undefined && units.some((unit) => former.has(unit));
  }

  #remember({ kind, alert, seq }: AlertChange): Alert | undefined {
    const before = this.#known.get(alert.id);
    const over = kind === 'cancelled' || alert.handling === 'closed';
    if (over) this.#known.delete(alert.id);
    else this.#known.set(alert.id, alert);
    // Of what is over nothing else is kept, and it may come back as another unit's.
    if (over || (before !== undefined && before.unit !== alert.unit)) {
      this.#noteUnit(alert.id, before?.unit ?? alert.unit, seq);
    }
    return before;
  }

  #noteUnit(id: string, unit: string, seq: number): void {
    const former = this.#formerUnits.get(id) ?? new Set();
    this.#formerUnits.delete(id);
    this.#formerUnits.set(id, former.add(unit));
    if (this.#formerUnits.size <= MOST_UNITS_NOTED) return;
    for (const oldest of this.#formerUnits.keys()) {
      this.#formerUnits.delete(oldest);
      break;
    }
    this.#unitsKnownFrom = seq;
  }

  #form(units: readonly string[] | null, filter: AlertFilter): Audience {
    const fits = alertMatcher(filter);
    const own = units === null ? null : new Set(units);
    const matches = own === null ? fits : (alert: Alert) => own.has(alert.unit) && fits(alert);
    const room = `alerts:${++this.#rooms}`;
    return { room, units, filter, matches, last: this.#seq, lastMessage: null, members: 0 };
  }
}

/** Worst first, then newest: what a cut snapshot must not lose. */
function byWeight(a: Alert, b: Alert): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.seq - a.seq;
}
