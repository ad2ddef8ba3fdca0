import { TextLayer } from '@deck.gl/layers';
import type { Position } from '#contract/series.ts';
import { FONT_FAMILY } from '../../elements/fonts.ts';
import { rgba } from '../../elements/palette.ts';
import { type LabelSide, placeLabels, wrapWords } from '../label-placement.ts';
import type { StationMark } from '../station-marks.ts';
import type { DrawStyle } from './draw-style.ts';

/** A text beside a mark, with the side it was given. */
export interface MapLabel {
  readonly text: string;
  readonly position: Position;
  readonly side: LabelSide;
}

/** How the map lies at the moment; injected, so that placing labels needs no browser. */
export interface LabelView {
  readonly width: number;
  readonly height: number;
  readonly rem: number;
  project(position: Position): { readonly x: number; readonly y: number };
  /** Width in pixels of a line at 1 rem, 600. */
  measure(line: string): number;
}

const LINE_HEIGHT = 1.25;
const PADDING = 0.18;
const GAP = 0.85;
const LONGEST_LINE = 18;
/** More names than these nobody reads at a glance; the list has the others. */
const MOST = 9;

/** Labels of abnormal stations, the worst first, where they fit. */
export function labelAbnormal(marks: readonly StationMark[], view: LabelView): readonly MapLabel[] {
  // Marks come with the worst last, to be drawn on top.
  const wanted = marks
    .filter((mark) => mark.severity !== null && mark.form !== 'ended')
    .reverse()
    .slice(0, MOST);
  const texts = wanted.map((mark) => [
    ...wrapWords(mark.name, LONGEST_LINE),
    ...(mark.value === '' ? [] : [mark.value]),
  ]);
  const wishes = wanted.map((mark, index) => {
    const lines = texts[index] ?? [];
    const { x, y } = view.project(mark.position);
    const width = Math.max(0, ...lines.map((line) => view.measure(line))) + 2 * PADDING * view.rem;
    return { x, y, width, height: (lines.length * LINE_HEIGHT + 2 * PADDING) * view.rem };
  });
  const sides = placeLabels(wishes, view, GAP * view.rem);
  return wanted.flatMap((mark, index) => {
    const side = sides[index];
    return side ? [{ text: (texts[index] ?? []).join('\n'), position: mark.position, side }] : [];
  });
}

const ANCHOR = { right: 'start', left: 'end', above: 'middle', below: 'middle' } as const;
const BASELINE = { right: 'center', left: 'center', above: 'bottom', below: 'top' } as const;
const DIRECTION = { right: [1, 0], left: [-1, 0], above: [0, -1], below: [0, 1] } as const;

export function labelLayers(labels: readonly MapLabel[], { palette, rem }: DrawStyle) {
  return [
    new TextLayer<MapLabel>({
      id: 'labels',
      data: labels,
      getText: (label) => label.text,
      getPosition: (label) => label.position,
      getTextAnchor: (label) => ANCHOR[label.side],
      getAlignmentBaseline: (label) => BASELINE[label.side],
      getPixelOffset: (label) => [
        DIRECTION[label.side][0] * (GAP + PADDING) * rem,
        DIRECTION[label.side][1] * (GAP + PADDING) * rem,
      ],
      fontFamily: FONT_FAMILY,
      fontWeight: 600,
      characterSet: 'auto',
      fontSettings: { fontSize: 96, buffer: 8 },
      lineHeight: LINE_HEIGHT,
      sizeUnits: 'pixels',
      getSize: rem,
      getColor: rgba(palette.text0),
      background: true,
      getBackgroundColor: rgba(palette.bg1, 225),
      backgroundPadding: [rem * PADDING, rem * PADDING * 0.6],
      updateTriggers: { getSize: rem, getPixelOffset: rem },
    }),
  ];
}
