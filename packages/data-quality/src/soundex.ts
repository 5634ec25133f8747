const CODES: Readonly<Record<string, string>> = {
  b: '1',
  p: '1',
  f: '1',
  v: '1',
  w: '1',
  c: '2',
  g: '2',
  j: '2',
  k: '2',
  q: '2',
  s: '2',
  x: '2',
  z: '2',
  d: '3',
  t: '3',
  l: '4',
  m: '5',
  n: '5',
  r: '6',
};

/**
 * The sound of a word as four digits. Soundex (R. C. Russell, 1918; D. E. Knuth, "Sorting and Searching", 6), but with its first letter
 * coded like the others, so that Carl and Karl sound alike, and `w` with `v`, as it sounds in most languages of the continent.
 *
 * @example
 * soundex('jansen'); // '2525'
 */
export function soundex(word: string): string {
  let code = '';
  let last = '';
  for (const letter of word) {
    const digit = CODES[letter];
    // h stands between two letters as if it were not there; vowels part them.
    if (digit === undefined) {
      if (letter !== 'h') last = '';
      if (code === '' && letter >= 'a' && letter <= 'z' && letter !== 'h') code = '0';
      continue;
    }
    if (digit !== last) code += digit;
    last = digit;
    if (code.length === 4) break;
  }
  return code.padEnd(4, '0');
}
