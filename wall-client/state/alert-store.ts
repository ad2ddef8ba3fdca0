import type { Alert } from '#contract/alert.ts';
import { alertMatcher } from '#contract/alert-filter.ts';
import type { AlertFilter } from '#contract/live.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { AlertBatch } from '../connection/hub-connection.ts';
import { Observable } from './observable.ts';

/**
 * The alerts this page may see, by id. What is shown is derived and cached: the same array until something changed.
 * A resolved alert stays until somebody acknowledged it: what nobody saw must not vanish by itself.
 */
export class AlertStore extends Observable {
  readonly #byId = new Map<string, Alert>();
  #seq = 0;
  #omitted = 0;
  #all: readonly Alert[] | null = null;
  #counts: Readonly<Record<Severity, number>> | null = null;

  /** Number of the newest change known. */
  get seq(): number {
    return this.#seq;
  }

  /** Open alerts the hub left out of its snapshot for their number; say so on the screen. */
  get omitted(): number {
    return this.#omitted;
  }

  /** All, as {@link byUrgency} orders them. Pending ones are among them: they have not fired. */
  get all(): readonly Alert[] {
    this.#all ??= [...this.#byId.values()].sort(byUrgency);
    return this.#all;
  }

  /** Fired and not resolved, by severity, shelved ones not counted. */
  get counts(): Readonly<Record<Severity, number>> {
    this.#counts ??= countActive(this.#byId.values());
    return this.#counts;
  }

  get(id: string): Alert | undefined {
    return this.#byId.get(id);
  }

  /** Those that match, in the order of `all`. */
  matching(filter: AlertFilter): readonly Alert[] {
    return this.all.filter(alertMatcher(filter));
  }

  /** Takes a batch of the connection. An alert older than the one known is ignored. */
  apply(batch: AlertBatch): void {
    if (batch.snapshot) this.#byId.clear();
    for (const id of batch.gone) this.#byId.delete(id);
    for (const alert of batch.alerts) this.#put(alert);
    if (batch.snapshot) this.#omitted = batch.omitted;
    this.#seq = batch.snapshot ? batch.seq : Math.max(this.#seq, batch.seq);
    this.#touch();
  }

  /** Takes the answer to a command, which may come before the live change does. */
  put(alert: Alert): void {
    if (this.#put(alert)) this.#touch();
  }

  #put(alert: Alert): boolean {
    const known = this.#byId.get(alert.id);
    if (known && known.seq > alert.seq) return false;
    if (isOver(alert)) return this.#byId.delete(alert.id);
    this.#byId.set(alert.id, alert);
    return true;
  }

  #touch(): void {
    this.#all = null;
    this.#counts = null;
    this.changed();
  }
}

/** Nothing is left to do or to see: closed, or resolved after somebody had taken it in hand. */
export function isOver(alert: Alert): boolean {
  if (alert.handling === 'closed') return true;
  return alert.condition === 'resolved' && alert.handling !== 'new';
}

/** Ended before anyone acknowledged it: drawn outlined until somebody does. */
export function endedUnseen(alert: Alert): boolean {
  return alert.condition === 'resolved' && alert.handling === 'new';
}

/** Fired and not over: what colours, counts and sounds go by. */
export function isActive(alert: Alert): boolean {
  return (alert.condition === 'firing' || alert.condition === 'recovering') && alert.handling !== 'closed';
}

/**
 * What still goes on before what has ended, seen or not, since only the former can get worse; then worst severity first, then the one
 * that began first, then by id so that equal ones never swap places.
 */
export function byUrgency(a: Alert, b: Alert): number {
  const ended = Number(hasEnded(a)) - Number(hasEnded(b));
  if (ended !== 0) return ended;
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (severity !== 0) return severity;
  const start = Date.parse(a.startsAt) - Date.parse(b.startsAt);
  if (start !== 0) return start;
  return a.id < b.id ? -1 : 1;
}

const hasEnded = (alert: Alert) => alert.condition === 'resolved' || alert.handling === 'closed';

function countActive(alerts: Iterable<Alert>): Record<Severity, number> {
  const counts = { critical: 0, major: 0, minor: 0, warning: 0, info: 0 };
  for (const alert of alerts) if (isActive(alert) && alert.suppressed === null) counts[alert.severity]++;
  return counts;
}
