/** A label that wants a place beside its mark. Pixels, from the map's upper left corner. */
export interface LabelWish {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type LabelSide =
  | 'right'
  | 'left'
  | 'above'
  | 'below'
  | 'above-right'
  | 'below-right'
  | 'above-left'
  | 'below-left';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** In order of preference: beside is read more easily than above, and a corner is the last resort. */
const SIDES: readonly LabelSide[] = [
  'right',
  'left',
  'above-right',
  'below-right',
  'above-left',
  'below-left',
  'above',
  'below',
];
/** Room between two labels, as a share of the gap: without it two names read as one. */
const BETWEEN = 0.3;

/**
 * Finds a side for each label, the most important first, so that none covers another, a mark or the map's edge. One
 * that finds no room gets null: its mark stays, and the list beside the map has its name.
 * @param gap pixels between the mark's centre and its label
 * @param taken places that are not free, such as the legend
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  size: { readonly width: number; readonly height: number },
  gap: number,
  taken: readonly Box[] = [],
): readonly (LabelSide | null)[] {
  const marks = wishes.map((wish) => around(wish.x, wish.y, gap * 0.7));
  const occupied: Box[] = [...taken];
  return wishes.map((wish, own) => {
    for (const side of SIDES) {
      const box = boxAt(wish, side, gap);
      if (box.left < 0 || box.top < 0 || box.right > size.width || box.bottom > size.height) continue;
      if (occupied.some((other) => overlap(box, other))) continue;
      if (marks.some((mark, index) => index !== own && overlap(box, mark))) continue;
      occupied.push(grown(box, gap * BETWEEN));
      return side;
    }
    return null;
  });
}

/** The box a label takes on a side of its mark. */
export function boxAt({ x, y, width, height }: LabelWish, side: LabelSide, gap: number): Box {
  const left = side.endsWith('right') ? x + gap : side.endsWith('left') ? x - gap - width : x - width / 2;
  const top = topAt(y, height, side, gap);
  return { left, top, right: left + width, bottom: top + height };
}

function topAt(y: number, height: number, side: LabelSide, gap: number): number {
  if (side === 'above') return y - gap - height;
  if (side === 'below') return y + gap;
  if (side.startsWith('above')) return y - height;
  return side.startsWith('below') ? y : y - height / 2;
}

function grown(box: Box, by: number): Box {
  return { left: box.left - by, top: box.top - by, right: box.right + by, bottom: box.bottom + by };
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Where the name of the place begins: it belongs together on a line of its own. */
const PLACE = /\s(?=(?:Xã|Phường|Thị trấn|Thành phố)\s)/;

/** Breaks a name into lines of about `longest` characters, before the place if there is one, never inside a syllable. */
export function breakName(name: string, longest: number): string[] {
  if (name.length <= longest) return [name];
  return name.split(PLACE).flatMap((part) => wrapWords(part, longest));
}

function wrapWords(text: string, longest: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= longest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
