import { formatSpan } from '../i18n/format.ts';
import { wallText } from '../i18n/wall-texts.ts';
import type { SourceView } from '../state/health-store.ts';

/** What is wrong with a source and since when. */
export function illness(source: SourceView): string {
  const word = wallText(source.link === 'down' ? 'sources.down' : 'sources.stale');
  return source.age === null ? word : `${word} ${formatSpan(source.age)}`;
}
