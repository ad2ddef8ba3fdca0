import type { Page } from '#contract/primitives.ts';
import type { SamplePoint } from '#contract/series.ts';
import type { HubHttp } from '../connection/http.ts';
import { type HistoryPoint, SeriesHistory } from '../state/series-history.ts';

/** Points across a sparkline: more than its pixels nobody sees. */
const POINTS = 240;
/** Histories kept; the one not asked for the longest goes first. A wall shows six at a time. */
const KEPT = 24;
/** Milliseconds until a history that could not be fetched is asked for again. */
const RETRY_AFTER = 30_000;

/** Milliseconds unseen after which live values are missing from a history, and it is fetched once more. */
const MISSED_AFTER = 5000;

interface Kept {
  readonly history: SeriesHistory;
  askedAt: number;
  seenAt: number;
  filled: boolean;
}

/** Histories of the series that are shown: fetched once each, continued by what comes live. */
export class HistoryKeeper {
  readonly #http: Pick<HubHttp, 'get'>;
  readonly #kept = new Map<string, Kept>();
  readonly #changed: () => void;

  /** @param changed called when a fetched history arrived */
  constructor(http: Pick<HubHttp, 'get'>, changed: () => void) {
    this.#http = http;
    this.#changed = changed;
  }

  /** The points of a series up to now, with the live value in them; starts fetching what lies before. */
  points(seriesId: string, span: number, live: HistoryPoint, now: number): readonly HistoryPoint[] {
    const kept = this.#kept.get(seriesId) ?? fresh(span, now);
    if (now - kept.seenAt > MISSED_AFTER) kept.filled = false;
    kept.seenAt = now;
    // Set anew, so that the map's order is the order of use.
    this.#kept.delete(seriesId);
    this.#kept.set(seriesId, kept);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
    kept.history.push(live.time, live.value);
    if (!kept.filled && now - kept.askedAt > RETRY_AFTER) this.#fetch(seriesId, span, kept, now);
    return kept.history.points;
  }

  #fetch(seriesId: string, span: number, kept: Kept, now: number): void {
    kept.askedAt = now;
    const query = {
      from: new Date(now - span).toISOString(),
      to: new Date(now).toISOString(),
      bucket: `${Math.max(1, Math.round(span / POINTS / 1000))}s`,
      fn: 'avg',
      limit: POINTS * 2,
    };
    this.#http.get<Page<SamplePoint>>(`/series/${seriesId}/samples`, query).then(
      ({ items }) => {
        kept.filled = true;
        kept.history.fill(items);
        this.#changed();
      },
      // The sparkline goes on from live values; it is asked again after a while.
      () => {},
    );
  }
}

function fresh(span: number, now: number): Kept {
  return { history: new SeriesHistory(span), askedAt: Number.NEGATIVE_INFINITY, seenAt: now, filled: false };
}
