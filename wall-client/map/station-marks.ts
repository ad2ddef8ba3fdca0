import type { Alert } from '#contract/alert.ts';
import type { LayerThing } from '#contract/layer.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { Position } from '#contract/series.ts';
import { type ShapeForm, shapeForm } from '../elements/severity-shape.ts';
import { formatValue } from '../i18n/format.ts';
import { inLanguage } from '../i18n/language.ts';
import { endedUnseen, isActive } from '../state/alert-store.ts';
import type { Layer } from '../state/layer-store.ts';

/** One station, or one alert without a station, as the map draws it. */
export interface StationMark {
  readonly key: string;
  readonly name: string;
  readonly position: Position;
  /** Worst alert on it; null: normal, and then without colour. */
  readonly severity: Severity | null;
  readonly form: ShapeForm;
  /** What it last said is no longer the present. */
  readonly stale: boolean;
  /** Figure with unit of measure; empty for normal ones, which show none. */
  readonly value: string;
}

/** What is shown as an alert on the map: fired and going on, or ended before anyone saw it; not what was shelved. */
function alertsOnMap(alerts: readonly Alert[]): readonly Alert[] {
  return alerts.filter((alert) => alert.suppressed === null && (isActive(alert) || endedUnseen(alert)));
}

/**
 * Marks of all things of the layers and of alerts that belong to none of them. Normal ones first, then by severity, so
 * that the worst is drawn on top.
 */
export function stationMarks(layers: readonly Layer[], alerts: readonly Alert[]): readonly StationMark[] {
  const shown = alertsOnMap(alerts);
  const bySeries = new Map<string, Alert>();
  // Worst first in the store, so the first alert of a series is the one to show.
  for (const alert of shown)
    if (alert.series !== null && !bySeries.has(alert.series)) bySeries.set(alert.series, alert);
  const marks: StationMark[] = [];
  const drawn = new Set<string>();
  for (const layer of layers) {
    for (const thing of layer.things) {
      if (thing.position === null || thing.series.length === 0) continue;
      const alert = worstAlert(thing, bySeries);
      if (alert) drawn.add(alert.id);
      marks.push(markOf(layer, thing, thing.position, alert));
    }
  }
  for (const alert of shown) {
    const known = drawn.has(alert.id) || (alert.series !== null && bySeries.get(alert.series) !== alert);
    if (alert.location !== null && !known) marks.push(markOfAlert(alert, alert.location.coordinates));
  }
  return marks.sort((a, b) => rank(a) - rank(b));
}

function worstAlert(thing: LayerThing, bySeries: ReadonlyMap<string, Alert>): Alert | null {
  let worst: Alert | null = null;
  for (const { id } of thing.series) {
    const alert = bySeries.get(id);
    if (alert && (worst === null || level(alert.severity) > level(worst.severity))) worst = alert;
  }
  return worst;
}

function markOf(layer: Layer, thing: LayerThing, position: Position, alert: Alert | null): StationMark {
  const base = { key: `${thing.source} ${thing.thing}`, name: thing.name, position };
  const state = layer.worst(thing);
  if (alert === null) {
    const { severity } = state;
    return {
      ...base,
      severity,
      form: 'unverified',
      stale: state.stale,
      value: severity ? firstValue(layer, thing) : '',
    };
  }
  const series = thing.series.find(({ id }) => id === alert.series);
  const latest = series ? layer.latest(series.number) : null;
  const value = latest && series ? formatValue(latest.value, series.uom) : valueOfAlert(alert);
  const form = shapeForm(alert.authenticity, endedUnseen(alert));
  return { ...base, severity: alert.severity, form, stale: latest?.stale ?? state.stale, value };
}

/** The series that has the alert says the figure, also when the alert itself is not known here. */
function firstValue(layer: Layer, thing: LayerThing): string {
  for (const { number, uom } of thing.series) {
    const latest = layer.latest(number);
    if (latest !== null && latest.severity !== null) return formatValue(latest.value, uom);
  }
  return '';
}

function markOfAlert(alert: Alert, position: Position): StationMark {
  return {
    key: alert.id,
    name: alert.thing ?? inLanguage(alert.title),
    position,
    severity: alert.severity,
    form: shapeForm(alert.authenticity, endedUnseen(alert)),
    stale: alert.quality === 'missing',
    value: valueOfAlert(alert),
  };
}

const valueOfAlert = (alert: Alert) => (alert.value === null ? '' : formatValue(alert.value, alert.uom));

/** 5 critical … 1 info. */
function level(severity: Severity): number {
  return SEVERITIES.length - SEVERITIES.indexOf(severity);
}

/** What has ended lies below what goes on. */
function rank(mark: StationMark): number {
  if (mark.severity === null) return mark.stale ? 0.5 : 0;
  return level(mark.severity) - (mark.form === 'ended' ? 0.5 : 0);
}
