import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './expression.js';
import { defaultLimits } from './limits.js';
import type { Schema } from './schema.js';

const schema: Schema = { variables: { a: 'boolean', n: 'integer', s: 'text', raw: 'any', l: { list: 'integer' } } };

function code(source: string, limits = {}): string | undefined {
  const compiled = compile(source, schema, { limits });
  return compiled.ok ? undefined : compiled.faults[0]?.code;
}

describe('compile', () => {
  it.each([
    ['', 0, /stops short/],
    ['  ', 2, /stops short/],
    ['n +', 3, /stops short/],
    ['(n + 1', 6, /'\)' is expected, but there is the end/],
    ['not', 3, /stops short|the end/],
    ['a AND a', 2, /unexpected 'AND'/],
    ['a and or a', 6, /unexpected 'or'/],
    ["s = 'open", 4, /not closed/],
    ['n = 5 5', 6, /unexpected '5'/],
    ['n # 5', 2, /unexpected '#'/],
    ["a and not s = 'x' and n ? 1", 27, /':' is expected, but there is the end/],
    ['l.exists(1, true)', 9, /needs a plain name/],
    ['l.exists(x)', 2, /exists\(\) needs a name/],
    ['(l).exists(x)', 4, /exists\(\) needs a name/],
    ['package = 1', 0, /reserved word/],
    ["{'a': 1}", 0, /maps are not offered/],
    ["b'x' = s", 0, /byte/],
    ['5u', 0, /unsigned/],
    ['n not in [1]', 2, /not in/],
    ['raw.?x', 4, /a name is expected, but there is '\?'/],
    ['1e999', 0, /Invalid number|range/],
    ['1e401', 0, /Invalid number|range/],
    ["s = '\\q'", 5, /escape/i],
  ])('refuses %j with its place', (source, offset, message) => {
    const compiled = compile(source, schema);
    if (compiled.ok) throw new Error('accepted');
    expect(compiled.faults).toHaveLength(1);
    expect(compiled.faults[0]?.message).toMatch(message);
    expect(compiled.faults[0]?.remedy).not.toBe('');
    expect(compiled.faults[0]?.offset).toBe(offset);
  });

  it('counts lines and columns from 1, for every line end', () => {
    const compiled = compile('a and\r\n  a and\n   nope', schema);
    expect(compiled).toMatchObject({ ok: false, faults: [{ line: 3, column: 4, length: 4 }] });
  });

  it('keeps to its limits', () => {
    expect(code(`s = '${'x'.repeat(defaultLimits.sourceLength)}'`)).toBe('EXPRESSION_LIMIT');
    expect(code('a', { sourceLength: 0 })).toBe('EXPRESSION_LIMIT');
    expect(code(`${'('.repeat(64)}a${')'.repeat(64)}`)).toBeUndefined();
    expect(code(`${'('.repeat(65)}a${')'.repeat(65)}`)).toBe('EXPRESSION_LIMIT');
    expect(code(`${'not '.repeat(65)}a`)).toBe('EXPRESSION_LIMIT');
    expect(code(`${'!'.repeat(65)}a`)).toBe('EXPRESSION_LIMIT');
    expect(code(`${'['.repeat(1000)}`)).toBe('EXPRESSION_LIMIT');
    expect(code(`raw${'[0]'.repeat(70)}`)).toBe('EXPRESSION_LIMIT');
    expect(code(Array(200).fill('a').join(' and '))).toBeUndefined();
    expect(code(Array(251).fill('n').join('+'))).toBe('EXPRESSION_LIMIT');
    expect(code(Array(60).fill('a ? 1').join(' : ').concat(' : 2'))).toBeUndefined();
  });

  it('survives raised limits', () => {
    const limits = { sourceLength: 1e7, depth: 1e7, nodes: 1e7 };
    for (const source of [
      '!'.repeat(200_000),
      '('.repeat(200_000),
      Array(200_000).fill('n').join('+'),
      'a?'.repeat(50_000),
    ]) {
      expect(compile(source, schema, { limits }).ok).toBe(false);
    }
  });

  it('never throws, and every fault lies within the source and says what would be right', () => {
    const fragment = fc.constantFrom(
      'a',
      'n',
      's',
      'raw',
      'nope',
      '.',
      '.x',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '?',
      ' and ',
      ' or ',
      ' not ',
      '=',
      '==',
      '<>',
      '!=',
      '<',
      '>=',
      '+',
      '-',
      '*',
      '/',
      '%',
      '!',
      ' in ',
      '15m',
      '1.5',
      '42',
      '0x',
      '1e',
      "'x'",
      '"',
      "'''",
      '\\',
      '//',
      '\n',
      ' ',
      'l.exists(x, x > 1)',
      'l.map(',
      'size(',
      'date(',
      'null',
      'true',
      'matches',
      'duration(',
      'has(',
      '\u00e9',
      '\u{1F600}',
      '__proto__',
    );
    const source = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragment, { maxLength: 25 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(source, (text) => {
        const compiled = compile(text, schema);
        if (compiled.ok) {
          compiled.expression.evaluate({ raw: null }, { now: new Date(0), timezone: 'UTC' });
          return;
        }
        expect(compiled.faults.length).toBeGreaterThan(0);
        for (const fault of compiled.faults) {
          expect(fault.offset).toBeGreaterThanOrEqual(0);
          expect(fault.length).toBeGreaterThanOrEqual(0);
          expect(fault.offset + fault.length).toBeLessThanOrEqual(text.length);
          const lines = text.split(/\r\n|\r|\n/);
          expect(fault.column).toBeLessThanOrEqual((lines[fault.line - 1] ?? '').length + 2);
          expect(fault.message).not.toBe('');
          expect(fault.remedy).not.toBe('');
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('gives an expression that cannot be changed', () => {
    const compiled = compile('n > 1', schema);
    if (!compiled.ok) throw new Error('refused');
    expect(Object.isFrozen(compiled.expression.dependencies)).toBe(true);
    expect(Object.isFrozen(compiled.expression)).toBe(true);
  });
});
