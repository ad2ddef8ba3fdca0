import { IconLayer, ScatterplotLayer } from '@deck.gl/layers';
import type { LayerEvent } from '#contract/layer.ts';
import type { Position } from '#contract/series.ts';
import { rgba } from '../../elements/palette.ts';
import { CAMERA_ICON } from '../mark-atlas.ts';
import type { DrawStyle } from './draw-style.ts';
import { atlasImage } from './stations.ts';

/** An earthquake, or anything else that comes with a magnitude. */
export interface QuakeMark {
  readonly key: string;
  readonly position: Position;
  readonly magnitude: number;
  /** 1 now, falling to {@link FAINTEST} at the end of {@link REMEMBERED}. */
  readonly freshness: number;
}

/** A camera or another place that tells of happenings: one mark, however much it tells. */
export interface PlaceMark {
  readonly key: string;
  readonly position: Position;
}

/** Events stay on the map this long, ms. */
export const REMEMBERED = 3_600_000;
const FAINTEST = 0.25;
/** More rings than these hide one another. */
const MOST_QUAKES = 40;

/** The newest quakes of the last hour, the oldest first, so that the newest is drawn on top. */
export function quakeMarks(events: readonly LayerEvent[], now: number): readonly QuakeMark[] {
  return events
    .flatMap(({ id, position, magnitude, time }) => {
      const age = Math.max(0, now - time);
      if (position === null || magnitude === null || age > REMEMBERED) return [];
      return [{ key: id, position, magnitude, freshness: 1 - (1 - FAINTEST) * (age / REMEMBERED) }];
    })
    .sort((a, b) => a.freshness - b.freshness)
    .slice(-MOST_QUAKES);
}

/** Places of events without a magnitude, each once. */
export function placeMarks(events: readonly LayerEvent[]): readonly PlaceMark[] {
  const places = new Map<string, PlaceMark>();
  for (const { id, source, thing, position, magnitude } of events) {
    const key = thing === null ? id : `${source} ${thing}`;
    if (position !== null && magnitude === null && !places.has(key)) places.set(key, { key, position });
  }
  return [...places.values()];
}

/** Radius in rem; each magnitude is half as wide again, so a felt one stands out from the daily ones. */
export function quakeRadius(magnitude: number): number {
  return 0.16 * 1.5 ** Math.max(0, magnitude);
}

export function eventLayers(quakes: readonly QuakeMark[], places: readonly PlaceMark[], style: DrawStyle) {
  const { palette, atlas, rem } = style;
  return [
    new IconLayer<PlaceMark>({
      id: 'cameras',
      data: places,
      iconAtlas: atlasImage(atlas.image),
      iconMapping: atlas.mapping,
      getIcon: () => CAMERA_ICON,
      getPosition: (place) => place.position,
      sizeUnits: 'pixels',
      getSize: rem * 0.8,
      updateTriggers: { getSize: rem },
    }),
    new ScatterplotLayer<QuakeMark>({
      id: 'quakes',
      data: quakes,
      getPosition: (quake) => quake.position,
      filled: false,
      stroked: true,
      getLineColor: (quake) => rgba(palette.text1, Math.round(255 * quake.freshness)),
      lineWidthUnits: 'pixels',
      getLineWidth: rem * 0.06,
      radiusUnits: 'pixels',
      getRadius: (quake) => rem * quakeRadius(quake.magnitude),
      updateTriggers: { getRadius: rem, getLineWidth: rem },
    }),
  ];
}
