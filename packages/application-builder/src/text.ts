import { z } from 'zod';

/** A text for people: the same in every language, or by language: `{ en: Customers, nl: Klanten }`. */
export const Text = z.union([
  z.string().min(1),
  z.record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'a language is written as en or nl-BE'), z.string().min(1)),
]);
export type Text = z.infer<typeof Text>;

/** The text in the language of a locale; else in English; else in the first language there is. */
export function inLanguage(text: Text, locale: string): string {
  if (typeof text === 'string') return text;
  const [language = ''] = locale.split('-');
  return text[locale] ?? text[language] ?? text['en'] ?? Object.values(text)[0] ?? '';
}
