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
