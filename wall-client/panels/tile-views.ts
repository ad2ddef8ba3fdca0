import type { Alert } from '#contract/alert.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { Bilingual } from '#contract/primitives.ts';
import type { TileSelect, TileThreshold, WallTile } from '#contract/wall.ts';
import { isActive } from '../state/alert-store.ts';
import type { Layer, SeriesPlace } from '../state/layer-store.ts';

/** What a key figure shows, worked out from the stores; pictures and words are the panel's. Times in ms. */
export type TileView = SeriesTile | StationsTile | AlertsTile;

export interface SeriesTile {
  readonly kind: 'series';
  readonly key: string;
  readonly title: Bilingual;
  readonly decimals: number | undefined;
  readonly threshold: TileThreshold | null;
  readonly span: number;
  /** Null while no series matches. */
  readonly reading: SeriesReading | null;
}

export interface SeriesReading {
  readonly seriesId: string;
  readonly place: string;
  readonly uom: string | null;
  readonly value: number;
  readonly time: number;
  readonly staleAfter: number;
  readonly severity: Severity | null;
  readonly stale: boolean;
}

export interface StationsTile {
  readonly kind: 'stations';
  readonly key: string;
  readonly title: Bilingual;
  readonly reporting: number;
  readonly total: number;
}

export interface AlertsTile {
  readonly kind: 'alerts';
  readonly key: string;
  readonly title: Bilingual;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly open: number;
  readonly unacknowledged: number;
}

export interface TileSources {
  readonly layers: readonly Layer[];
  readonly alerts: readonly Alert[];
  /** Tile key → series shown until now: it stays while nothing is worse, so that a tile does not flicker. */
  readonly shown: ReadonlyMap<string, string>;
}

export function tileViews(tiles: readonly WallTile[], sources: TileSources): readonly TileView[] {
  return tiles.map((tile, index) => tileView(tile, `tile-${index}`, sources));
}

function tileView(tile: WallTile, key: string, sources: TileSources): TileView {
  if (tile.kind === 'stations') return { kind: 'stations', key, title: tile.title, ...countStations(sources.layers) };
  if (tile.kind === 'alerts') return { kind: 'alerts', key, title: tile.title, ...countAlerts(sources.alerts) };
  const threshold = tile.threshold ?? null;
  return {
    kind: 'series',
    key,
    title: tile.title,
    decimals: tile.decimals,
    threshold,
    span: parseSpan(tile.span),
    reading: pickReading(
      readings(tile.select, sources.layers),
      threshold,
      tile.select.rank ?? 0,
      sources.shown.get(key),
    ),
  };
}

/** Things that measure, each once, and how many of them still do. */
export function countStations(layers: readonly Layer[]): { reporting: number; total: number } {
  const fresh = new Map<string, boolean>();
  for (const layer of layers) {
    for (const thing of layer.things) {
      if (thing.series.length === 0) continue;
      const key = `${thing.source} ${thing.thing}`;
      fresh.set(key, fresh.get(key) === true || !layer.worst(thing).stale);
    }
  }
  return { total: fresh.size, reporting: [...fresh.values()].filter(Boolean).length };
}

function countAlerts(alerts: readonly Alert[]): Pick<AlertsTile, 'counts' | 'open' | 'unacknowledged'> {
  const counts: Record<Severity, number> = { critical: 0, major: 0, minor: 0, warning: 0, info: 0 };
  let open = 0;
  let unacknowledged = 0;
  for (const alert of alerts) {
    if (!isActive(alert) || alert.suppressed !== null) continue;
    counts[alert.severity]++;
    open++;
    if (alert.handling === 'new') unacknowledged++;
  }
  return { counts, open, unacknowledged };
}

function readings(select: TileSelect, layers: readonly Layer[]): SeriesReading[] {
  const found = new Map<string, SeriesReading>();
  for (const layer of layers) {
    for (const thing of layer.things) {
      if (select.source !== undefined && thing.source !== select.source) continue;
      if (select.thing !== undefined && thing.thing !== select.thing) continue;
      for (const series of thing.series) {
        if (series.quantity !== select.quantity || found.has(series.id)) continue;
        const reading = readingOf(layer, { thing, series });
        if (reading) found.set(series.id, reading);
      }
    }
  }
  return [...found.values()];
}

function readingOf(layer: Layer, { thing, series }: SeriesPlace): SeriesReading | null {
  const latest = layer.latest(series.number);
  if (latest === null) return null;
  const { id, uom, staleAfter } = series;
  return { seriesId: id, place: thing.name, uom, staleAfter, ...latest };
}

/**
 * The reading a tile shows: worst alert first, fresh before stale, then nearest to or farthest past the threshold. The
 * one shown until now stays as long as no other has a worse alert.
 */
export function pickReading(
  candidates: readonly SeriesReading[],
  threshold: TileThreshold | null,
  rank: number,
  shown: string | undefined,
): SeriesReading | null {
  const ordered = [...candidates].sort((a, b) => compareReadings(a, b, threshold));
  const best = ordered[rank] ?? null;
  const current = ordered.find((reading) => reading.seriesId === shown);
  if (best === null || current === undefined) return best;
  return level(current) >= level(best) && (!current.stale || best.stale) ? current : best;
}

function compareReadings(a: SeriesReading, b: SeriesReading, threshold: TileThreshold | null): number {
  const byAlert = level(b) - level(a);
  if (byAlert !== 0) return byAlert;
  if (a.stale !== b.stale) return a.stale ? 1 : -1;
  if (threshold !== null && a.value !== b.value) {
    return threshold.op.startsWith('<') ? a.value - b.value : b.value - a.value;
  }
  return a.place.localeCompare(b.place, 'vi');
}

const level = ({ severity }: SeriesReading) =>
  severity === null ? 0 : SEVERITIES.length - SEVERITIES.indexOf(severity);

const SPAN_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a contract `Duration`, such as `1h30m`. */
export function parseSpan(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(count) * (SPAN_UNITS[unit ?? ''] ?? 0);
  }
  return total;
}

/** What {@link standardTiles} needs words for. */
export interface StandardTitles {
  readonly quantity: (quantity: string) => Bilingual;
  readonly stations: Bilingual;
  readonly alerts: Bilingual;
}

/** Tiles for a wall that names none: the quantities there are, then stations and alerts. */
export function standardTiles(layers: readonly Layer[], titles: StandardTitles): WallTile[] {
  const quantities = new Set<string>();
  for (const layer of layers) {
    for (const thing of layer.things) for (const series of thing.series) quantities.add(series.quantity);
  }
  const series = [...quantities]
    .slice(0, 4)
    .map(
      (quantity): WallTile => ({ kind: 'series', title: titles.quantity(quantity), select: { quantity }, span: '1h' }),
    );
  return [...series, { kind: 'stations', title: titles.stations }, { kind: 'alerts', title: titles.alerts }];
}
