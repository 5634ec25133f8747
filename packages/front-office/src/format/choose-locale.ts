interface Wishes {
  /** The user's own choice. */
  chosen: string | null;
  /** What the browser prefers, the first first: `de-AT`, `en`. */
  preferred: readonly string[];
  /** The front office's locale. */
  office: string;
}

export function languageOf(locale: string): string {
  return locale.split('-')[0] ?? locale;
}

/**
 * The locale that somebody reads: of their own choice, else the first that the browser prefers and that there are texts in, else the
 * front office's, else English. A language that is the front office's too is written as it is there. Pure.
 *
 * @example
 * chooseLocale(['de', 'en'], { chosen: null, preferred: ['de-AT'], office: 'nl-NL' }); // 'de-AT'
 */
export function chooseLocale(languages: readonly string[], { chosen, preferred, office }: Wishes): string {
  const wishes = [...(chosen === null ? [] : [chosen]), ...preferred, office];
  const wish = wishes.find((each) => languages.includes(languageOf(each))) ?? 'en';
  const language = languageOf(wish);
  if (language === languageOf(office)) return office;
  // A choice names a language alone; the browser may know the country.
  return preferred.find((each) => languageOf(each) === language && each.includes('-')) ?? wish;
}
