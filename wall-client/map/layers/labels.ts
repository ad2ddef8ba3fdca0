import { TextLayer } from '@deck.gl/layers';
import type { Position } from '#contract/series.ts';
import { FONT_FAMILY } from '../../elements/fonts.ts';
import { rgba } from '../../elements/palette.ts';
import { type Box, boxAt, breakName, type LabelSide, placeLabels } from '../label-placement.ts';
import type { StationMark } from '../station-marks.ts';
import type { DrawStyle } from './draw-style.ts';

/** One line of a label: where it begins, in pixels from the mark. */
export interface LabelLine {
  readonly text: string;
  /** The figure; names are quieter, for the list beside the map has them in full size. */
  readonly strong: boolean;
  readonly position: Position;
  readonly offset: readonly [x: number, y: number];
  readonly anchor: 'start' | 'middle' | 'end';
}

/** How the map lies at the moment; injected, so that placing labels needs no browser. */
export interface LabelView {
  readonly width: number;
  readonly height: number;
  readonly rem: number;
  project(position: Position): { readonly x: number; readonly y: number };
  /** Where no label may lie, pixels. */
  readonly taken: readonly Box[];
  /** Width in pixels of a line at a size in pixels. */
  measure(line: string, size: number, weight: 400 | 600): number;
}

/** Sizes in rem. */
const NAME_SIZE = 0.78;
const VALUE_SIZE = 1;
const LINE_HEIGHT = 1.2;
const GAP = 0.8;
const LONGEST_LINE = 20;
/** More names than these nobody reads at a glance; the list has the others. */
const MOST = 9;

interface Line {
  readonly text: string;
  readonly strong: boolean;
  readonly height: number;
}

/** Labels of abnormal stations, the worst first, where they fit; name above figure. */
export function labelAbnormal(marks: readonly StationMark[], view: LabelView): readonly LabelLine[] {
  // Marks come with the worst last, to be drawn on top.
  const wanted = marks
    .filter((mark) => mark.severity !== null && mark.form !== 'ended')
    .reverse()
    .slice(0, MOST);
  const texts = wanted.map((mark) => linesOf(mark, view.rem));
  const wishes = wanted.map((mark, index) => ({ ...view.project(mark.position), ...extent(texts[index] ?? [], view) }));
  const gap = GAP * view.rem;
  const unnamed = marks.filter((mark) => mark.severity !== null && !wanted.includes(mark));
  const taken = [...view.taken, ...unnamed.map((mark) => around(view.project(mark.position), gap * 0.6))];
  const sides = placeLabels(wishes, view, gap, taken);
  return wanted.flatMap((mark, index) => {
    const side = sides[index];
    const wish = wishes[index];
    if (!side || !wish) return [];
    const { top } = boxAt({ ...wish, x: 0, y: 0 }, side, gap);
    return place(texts[index] ?? [], mark.position, side, gap, top);
  });
}

function around({ x, y }: { readonly x: number; readonly y: number }, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

function linesOf(mark: StationMark, rem: number): readonly Line[] {
  const line = (text: string, strong: boolean, size: number) => ({ text, strong, height: size * LINE_HEIGHT * rem });
  const names = breakName(mark.name, LONGEST_LINE).map((text) => line(text, false, NAME_SIZE));
  return mark.value === '' ? names : [...names, line(mark.value, true, VALUE_SIZE)];
}

function extent(lines: readonly Line[], view: LabelView): { width: number; height: number } {
  const width = ({ text, strong }: Line) =>
    view.measure(text, (strong ? VALUE_SIZE : NAME_SIZE) * view.rem, strong ? 600 : 400);
  return {
    width: Math.max(0, ...lines.map(width)),
    height: lines.reduce((sum, line) => sum + line.height, 0),
  };
}

function place(
  lines: readonly Line[],
  position: Position,
  side: LabelSide,
  gap: number,
  top: number,
): readonly LabelLine[] {
  const [x, anchor] = horizontal(side, gap);
  let y = top;
  return lines.map(({ text, strong, height }) => {
    const middle = y + height / 2;
    y += height;
    return { text, strong, position, offset: [x, middle], anchor };
  });
}

function horizontal(side: LabelSide, gap: number): readonly [number, LabelLine['anchor']] {
  if (side.endsWith('right')) return [gap, 'start'];
  return side.endsWith('left') ? [-gap, 'end'] : [0, 'middle'];
}

export function labelLayers(lines: readonly LabelLine[], style: DrawStyle) {
  return [textLayer('names', lines, false, style), textLayer('figures', lines, true, style)].flat();
}

/** A weight is a font atlas of its own, and so a layer of its own. */
function textLayer(id: string, lines: readonly LabelLine[], strong: boolean, { palette, rem }: DrawStyle) {
  const data = lines.filter((line) => line.strong === strong);
  // Without a letter to draw deck.gl makes an empty atlas, and WebGL complains.
  if (data.length === 0) return [];
  const layer = new TextLayer<LabelLine>({
    id: `labels-${id}`,
    data,
    getText: (line) => line.text,
    getPosition: (line) => line.position,
    getTextAnchor: (line) => line.anchor,
    getAlignmentBaseline: 'center',
    getPixelOffset: (line) => [...line.offset] as [number, number],
    fontFamily: FONT_FAMILY,
    fontWeight: strong ? 600 : 400,
    characterSet: 'auto',
    // Distance fields carry the rim that keeps letters legible over anything.
    fontSettings: { sdf: true, fontSize: 80, buffer: 14, radius: 16, cutoff: 0.22 },
    outlineWidth: 5,
    outlineColor: rgba(palette.bg0),
    background: true,
    getBackgroundColor: rgba(palette.map.province, 205),
    backgroundPadding: [rem * 0.12, 0],
    sizeUnits: 'pixels',
    getSize: (strong ? VALUE_SIZE : NAME_SIZE) * rem,
    getColor: rgba(palette.text0),
    updateTriggers: { getSize: rem },
  });
  return [layer];
}
