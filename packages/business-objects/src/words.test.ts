import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexedText, readSearch, wordsOf } from './words.js';

describe('words', () => {
  it('are runs of letters and digits, folded', () => {
    expect(wordsOf("Zoë's STRASSE-12, Straße ﬁ 日本")).toEqual([
      'zzzoe',
      'zzs',
      'zzstrasse',
      'zz12',
      'zzstrasse',
      'zzfi',
      'zz日本',
    ]);
  });

  it('of one text do not follow those of another', () => {
    expect(indexedText(['a b', null, 'c'])).toBe('zza zzb zz  zz zzc');
  });

  it('hold nothing that a query language takes for its own, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^zz[\p{L}\p{N}]+$/u);
        for (const { words } of readSearch(text))
          expect(words).toEqual(words.filter((word) => /^zz[\p{L}\p{N}]+$/u.test(word)));
      }),
    );
  });
});

describe('a search', () => {
  it('has words, phrases and what must be absent', () => {
    expect(
      readSearch('gas "no water" -old -"very old" - ""').map(({ words, phrase, without }) => [words, phrase, without]),
    ).toEqual([
      [['zzgas'], false, false],
      [['zzno', 'zzwater'], true, false],
      [['zzold'], false, true],
      [['zzvery', 'zzold'], true, true],
      [[], false, false],
    ]);
  });
});
