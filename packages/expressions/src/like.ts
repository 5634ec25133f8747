import { ExpressionError } from './errors.js';

export const LONGEST_PATTERN = 500;

/** Tests texts against one pattern. */
export interface LikePattern {
  test(text: string): boolean;
  /** The same, with the number of machine words touched: characters of the text times words of the pattern, at most. */
  count(text: string): { matched: boolean; steps: number };
}

/**
 * Compiles a pattern: `%` stands for any run of characters, `_` for one, `\` before either for itself. Case is ignored.
 *
 * The pattern is a non-deterministic automaton whose states are bits (Baeza-Yates and Gonnet, "A new approach to text
 * searching", CACM 35(10), 1992): one pass over the text, no backtracking, so no pattern can be slow on any text.
 * @throws ExpressionError EXPRESSION_LIMIT for a pattern over 500 characters
 * @example compileLike('%invoice%').test('Your Invoice 2026-17'); // true
 */
export function compileLike(pattern: string): LikePattern {
  if (pattern.length > LONGEST_PATTERN) {
    const message = `a pattern of like() has ${pattern.length} characters, more than ${LONGEST_PATTERN}`;
    throw new ExpressionError('EXPRESSION_LIMIT', message, 'use a shorter pattern');
  }
  const { symbols, loops } = parse(pattern.toLowerCase());
  const words = Math.ceil((symbols.length + 1) / 32);
  const wild = new Int32Array(words);
  const loop = new Int32Array(words);
  const moves = new Map<string, Int32Array>();
  for (const symbol of symbols) if (symbol !== undefined) moves.set(symbol, new Int32Array(words));
  for (const [index, symbol] of symbols.entries()) {
    if (symbol === undefined) for (const move of [wild, ...moves.values()]) setBit(move, index);
    else setBit(moves.get(symbol) ?? wild, index);
  }
  for (const index of loops) setBit(loop, index);

  const count = (text: string) => {
    let steps = 0;
    // state i is on when the first i symbols of the pattern have been matched
    const state = new Int32Array(words);
    state[0] = 1;
    for (const character of text.toLowerCase()) {
      const move = moves.get(character) ?? wild;
      let carry = 0;
      let alive = 0;
      for (let word = 0; word < words; word++) {
        steps++;
        const current = state[word] ?? 0;
        const advanced = current & (move[word] ?? 0);
        const next = (advanced << 1) | carry | (current & (loop[word] ?? 0));
        carry = advanced >>> 31;
        state[word] = next;
        alive |= next;
      }
      if (alive === 0) return { matched: false, steps };
    }
    const end = symbols.length;
    return { matched: (((state[end >>> 5] ?? 0) >>> (end & 31)) & 1) === 1, steps };
  };
  return { count, test: (text) => count(text).matched };
}

/** The characters of a pattern (undefined for `_`) and the places where any run may stand. */
function parse(pattern: string): { symbols: (string | undefined)[]; loops: Set<number> } {
  const symbols: (string | undefined)[] = [];
  const loops = new Set<number>();
  let escaped = false;
  for (const character of pattern) {
    if (escaped) {
      symbols.push(character);
      escaped = false;
    } else if (character === '\\') escaped = true;
    else if (character === '%') loops.add(symbols.length);
    else symbols.push(character === '_' ? undefined : character);
  }
  if (escaped) symbols.push('\\');
  return { symbols, loops };
}

function setBit(bits: Int32Array, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}
