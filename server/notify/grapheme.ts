const segmenter = new Intl.Segmenter('vi', { granularity: 'grapheme' });
const ELLIPSIS = '…';

/** Bytes a text takes inside a JSON string: control characters and lone surrogates cost six. */
const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

/**
 * Cuts a text so that it takes at most `maxBytes` inside JSON, an ellipsis included. A letter with its marks is never
 * cut apart: half of one would read as another word in Vietnamese.
 */
export function truncateUtf8(text: string, maxBytes: number): string {
  if (jsonBytes(text) <= maxBytes) return text;
  let left = maxBytes - jsonBytes(ELLIPSIS);
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    left -= jsonBytes(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept.trimEnd() + ELLIPSIS;
}
