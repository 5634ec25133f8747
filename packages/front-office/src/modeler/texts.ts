import i18next from 'i18next';
import en from './locales/en.json';

/** The texts of the tool come with it, so that the desktop of an agent does not carry them. */
const others = import.meta.glob<{ default: typeof en }>(['./locales/*.json', '!./locales/en.json']);

i18next.addResourceBundle('en', 'modeler', en);
const load = others[`./locales/${i18next.language}.json`];
if (load !== undefined) i18next.addResourceBundle(i18next.language, 'modeler', (await load()).default);
