/** What a search asks for: words, by their beginnings; phrases, by whole words in their order; and what must not be there. */
export interface SearchTerm {
  /** Folded words; of a phrase several. */
  readonly words: readonly string[];
  readonly phrase: boolean;
  readonly without: boolean;
  /** As it was written, for objects without an index of words. */
  readonly text: string;
}

const MOST_TERMS = 8;
const LONGEST_WORD = 60;
const LONGEST_TEXT = 100_000;

/** Stands before every word in the index: MariaDB leaves out words of one or two letters and English stop words. */
const MARK = 'zz';

/** Lower case, without accents; `ß` as `ss`. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss');
}

/** The words of a text as the index keeps them: runs of letters and digits, folded and marked. */
export function wordsOf(text: string): string[] {
  return (folded(text.slice(0, LONGEST_TEXT)).match(/[\p{L}\p{N}]+/gu) ?? []).map(
    (word) => MARK + word.slice(0, LONGEST_WORD),
  );
}

/** The words of several texts as one text for the index; no phrase leads from one to the next. */
export function indexedText(texts: readonly unknown[]): string {
  return texts.map((text) => (typeof text === 'string' ? wordsOf(text).join(' ') : '')).join(` ${MARK} `);
}

/**
 * Reads a search: `gas leak` wants both, each as the beginning of a word; `"gas leak"` wants these words in this order; `-water` wants it
 * to be absent. Never fails: what is no word is left out.
 *
 * @example
 * readSearch('"no gas" -water'); // a phrase of two words, and one word that must be absent
 */
export function readSearch(search: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const [, minus, quoted, plain] of search.matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)) {
    const text = (quoted ?? plain ?? '').trim();
    if (text === '' || terms.length >= MOST_TERMS) continue;
    terms.push({ words: wordsOf(text), phrase: quoted !== undefined, without: minus === '-', text });
  }
  return terms;
}
