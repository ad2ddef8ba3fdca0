/** Languages of the screens. Vietnamese is what everyone sees unless they chose otherwise. */
const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in every language, as the contract's `Bilingual`. */
type InEveryLanguage = Readonly<Record<Language, string>>;

let current: Language = 'vi';

/** The language of this page. */
export function language(): Language {
  return current;
}

/** Sets it once, before the first element is drawn: elements do not listen for a change. */
export function setLanguage(next: Language): void {
  current = next;
}

/** `?lang=` wins over what was stored; anything unknown means Vietnamese. */
export function chooseLanguage(search: string, stored: string | null): Language {
  const wanted = new URLSearchParams(search).get('lang') ?? stored;
  return LANGUAGES.find((known) => known === wanted) ?? 'vi';
}

/** The page's language of a text that came from the hub. */
export function inLanguage(text: InEveryLanguage): string {
  return text[current];
}

export type TextValues = Readonly<Record<string, string | number>>;

/**
 * Joins the Vietnamese and the English texts of one area; the compiler holds both to the same keys.
 * In a text `{name}` is a value, `{count|day|days}` the word after English plural rules (Vietnamese needs none).
 * @returns looks a text up in the page's language.
 */
export function defineTexts<const K extends string>(
  vi: Readonly<Record<K, string>>,
  en: Readonly<Record<NoInfer<K>, string>>,
): (key: K, values?: TextValues) => string {
  const texts = { vi, en };
  return (key, values) => fill(texts[current][key], values);
}

const PLACEHOLDER = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;
const englishPlural = new Intl.PluralRules('en');

function fill(text: string, values: TextValues | undefined): string {
  if (values === undefined) return text;
  return text.replace(PLACEHOLDER, (whole, name: string, one: string | undefined, other: string | undefined) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one === undefined || other === undefined) return String(value);
    return englishPlural.select(Number(value)) === 'one' ? one : other;
  });
}
