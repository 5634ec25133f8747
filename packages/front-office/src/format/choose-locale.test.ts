import { expect, it } from 'vitest';
import { chooseLocale } from './choose-locale.js';

const languages = ['de', 'en', 'fr', 'it', 'nl'];
const locale = (chosen: string | null, preferred: string[], office: string) =>
  chooseLocale(languages, { chosen, preferred, office });

it('takes the own choice, else what the browser prefers and there is, else the language of the front office', () => {
  expect(locale('fr', ['de-DE'], 'nl-NL')).toBe('fr');
  expect(locale(null, ['sv-SE', 'de-AT', 'en'], 'nl-NL')).toBe('de-AT');
  expect(locale(null, ['sv-SE'], 'nl-NL')).toBe('nl-NL');
  expect(locale(null, [], 'sv-SE')).toBe('en');
  expect(locale('xx', ['xx'], 'it-IT')).toBe('it-IT');
});

it('writes a language as the front office or the browser does', () => {
  expect(locale('nl', ['nl-BE'], 'nl-NL')).toBe('nl-NL');
  expect(locale('de', ['en-GB', 'de-CH'], 'nl-NL')).toBe('de-CH');
});
