import type { AgeMessage, SourceHealth } from '#contract/live.ts';
import type { LinkStatus } from '../connection/hub-connection.ts';
import { Observable } from './observable.ts';

/** `unknown`: we do not hear from the hub, so nothing can be said. It is never shown as well. */
export type HealthLevel = 'good' | 'degraded' | 'bad' | 'unknown';

export interface SourceView extends SourceHealth {
  readonly level: HealthLevel;
  /** Milliseconds since the last sample by the hub's clock; null: none yet. */
  readonly age: number | null;
}

/** Without an `age` message for this long, ms, nothing known about sources counts any more: three are missing. */
export const AGE_EXPIRES = 6000;

/** Health of sources, hub and link. All judgements depend on the hub's clock, so ask anew each second. */
export class HealthStore extends Observable {
  #age: AgeMessage | null = null;
  #ageHeardAt = 0;
  #link: LinkStatus = { state: 'connecting', since: 0, heardAt: null, attempt: 0, reason: null, offset: null };

  get link(): LinkStatus {
    return this.#link;
  }

  /** Parts of the hub that do not work, in the hub's words. */
  get degraded(): AgeMessage['degraded'] {
    return this.#age?.degraded ?? [];
  }

  /** Evaluation storage: the screens say so all the time. */
  get evaluation(): boolean {
    return this.#age?.evaluation ?? false;
  }

  applyLink(link: LinkStatus): void {
    this.#link = link;
    this.changed();
  }

  applyAge(age: AgeMessage, serverNow: number): void {
    this.#age = age;
    this.#ageHeardAt = serverNow;
    this.changed();
  }

  /** Sources with their level as of `serverNow`, the worst first, then by name. */
  sources(serverNow: number): readonly SourceView[] {
    const heard = this.#heard(serverNow);
    return (this.#age?.sources ?? [])
      .map((source) => viewSource(source, serverNow, heard))
      .sort((a, b) => RANK[a.level] - RANK[b.level] || a.name.localeCompare(b.name, 'vi'));
  }

  /** The one word for the whole: the worst of link, hub and sources. */
  overall(serverNow: number): HealthLevel {
    if (!this.#heard(serverNow)) return 'unknown';
    const levels = this.sources(serverNow).map((source) => source.level);
    if (this.degraded.length > 0) levels.push('degraded');
    return worstLevel(levels);
  }

  #heard(serverNow: number): boolean {
    return this.#link.state === 'live' && this.#age !== null && serverNow - this.#ageHeardAt <= AGE_EXPIRES;
  }
}

const RANK: Readonly<Record<HealthLevel, number>> = { unknown: 0, bad: 1, degraded: 2, good: 3 };

/** `good` only when there is nothing worse. */
export function worstLevel(levels: readonly HealthLevel[]): HealthLevel {
  let worst: HealthLevel = 'good';
  for (const level of levels) if (RANK[level] < RANK[worst]) worst = level;
  return worst;
}

/** A source is `bad` when its link is down or its data are stale, `unknown` before its first sample. */
export function viewSource(source: SourceHealth, serverNow: number, heard: boolean): SourceView {
  const age = source.lastSampleAt === null ? null : Math.max(0, serverNow - Date.parse(source.lastSampleAt));
  return { ...source, age, level: levelOf(source, age, heard) };
}

function levelOf(source: SourceHealth, age: number | null, heard: boolean): HealthLevel {
  if (!heard) return 'unknown';
  if (source.link === 'down' || source.stale) return 'bad';
  if (age === null) return 'unknown';
  // The hub judged staleness when it spoke; since then time went on.
  return age > source.staleAfter * 1000 ? 'bad' : 'good';
}
