import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './expression.js';
import type { Node } from './node.js';
import type { Schema } from './schema.js';
import { rewriteWords } from './words.js';

const schema: Schema = { variables: { a: 'boolean', b: 'boolean', c: 'boolean', n: 'integer', s: 'text' } };
const context = { now: new Date(0), timezone: 'UTC' };

function tree(source: string): unknown {
  const compiled = compile(source, schema);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.faults[0]?.message}`);
  return shape(compiled.expression.tree);
}

/** A tree without its positions, which differ between spellings. */
function shape(node: Node): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) =>
      ['offset', 'length', 'nameOffset', 'attributeOffset', 'attributeOffsets'].includes(key) ? undefined : value,
    ),
  );
}

function rewritten(source: string): string {
  const result = rewriteWords(source, 64);
  return 'text' in result ? result.text : result.message;
}

interface Spelling {
  readonly words: string;
  readonly symbols: string;
}

const condition = fc.letrec<{ node: Spelling; leaf: Spelling }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom('a', 'b', 'c').map((name) => ({ words: name, symbols: name })),
    fc
      .tuple(fc.constantFrom(['=', '=='], ['<>', '!='], ['<', '<'], ['>=', '>=']), fc.integer({ min: -3, max: 3 }))
      .map(([[word, symbol], value]) => ({ words: `n ${word} ${value}`, symbols: `(n ${symbol} ${value})` })),
    fc.constantFrom('and', 'a or b', 'not = <>', "it''s 15m".replaceAll("'", '')).map((text) => ({
      words: `s = '${text}'`,
      symbols: `(s == "${text}")`,
    })),
  ),
  node: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.tuple(tie('node'), fc.constantFrom(['and', '&&'], ['or', '||']), tie('node')).map(([l, [word, symbol], r]) => ({
      words: `(${l.words} ${word} ${r.words})`,
      symbols: `(${l.symbols} ${symbol} ${r.symbols})`,
    })),
    tie('node').map((n) => ({ words: `not ${n.words}`, symbols: `!(${n.symbols})` })),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([i, t, e]) => ({
      words: `(${i.words} ? ${t.words} : ${e.words})`,
      symbols: `(${i.symbols} ? ${t.symbols} : ${e.symbols})`,
    })),
  ),
})).node;

describe('words', () => {
  it('mean what the symbols mean', () => {
    fc.assert(
      fc.property(condition, fc.boolean(), fc.integer({ min: -4, max: 4 }), ({ words, symbols }, a, n) => {
        const [one, two] = [compile(words, schema), compile(symbols, schema)];
        if (!one.ok || !two.ok) throw new Error(`${words} / ${symbols}`);
        expect(shape(one.expression.tree)).toEqual(shape(two.expression.tree));
        const values = { a, b: !a, c: null, n, s: 'a or b' };
        expect(one.expression.evaluate(values, context)).toBe(two.expression.evaluate(values, context));
      }),
      { numRuns: 300 },
    );
  });

  it('lets "not" reach over a comparison, up to and, or, ?, :, comma or bracket', () => {
    expect(tree("not s = 'x' and a")).toEqual(tree("!(s == 'x') && a"));
    expect(tree("(not s = 'x') or a")).toEqual(tree("!(s == 'x') || a"));
    expect(tree('not n < 1 ? a : not n > 2')).toEqual(tree('!(n < 1) ? a : !(n > 2)'));
    expect(tree('not not a = b')).toEqual(tree('!(!(a == b))'));
    expect(tree('not n in [1, 2]')).toEqual(tree('!(n in [1, 2])'));
  });

  it('closes "not" before a comment at the end', () => {
    expect(tree('not a // really')).toEqual(tree('!a'));
  });

  it('leaves texts, comments and attribute names untouched', () => {
    for (const text of [
      `'a and not b = c <> 15m'`,
      `"or"`,
      `r'\\and'`,
      `'''and\n'or' not'''`,
      'x.and.or.not',
      '// and or 15m',
    ]) {
      expect(rewritten(text)).toBe(text);
    }
    expect(rewritten("s = 'it\\'s and' and a")).toBe("s == 'it\\'s and' && a");
  });

  it('reads durations, alone and joined, and no part of a name or a number', () => {
    expect(rewritten('20s 1h30m')).toBe('duration("20s") duration("1h30m")');
    expect(rewritten('0x1d d3d 3days 1.5h')).toBe('0x1d d3d 3days duration("1.5h")');
  });

  it('points every position back into the source as written', () => {
    const source = "not a and s = 15m and b or unknownName <> 'x'";
    const result = rewriteWords(source, 64);
    if (!('text' in result)) throw new Error('refused');
    for (const word of ['a', 's', '15m', 'unknownName', "'x'"]) {
      const start = result.text.indexOf(word === 'a' ? '( a' : word) + (word === 'a' ? 2 : 0);
      const { offset, length } = result.toSource(start, start + word.length);
      expect(source.slice(offset, offset + length)).toBe(word);
    }
  });
});
