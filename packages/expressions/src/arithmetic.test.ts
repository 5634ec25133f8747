import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from './errors.js';
import { compile } from './expression.js';
import type { Schema } from './schema.js';

const schema: Schema = {
  variables: {
    x: 'decimal',
    y: 'decimal',
    i: 'integer',
    j: 'integer',
    f: 'number',
    raw: 'any',
    other: 'any',
    day: 'date',
    at: 'datetime',
    wait: 'duration',
  },
};

function run(source: string, values: Record<string, unknown> = {}): unknown {
  const compiled = compile(source, schema);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.faults[0]?.message}`);
  return compiled.expression.evaluate(values, { now: new Date(0), timezone: 'UTC' });
}

const Reference = Decimal.clone({ precision: 2000 });
const decimalText = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }))
  .map(([digits, places]) => new Reference(`${digits}e-${places}`).toFixed());
const integer = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer().map(BigInt));
const wire = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** What a calculation gives, or the code of its error. */
function attempt(calculate: () => unknown): unknown {
  try {
    return calculate();
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
}

describe('arithmetic', () => {
  it('of decimals is exact', () => {
    expect(run('0.1 + 0.2 = 0.3')).toBe(true);
    expect(run('x * 3', { x: '0.1' })).toBe('0.3');
    fc.assert(
      fc.property(decimalText, decimalText, (x, y) => {
        const [a, b] = [new Reference(x), new Reference(y)];
        expect(run('x + y', { x, y })).toBe(a.plus(b).toFixed().replace(/^-0$/, '0'));
        expect(run('x - y', { x, y })).toBe(a.minus(b).toFixed().replace(/^-0$/, '0'));
        expect(run('x * y', { x, y })).toBe(a.times(b).toFixed().replace(/^-0$/, '0'));
        for (const [operator, expected] of [
          ['<', a.lt(b)],
          ['<=', a.lte(b)],
          ['=', a.eq(b)],
          ['<>', !a.eq(b)],
        ] as const) {
          expect(run(`x ${operator} y`, { x, y })).toBe(expected);
        }
      }),
    );
  });

  it('keeps every digit of a literal', () => {
    expect(run('12345678901234567890.123456789 + 0')).toBe('12345678901234567890.123456789');
    expect(run('1.50')).toBe('1.5');
    expect(run('1e3')).toBe('1000');
  });

  it('divides with 34 digits, and into null by zero', () => {
    expect(run('1 / 3')).toBe(`0.${'3'.repeat(34)}`);
    expect(run('7 / 2')).toBe('3.5');
    for (const source of ['i / j', 'x / j', 'f / j', 'i % j', 'x % 0.0', 'wait / j', '1s / 0s']) {
      expect(run(source, { i: 1, j: 0, x: '1', f: 1, wait: 5 })).toBeNull();
    }
  });

  it('of integers is exact up to 64 bits and an error beyond', () => {
    fc.assert(
      fc.property(integer, integer, (i, j) => {
        for (const [operator, result] of [
          ['+', i + j],
          ['-', i - j],
          ['*', i * j],
        ] as const) {
          const fits = BigInt.asIntN(64, result) === result;
          const outcome = attempt(() => run(`i ${operator} j`, { i: wire(i), j: wire(j) }));
          expect(outcome).toBe(fits ? wire(result) : 'EXPRESSION_VALUE');
        }
        expect(run('i % j', { i: wire(i), j: wire(j) })).toBe(j === 0n ? null : wire(i % j));
        expect(run('i < j', { i: wire(i), j: wire(j) })).toBe(i < j);
        expect(run('i = j', { i: wire(i), j: wire(j) })).toBe(i === j);
      }),
    );
  });

  it('widens integer to decimal to number', () => {
    expect(run('i + x', { i: 2, x: '0.50' })).toBe('2.5');
    expect(run('i + f', { i: 2, f: 0.5 })).toBe(2.5);
    expect(run('x + f', { x: '0.5', f: 0.25 })).toBe(0.75);
    expect(run('x > 50000 and x > 12.5 and 12.5 < x', { x: '50000.01' })).toBe(true);
    expect(run('f = 0.1 and f < 0.11 and 0.1 = f', { f: 0.1 })).toBe(true);
    expect(run('i < 9007199254740993 and i < 9007199254740992.5', { i: 9007199254740991 })).toBe(true);
  });

  it('compares numbers with decimal literals as decimals do', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), decimalText, (f, text) => {
        const asDecimal = (plain: string) => (plain.includes('.') ? plain : `${plain}.0`);
        const literal = asDecimal(text);
        expect(run(`f < (${literal})`, { f })).toBe(new Reference(f).lt(literal));
        expect(run(`f = (${literal})`, { f })).toBe(new Reference(f).eq(literal));
        expect(run(`f = (${asDecimal(new Reference(f).toFixed())})`, { f })).toBe(true);
      }),
    );
  });

  it('of dates, datetimes and durations', () => {
    const at = '2026-03-28T23:30:00.000Z';
    expect(run('at + 1h30m', { at })).toBe('2026-03-29T01:00:00.000Z');
    expect(run('at - 1d', { at })).toBe('2026-03-27T23:30:00.000Z');
    expect(run("at - datetime('2026-03-28T23:00:00Z')", { at })).toBe(1_800_000);
    expect(run('day + 3d', { day: '2026-02-27' })).toBe('2026-03-02');
    expect(run("day - date('2025-02-28')", { day: '2026-02-28' })).toBe(365 * 86_400_000);
    expect(run('wait * 2 + 500s / 2', { wait: 1000 })).toBe(252_000);
    expect(run('90m / 1h')).toBe(1.5);
    expect(run('-15m')).toBe(-900_000);
    expect(() => run('day + wait', { day: '2026-02-27', wait: 3_600_000 })).toThrow(/whole number of days/);
    expect(() => run('at + 99999999d', { at })).toThrow(/years 1 to 9999/);
  });

  it('chooses the operation by the values where a type is open', () => {
    expect(run('raw + 1', { raw: 2.5 })).toBe(3.5);
    expect(run('raw + 0.5', { raw: '12.25' })).toBe('12.75');
    expect(run('raw / 2 > 1', { raw: 3 })).toBe(true);
    expect(run("raw + 'x'", { raw: 'a' })).toBe('ax');
    expect(run('at - raw', { at: '2026-01-01T00:01:00Z', raw: '2026-01-01T00:00:00Z' })).toBe(60_000);
    expect(run('raw * 1m', { raw: 3 })).toBe(180_000);
    expect(run('-raw', { raw: 3 })).toBe(-3);
    expect(() => run('raw * other', { raw: 'a', other: 2 })).toThrow(/text and integer/);
    expect(() => run('raw < 5', { raw: 'a' })).toThrow(/text and integer/);
    expect(run('raw = 5', { raw: 'a' })).toBe(false);
    expect(run('raw = day', { raw: '2026-01-31', day: '2026-01-31' })).toBe(true);
  });

  it('refuses results without end', () => {
    const x = `1${'0'.repeat(399)}`;
    expect(run('x * x', { x })).toBe(`1${'0'.repeat(798)}`);
    expect(() => run('x * x * x', { x })).toThrow(/800 digits/);
    expect(() => run('f * f', { f: 1e300 })).toThrow(/range of floating point/);
  });
});
