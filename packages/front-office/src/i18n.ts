import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chooseLocale, languageOf } from './format/choose-locale.js';
import en from './locales/en.json';
import type developer from './script-developer/locales/en.json';

/** Texts of the other languages by their files, each its own chunk: `./locales/nl.json`. */
type Files = Record<string, () => Promise<{ default: object }>>;

const own: Files = import.meta.glob<{ default: object }>(['./locales/*.json', '!./locales/en.json']);
/** Parts of the application whose texts come with them. */
const parts: { namespace: string; files: Files; loaded: Set<string> }[] = [
  { namespace: 'translation', files: own, loaded: new Set() },
];
/** The languages there are texts in. */
export const LANGUAGES: readonly string[] = ['en', ...Object.keys(own).map(nameOf)].sort();
/** A user's own choice stays in this browser. */
const KEPT = 'caruso.language';

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  returnNull: false,
});

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false;
    /** Tools bring their own texts with them; here are only their names. */
    resources: { translation: typeof en & typeof developer; modeler: typeof import('./modeler/locales/en.json') };
  }
}

/** Adds the texts of a part that is loaded when it is opened, so that the desktop of an agent does not carry them. */
export async function bringTexts(namespace: string, english: object, files: Files): Promise<void> {
  i18next.addResourceBundle('en', namespace, english, true, true);
  parts.push({ namespace, files, loaded: new Set() });
  await load(i18next.language);
}

/**
 * The locale in which a user reads: their own choice, else what their browser prefers and there are texts in, else the front office's.
 * Of a language that is the front office's too, its locale.
 */
export function localeFor(office: string): string {
  return chooseLocale(LANGUAGES, { chosen: chosenLanguage(), preferred: navigator.languages, office });
}

/** What the user chose; null where nothing was. */
function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** Keeps a user's choice, and speaks it from now on. */
export async function choose(language: string): Promise<void> {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Where nothing may be kept, it holds until the page is left.
  }
  await speak(language);
}

/** Changes to the language of a locale, for instance `nl` for `nl-NL`. */
export async function speak(locale: string): Promise<void> {
  const language = languageOf(locale);
  await load(language);
  // First, since what is read anew on the change asks in the language that stands here.
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

async function load(language: string): Promise<void> {
  for (const { namespace, files, loaded } of parts) {
    const read = Object.entries(files).find(([file]) => nameOf(file) === language)?.[1];
    if (read === undefined || loaded.has(language)) continue;
    i18next.addResourceBundle(language, namespace, (await read()).default, true, true);
    loaded.add(language);
  }
}

function nameOf(file: string): string {
  return file.replace(/^.*\/|\.json$/g, '');
}
