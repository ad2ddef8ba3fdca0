import { IconLayer, type IconLayerProps, ScatterplotLayer } from '@deck.gl/layers';
import type { Severity } from '#contract/names.ts';
import { rgba } from '../../elements/palette.ts';
import { markIcon, STALE_ICON } from '../mark-atlas.ts';
import type { StationMark } from '../station-marks.ts';
import type { DrawStyle } from './draw-style.ts';

/** Sizes in rem: a normal station is there when looked for, an abnormal one when not. */
const NORMAL_RADIUS = 0.12;
const STALE_SIZE = 0.62;
const ALERT_SIZE: Readonly<Record<Severity, number>> = {
  critical: 1.5,
  major: 1.35,
  minor: 1.2,
  warning: 1.1,
  info: 1,
};

const ENDED_SHARE = 0.7;

/** deck.gl's types know an atlas by address only; it takes a canvas just as well (`type: 'image'`). */
export const atlasImage = (image: HTMLCanvasElement) => image as unknown as NonNullable<IconLayerProps['iconAtlas']>;

/** Stations: small quiet dots; hatched rings where data stopped; shape and colour where something is wrong. */
export function stationLayers(marks: readonly StationMark[], { palette, atlas, rem }: DrawStyle) {
  const normal = marks.filter((mark) => mark.severity === null && !mark.stale);
  const stale = marks.filter((mark) => mark.severity === null && mark.stale);
  const abnormal = marks.filter((mark) => mark.severity !== null);
  return [
    new ScatterplotLayer<StationMark>({
      id: 'stations-normal',
      data: normal,
      getPosition: (mark) => mark.position,
      getFillColor: rgba(palette.text2, 220),
      getLineColor: rgba(palette.bg0, 160),
      stroked: true,
      lineWidthUnits: 'pixels',
      getLineWidth: rem * 0.04,
      radiusUnits: 'pixels',
      getRadius: rem * NORMAL_RADIUS,
      updateTriggers: { getRadius: rem, getLineWidth: rem },
    }),
    new IconLayer<StationMark>({
      id: 'stations-stale',
      data: stale,
      iconAtlas: atlasImage(atlas.image),
      iconMapping: atlas.mapping,
      getIcon: () => STALE_ICON,
      getPosition: (mark) => mark.position,
      sizeUnits: 'pixels',
      getSize: rem * STALE_SIZE,
      updateTriggers: { getSize: rem },
    }),
    new IconLayer<StationMark>({
      id: 'stations-abnormal',
      data: abnormal,
      iconAtlas: atlasImage(atlas.image),
      iconMapping: atlas.mapping,
      getIcon: (mark) => markIcon(mark.severity ?? 'info', mark.form),
      getPosition: (mark) => mark.position,
      sizeUnits: 'pixels',
      getSize: (mark) => rem * ALERT_SIZE[mark.severity ?? 'info'] * (mark.form === 'ended' ? ENDED_SHARE : 1),
      // What is over steps back behind what goes on.
      getColor: (mark) => [255, 255, 255, mark.form === 'ended' ? 150 : 255],
      updateTriggers: { getSize: rem },
    }),
  ];
}
