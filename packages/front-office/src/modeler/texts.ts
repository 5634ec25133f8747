import { bringTexts } from '../i18n.js';
import en from './locales/en.json';

await bringTexts('modeler', en, import.meta.glob<{ default: object }>(['./locales/*.json', '!./locales/en.json']));
