import { coreText } from '../../i18n/core-texts.ts';
import { formatAge } from '../../i18n/format.ts';

/** "3 phút trước"; within a second "vừa xong", for nobody waits for "0 giây trước". Milliseconds. */
export function ageWords(age: number): string {
  return age < 1000 ? coreText('age.now') : formatAge(age);
}
