import type { Alert, AlertChange, AlertChangeKind, JournalledCommand } from '#contract/alert.ts';
import type { AlertFilter } from '#contract/live.ts';
import type { Page } from '#contract/primitives.ts';
import { MISSING_SUFFIX, type Verdict } from '#contract/verdict.ts';
import { type AlertState, newAlert } from './alert-state.ts';
import { ChangeRing } from './change-ring.ts';
import { executeCommand } from './command.ts';
import { CONDITION_AXIS } from './condition.ts';
import { compileFilter } from './filter.ts';
import { alertId } from './identity.ts';
import { QUALITY_AXIS } from './quality.ts';
import { renderAlert } from './render.ts';
import { Retention } from './retention.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

export interface BookOptions {
  /** Handled alerts that stay in memory. */
  readonly closed: number;
  /** Ended alerts nobody took in hand that stay open. */
  readonly waiting: number;
  /** For how long they stay open, ms. */
  readonly waitFor: number;
  /** Changes kept for `changesSince`. */
  readonly changes: number;
  /** Commands whose answer is remembered, so that a retry does nothing twice. */
  readonly commands: number;
  /** Alerts that started before may be in the database alone: a new book beside an old database starts here, ms. */
  readonly completeFrom: number;
}

export const BOOK_DEFAULTS: BookOptions = {
  closed: 5_000,
  waiting: 20_000,
  waitFor: 86_400_000,
  changes: 10_000,
  commands: 1_000,
  completeFrom: 0,
};

export type CommandAnswer =
  | { readonly change: AlertChange }
  | { readonly refused: { readonly code: 'not-found' | 'not-allowed-now'; readonly reason: string } };

/**
 * All alerts of the hub: a fold over verdicts, commands and the log clock. The only place where alerts change, and
 * where changes are numbered. Times going in are milliseconds since the Unix epoch.
 */
export class AlertBook {
  #seq = 0;
  #completeFrom: number;
  readonly #options: BookOptions;
  readonly #alerts = new Map<string, AlertState>();
  readonly #shelved = new Map<string, number>();
  readonly #retention: Retention;
  readonly #changes: ChangeRing;
  readonly #answers = new Map<string, CommandAnswer>();

  constructor(options: Partial<BookOptions> = {}) {
    this.#options = { ...BOOK_DEFAULTS, ...options };
    this.#completeFrom = this.#options.completeFrom;
    this.#retention = new Retention(this.#options);
    this.#changes = new ChangeRing(this.#options.changes);
  }

  /** Number of the last change. */
  get seq(): number {
    return this.#seq;
  }

  /** Every alert that started at or after this instant is in memory, ms since the Unix epoch. */
  get completeFrom(): number {
    return this.#completeFrom;
  }

  /** Takes the engine's verdicts in their order. */
  apply(verdicts: readonly Verdict[], at: number): AlertChange[] {
    const changes: AlertChange[] = [];
    for (const verdict of verdicts) {
      const change = this.#applyVerdict(verdict, at);
      if (change) changes.push(change);
    }
    if (verdicts.length > 0) this.#forget(at);
    return changes;
  }

  /** Carries out a command. The same command id again gives the same answer and changes nothing. */
  execute({ id, alert: alertId, actor, command }: JournalledCommand, at: number): CommandAnswer {
    const known = this.#answers.get(id);
    if (known) return known;
    const alert = this.#alerts.get(alertId);
    const answer = alert
      ? this.#answer(executeCommand(alert, command, { actor, at }), command.type, actor, at)
      : ({ refused: { code: 'not-found', reason: `no alert ${alertId} is open` } } as const);
    this.#remember(id, answer);
    this.#forget(at);
    return answer;
  }

  /** Lets the log clock end shelves. */
  advance(at: number): AlertChange[] {
    const ended = [...this.#shelved].filter(([, until]) => until <= at).sort(([, a], [, b]) => a - b);
    const changes = ended.map(([id]) =>
      this.#put({ ...this.#alerts.get(id)!, suppressed: null }, 'shelf-ended', null, null, at),
    );
    this.#forget(at);
    return changes;
  }

  /** The log clock at which {@link AlertBook.advance} has something to do; null when nothing. */
  nextTimer(): number | null {
    return this.#shelved.size === 0 ? null : Math.min(...this.#shelved.values());
  }

  get(id: string): Alert | null {
    const alert = this.#alerts.get(id);
    return alert ? renderAlert(alert) : null;
  }

  /** Alerts in memory, the latest start first. @throws RangeError for a filter or cursor that cannot be read. */
  list(filter: AlertFilter, units: readonly string[] | null, limit: number, cursor?: string): Page<Alert> {
    const after = cursor === undefined ? null : readCursor(cursor);
    const matches = compileFilter(filter, units);
    const found = [...this.#alerts.values()].filter((alert) => matches(alert) && (!after || order(after, alert) < 0));
    const items = found.sort(order).slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(renderAlert),
      nextCursor: last && found.length > limit ? writeCursor(last) : null,
    };
  }

  /** What still asks for somebody's eye: pending, firing, recovering, or ended and not yet handled. */
  open(filter: AlertFilter, units: readonly string[] | null): Alert[] {
    const matches = compileFilter(filter, units);
    return [...this.#alerts.values()]
      .filter((alert) => !this.#retention.isClosed(alert.id) && matches(alert))
      .sort(order)
      .map(renderAlert);
  }

  /** Changes after `seq`, oldest first; null when that is too long ago, or `seq` was never given. */
  changesSince(seq: number): AlertChange[] | null {
    return this.#changes.since(seq, this.#seq);
  }

  /** The changes of one alert that memory still has, oldest first. */
  changesOf(id: string): AlertChange[] {
    return this.#changes.of(id);
  }

  snapshot(): Uint8Array {
    return writeSnapshot({
      seq: this.#seq,
      completeFrom: this.#completeFrom,
      alerts: [...this.#alerts.values()],
      retention: this.#retention.save(),
      answers: [...this.#answers],
    });
  }

  /** @throws RangeError for bytes of another version. */
  static restore(bytes: Uint8Array, options: Partial<BookOptions> = {}): AlertBook {
    const saved = readSnapshot<CommandAnswer>(bytes);
    const book = new AlertBook(options);
    book.#seq = saved.seq;
    book.#completeFrom = saved.completeFrom;
    for (const alert of saved.alerts) book.#hold(alert);
    book.#retention.load(saved.retention);
    for (const [id, answer] of saved.answers) book.#answers.set(id, answer);
    return book;
  }

  #applyVerdict(verdict: Verdict, at: number): AlertChange | null {
    const id = alertId(verdict.template.rule, verdict.subject.seriesId, verdict.startsAt);
    const old = this.#alerts.get(id);
    if (!old) {
      if (verdict.kind !== 'pending' && verdict.kind !== 'fired') return null;
      return this.#put(newAlert(id, verdict), verdict.kind, null, null, at);
    }
    if (verdict.kind === 'missing' || verdict.kind === 'present') {
      const quality = QUALITY_AXIS[old.quality][verdict.kind];
      return quality === undefined ? null : this.#follow(old, { ...old, quality }, 'quality', at);
    }
    const judged = CONDITION_AXIS[old.judged][verdict.kind];
    return judged === undefined ? null : this.#follow(old, judgedAnew(old, judged, verdict), verdict.kind, at);
  }

  /** While a person's end stands, the engine's word is kept but changes nothing that is shown. */
  #follow(old: AlertState, next: AlertState, kind: AlertChangeKind, at: number): AlertChange | null {
    if (old.endedByPersonAt === null) return this.#put(next, kind, null, null, at);
    this.#hold(next);
    return null;
  }

  #answer(result: ReturnType<typeof executeCommand>, kind: AlertChangeKind, actor: string, at: number): CommandAnswer {
    if ('refused' in result) return { refused: { code: 'not-allowed-now', reason: result.refused } };
    return { change: this.#put(result.alert, kind, actor, result.note, at) };
  }

  #put(alert: AlertState, kind: AlertChangeKind, actor: string | null, note: string | null, at: number): AlertChange {
    const numbered = { ...alert, seq: ++this.#seq };
    const change: AlertChange = { seq: numbered.seq, at, kind, actor, note, alert: renderAlert(numbered) };
    this.#keep(numbered);
    this.#changes.push(change);
    return change;
  }

  #keep(alert: AlertState): void {
    if (alert.firedAt === null && alert.judged === 'resolved') {
      // It never fired: nobody was told, and nobody will look for it.
      this.#alerts.delete(alert.id);
      this.#shelved.delete(alert.id);
      return;
    }
    this.#hold(alert);
    this.#retention.place(alert);
  }

  #hold(alert: AlertState): void {
    this.#alerts.set(alert.id, alert);
    if (alert.suppressed) this.#shelved.set(alert.id, alert.suppressed.until);
    else this.#shelved.delete(alert.id);
  }

  #remember(id: string, answer: CommandAnswer): void {
    this.#answers.set(id, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#options.commands) break;
      this.#answers.delete(oldest);
    }
  }

  #forget(at: number): void {
    for (const id of this.#retention.sweep(at, (waiting) => this.#alerts.get(waiting)!.handling)) {
      this.#completeFrom = Math.max(this.#completeFrom, this.#alerts.get(id)!.startsAt + 1);
      this.#alerts.delete(id);
    }
  }
}

function judgedAnew(old: AlertState, judged: AlertState['judged'], verdict: Verdict): AlertState {
  const ended = judged === 'resolved';
  const next: AlertState = {
    ...old,
    judged,
    judgedEndsAt: ended ? verdict.at : null,
    firedAt: verdict.kind === 'fired' ? verdict.at : old.firedAt,
    value: verdict.value ?? old.value,
    suppressed: ended ? null : old.suppressed,
  };
  return ended && old.template.rule.endsWith(MISSING_SUFFIX) ? { ...next, quality: 'live' } : next;
}

/** Latest start first; the id decides between equal starts. */
function order(a: Pick<AlertState, 'startsAt' | 'id'>, b: Pick<AlertState, 'startsAt' | 'id'>): number {
  return b.startsAt - a.startsAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

const writeCursor = ({ startsAt, id }: AlertState) => Buffer.from(`${startsAt}|${id}`).toString('base64url');

function readCursor(cursor: string): { startsAt: number; id: string } {
  const [startsAt, id] = Buffer.from(cursor, 'base64url').toString().split('|');
  if (id === undefined || !Number.isFinite(Number(startsAt))) throw new RangeError('cursor is not one of this list');
  return { startsAt: Number(startsAt), id };
}
