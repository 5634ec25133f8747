import { describe, expect, it } from 'vitest';

const code = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
/** Those of a part that is loaded when it is opened lie with it. */
const texts = import.meta.glob<object>('../**/locales/*.json', { import: 'default', eager: true });
const english = Object.entries(texts).filter(([file]) => file.endsWith('/en.json'));

/** Text between tags, and text in the properties that people read or hear. */
const betweenTags = />\s*([A-Za-z][\w ,.'’!?…:-]*)\s*<\//g;
const inProperties = /\b(?:aria-label|label|placeholder|title|description|alt|hint)="([^"]*[A-Za-z][^"]*)"/g;

function textsIn(source: string): string[] {
  return [...source.matchAll(betweenTags), ...source.matchAll(inProperties)].map((match) => match[1] ?? '');
}

function keysOf(texts: object, start = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value, `${start}${name}.`) : [`${start}${name}`],
  );
}

/** Languages have more plural forms or fewer than English; the form is no key of its own. */
const plain = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');

/** What each text leaves open, all forms of a count together: `count, name`. */
function placeholdersOf(own: object): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const key of keysOf(own)) {
    const text = key.split('.').reduce<unknown>((each, step) => (each as Record<string, unknown>)[step], own);
    const names = found.get(plain(key)) ?? new Set();
    for (const [, name = ''] of String(text).matchAll(/\{\{\s*(\w+)\s*\}\}/g)) names.add(name);
    found.set(plain(key), names);
  }
  return new Map([...found].map(([key, names]) => [key, [...names].sort().join(', ')]));
}

describe('texts', () => {
  it('stand in the locale files, none in a component', () => {
    const components = Object.entries(code).filter(([file]) => file.endsWith('.tsx'));
    expect(components.length).toBeGreaterThan(50);
    const found = components.flatMap(([file, source]) => textsIn(source).map((text) => `${file}: ${text}`));
    expect(found).toEqual([]);
  });

  it('would be found in a component', () => {
    expect(textsIn('<Button aria-label="Save it">Save</Button>')).toEqual(['Save', 'Save it']);
    expect(textsIn("<Button aria-label={t('a.b')}>{t('a.c')}</Button>")).toEqual([]);
  });

  it('are the same keys in every language', () => {
    for (const [file, own] of Object.entries(texts)) {
      const beside = texts[file.replace(/[^/]*$/, 'en.json')] ?? {};
      expect(new Set(keysOf(own).map(plain)), file).toEqual(new Set(keysOf(beside).map(plain)));
    }
  });

  it('have the same placeholders in every language', () => {
    const differing = Object.entries(texts).flatMap(([file, own]) => {
      const [mine, theirs] = [placeholdersOf(own), placeholdersOf(texts[file.replace(/[^/]*$/, 'en.json')] ?? {})];
      return [...theirs].flatMap(([key, names]) => (mine.get(key) === names ? [] : [`${file}: ${key}`]));
    });
    expect(differing).toEqual([]);
  });

  it('are there in German, Dutch, French and Italian, for every part', () => {
    const folders = english.map(([file]) => file.replace(/en\.json$/, ''));
    expect(folders.length).toBeGreaterThan(2);
    for (const folder of folders)
      for (const language of ['de', 'nl', 'fr', 'it'])
        expect(texts, folder).toHaveProperty([`${folder}${language}.json`]);
  });

  it('have every form that a count takes in their language', () => {
    const lacking = Object.entries(texts).flatMap(([file, own]) => {
      const language = /(\w+)\.json$/.exec(file)?.[1] ?? 'en';
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const keys = new Set(keysOf(own));
      const counted = [...keys].filter((key) => key.endsWith('_other')).map(plain);
      return counted.flatMap((key) =>
        forms.filter((form) => !keys.has(`${key}_${form}`)).map((form) => `${file}: ${key}_${form}`),
      );
    });
    expect(lacking).toEqual([]);
  });

  it('are all used', () => {
    const all = Object.values(code).join('\n');
    // Keys that end in a variable are used by their start.
    const starts = [...all.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '');
    const unused = [...new Set(english.flatMap(([, own]) => keysOf(own)).map(plain))].filter(
      (key) => !all.includes(`'${key}'`) && !starts.some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });
});
