/** Which words stay when not all fit. Names of places say what kind they are first and which one last. */
export type KeptEnd = 'start' | 'end';

/**
 * The most words of a text that fit a width, with an ellipsis for the rest: a Vietnamese name is never cut inside a
 * syllable. One word always stays.
 * @param measure width of a text, in the unit of `width`
 */
export function fitWords(
  text: string,
  width: number,
  measure: (text: string) => number,
  kept: KeptEnd = 'start',
): string {
  if (measure(text) <= width) return text;
  const words = text.split(' ');
  let fitting = 1;
  for (let low = 1, high = words.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    if (measure(shortened(words, middle, kept)) <= width) {
      fitting = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return shortened(words, fitting, kept);
}

function shortened(words: readonly string[], count: number, kept: KeptEnd): string {
  if (kept === 'end') return `… ${words.slice(words.length - count).join(' ')}`;
  return `${words
    .slice(0, count)
    .join(' ')
    .replace(/[,;–-]$/, '')}…`;
}

/** How a line is set into the room there is. */
export interface FittedLine {
  readonly text: string;
  /** Share of the wanted font size. */
  readonly scale: number;
  /** Set on two lines. */
  readonly wrapped: boolean;
}

export interface FitOptions {
  /** Least share of the font size; what is smaller is not read from where it must be. */
  readonly smallest: number;
  readonly lines: 1 | 2;
  readonly kept: KeptEnd;
}

/** Two lines are never both full, for words do not break. */
const FULL = 0.92;

/** Sets a text in full if it can: smaller, then on two lines; words are left out only when neither is enough. */
export function fitLine(
  text: string,
  room: number,
  measure: (text: string) => number,
  options: FitOptions,
): FittedLine {
  const { smallest, lines, kept } = options;
  const width = measure(text);
  if (width <= room) return { text, scale: 1, wrapped: false };
  if (width * smallest <= room) return { text, scale: room / width, wrapped: false };
  const most = (lines === 2 ? room * 2 * FULL : room) / smallest;
  return { text: fitWords(text, most, measure, kept), scale: smallest, wrapped: lines === 2 };
}
