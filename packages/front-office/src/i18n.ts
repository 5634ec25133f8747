import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './locales/en.json';
import type developer from './script-developer/locales/en.json';

/** Texts of the other languages, each its own chunk; a file that appears in `locales/` is found here. */
const others = import.meta.glob<{ default: typeof en }>(['./locales/*.json', '!./locales/en.json']);

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

/** Changes to the language of a locale, for instance `nl` for `nl-NL`; stays with English where there are no texts. */
export async function speak(locale: string): Promise<void> {
  const language = locale.split('-')[0] ?? 'en';
  document.documentElement.lang = 'en';
  const load = others[`./locales/${language}.json`];
  if (load !== undefined && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await load()).default);
  }
  if (!i18next.hasResourceBundle(language, 'translation')) return;
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
