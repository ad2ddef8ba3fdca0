/** A label that wants a place beside its mark. Pixels, from the map's upper left corner. */
export interface LabelWish {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type LabelSide = 'right' | 'left' | 'above' | 'below';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const SIDES: readonly LabelSide[] = ['right', 'left', 'above', 'below'];

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
      occupied.push(box);
      return side;
    }
    return null;
  });
}

/** The box a label takes on a side of its mark. */
export function boxAt({ x, y, width, height }: LabelWish, side: LabelSide, gap: number): Box {
  const left = side === 'right' ? x + gap : side === 'left' ? x - gap - width : x - width / 2;
  const top = side === 'below' ? y + gap : side === 'above' ? y - gap - height : y - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Breaks a name between words into lines of about `longest` characters; never inside a syllable. */
export function wrapWords(text: string, longest: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= longest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
