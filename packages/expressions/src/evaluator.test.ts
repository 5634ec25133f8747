import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from './errors.js';
import { compile } from './expression.js';
import type { Schema } from './schema.js';

const schema: Schema = {
  variables: {
    customer: { object: 'Customer' },
    invoices: { list: { object: 'Invoice' } },
    tags: { list: 'text' },
    prices: { list: 'decimal' },
    amount: 'money',
    price: 'decimal',
    count: 'integer',
    share: 'number',
    name: 'text',
    flag: 'boolean',
    due: 'date',
    openedAt: 'datetime',
    wait: 'duration',
    raw: 'any',
  },
  objects: {
    Customer: {
      segment: 'text',
      owner: { object: 'Customer' },
      vip: 'boolean',
      invoices: { list: { object: 'Invoice' } },
    },
    Invoice: { total: 'money', issuedOn: 'date', lines: { list: { object: 'Line' } } },
    Line: { price: 'decimal', sku: 'text' },
  },
  functions: {
    distance: {
      args: ['decimal', 'datetime'],
      returns: 'decimal',
      call: (a, b) => `${String(a)}${String(b).slice(2, 4)}`,
    },
    broken: {
      args: [],
      returns: 'text',
      call: () => {
        throw new Error('no line to the server');
      },
    },
    liar: { args: [], returns: 'integer', call: () => 'many' },
  },
};
const context = { now: new Date('2026-03-28T23:30:00Z'), timezone: 'Europe/Amsterdam' };

function run(source: string, values: Record<string, unknown> = {}, options = {}): unknown {
  const compiled = compile(source, schema, options);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.faults[0]?.message}`);
  return compiled.expression.evaluate(values, context);
}

/** What was thrown, if anything. */
function attempt(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

const invoice = (total: string, issuedOn: string, skus: string[] = []) => ({
  total: { amount: total, currency: 'EUR' },
  issuedOn,
  lines: skus.map((sku, index) => ({ sku, price: `${index}.5` })),
});
const invoices = [
  invoice('100.00', '2026-01-05', ['gas']),
  invoice('12.50', '2026-02-05', ['gas', 'power']),
  invoice('0', '2025-12-31'),
];

describe('null', () => {
  it.each([
    ['customer.segment', null],
    ['customer.owner.owner.segment', null],
    ["customer.segment = 'x'", false],
    ["customer.segment <> 'x'", true],
    ['customer.segment = null', true],
    ['customer.owner <> null', false],
    ['null = null', true],
    ['price < 5', false],
    ['price >= 5', false],
    ['not price < 5', true],
    ['null < 3', false],
    ['price + 1', null],
    ["name + '!'", null],
    ['-count', null],
    ['not flag', true],
    ['flag and flag', false],
    ['flag or true', true],
    ['flag ? 1 : 2', 2],
    ['lower(name)', null],
    ["name.contains('a')", false],
    ["like(name, '%')", false],
    ['size(name)', null],
    ['size(invoices)', 0],
    ['invoices.exists(i, true)', false],
    ['invoices.all(i, false)', true],
    ['invoices.map(i, i.issuedOn)', []],
    ["'a' in tags", false],
    ['null in tags', false],
    ['invoices[0].total.amount', null],
    ['coalesce(price, count, 3.50)', '3.5'],
    ['coalesce(name, null)', null],
    ['has(customer.segment)', false],
    ['year(due)', null],
    ['min(count, 3)', null],
    ['amount.currency', null],
  ])('%s', (source, expected) => {
    expect(run(source)).toEqual(expected);
    const nulls = Object.fromEntries(Object.keys(schema.variables).map((name) => [name, null]));
    expect(run(source, nulls)).toEqual(expected);
  });
});

describe('lists', () => {
  it.each([
    ['invoices.exists(i, i.total.amount > 50)', true],
    ['invoices.all(i, i.total.amount > 0)', false],
    ["invoices.exists_one(i, i.lines.exists(l, l.sku = 'power'))", true],
    ['invoices.filter(i, year(i.issuedOn) = 2026).size()', 2],
    ['invoices.map(i, i.total.amount * 2)', ['200', '25', '0']],
    ['invoices.map(i, i.total.amount > 5, i.issuedOn)', ['2026-01-05', '2026-02-05']],
    ["invoices.exists(i, i.lines.exists(l, l.sku = 'power' and l.price = i.total.amount - 11))", true],
    ['invoices.filter(i, i.total.amount > 50)[0].lines[0].sku', 'gas'],
    ['invoices[1].lines.map(x, x.price)', ['0.5', '1.5']],
    ['invoices[3]', null],
    ['invoices[-1]', null],
    ["'b' in tags and not 'c' in tags", true],
    ['2.5 in prices', true],
    ['prices = [1.50, 2.5]', true],
    ['prices = [1.5]', false],
    ['count in [1, 2.0]', true],
    ['prices.map(p, p + count)', ['3.5', '4.5']],
    ['[count, 2.5, share]', [2, 2.5, 0.25]],
    ['[openedAt].map(t, t + 1h)', ['2026-01-31T11:00:00.000Z']],
    ['size(tags) + tags.size()', 4],
  ])('%s', (source, expected) => {
    const values = {
      invoices,
      tags: ['a', 'b'],
      prices: ['1.5', 2.5],
      count: 2,
      share: 0.25,
      openedAt: '2026-01-31T10:00:00Z',
    };
    expect(run(source, values)).toEqual(expected);
  });

  it('are visited within a budget, shared by all macros of an evaluation', () => {
    const long = Array.from({ length: 101 }, () => invoices[2]);
    const source = 'invoices.exists(i, invoices.exists(j, i.issuedOn <> j.issuedOn))';
    expect(() => run(source, { invoices: long })).toThrow(expect.objectContaining({ code: 'EXPRESSION_LIMIT' }));
    expect(run(source, { invoices: long.slice(0, 99) })).toBe(false);
    expect(() => run("'x' in tags", { tags: Array(11).fill('a') }, { limits: { steps: 10 } })).toThrow(
      /more than 10 list/,
    );
  });
});

describe('dates and the clock', () => {
  it('take the day of the front office, not of UTC', () => {
    expect(run('today()')).toBe('2026-03-29');
    expect(run('now()')).toBe('2026-03-28T23:30:00.000Z');
    expect(run('date(openedAt)', { openedAt: '2026-01-31T23:00:00.000Z' })).toBe('2026-02-01');
    expect(run('month(openedAt) = 2 and day(openedAt) = 1', { openedAt: '2026-01-31T23:00:00Z' })).toBe(true);
    expect(run('year(due) = year(today()) and due < today()', { due: '2026-03-28' })).toBe(true);
  });

  it('follow daylight saving', () => {
    const compiled = compile('date(openedAt)', schema);
    if (!compiled.ok) throw new Error('refused');
    const day = (openedAt: string, timezone: string) =>
      compiled.expression.evaluate({ openedAt }, { ...context, timezone });
    expect(day('2026-10-24T21:59:59.999Z', 'Europe/Amsterdam')).toBe('2026-10-24');
    expect(day('2026-10-24T22:00:00.000Z', 'Europe/Amsterdam')).toBe('2026-10-25');
    expect(day('2026-10-25T22:59:59.999Z', 'Europe/Amsterdam')).toBe('2026-10-25');
    expect(day('2026-10-25T23:00:00.000Z', 'Europe/Amsterdam')).toBe('2026-10-26');
    expect(day('2026-01-31T12:00:00.000Z', 'Pacific/Kiritimati')).toBe('2026-02-01');
    expect(day('2026-01-31T02:00:00.000Z', 'America/St_Johns')).toBe('2026-01-30');
  });

  it('refuse a time zone that is none, or the machine’s own', () => {
    for (const timezone of ['Europe/Amsterdm', '', 'local', 'system']) {
      const compiled = compile('today()', schema);
      expect(() => compiled.ok && compiled.expression.evaluate({}, { ...context, timezone })).toThrow(/no local day/);
    }
  });

  it('read instants with an offset and reject what is no instant', () => {
    const read = (openedAt: unknown) => run('openedAt', { openedAt });
    expect(read('2026-01-31T10:00:00+02:00')).toBe('2026-01-31T08:00:00.000Z');
    expect(read('2026-01-31T10:00Z')).toBe('2026-01-31T10:00:00.000Z');
    expect(read('2026-01-31T10:00:00.123456Z')).toBe('2026-01-31T10:00:00.123Z');
    expect(read(new Date(5))).toBe('1970-01-01T00:00:00.005Z');
    expect(read('0050-01-31T10:00:00Z')).toBe('0050-01-31T10:00:00.000Z');
    for (const bad of [
      '2026-02-29T10:00:00.000Z',
      '2026-01-31T24:00:00.000Z',
      '2026-01-31',
      '2026-01-31T10:00:00',
      5,
    ]) {
      expect(() => read(bad)).toThrow(/'openedAt' should be datetime/);
    }
  });

  it('agree with the platform on every instant', () => {
    const instant = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (date) => {
        expect(run('openedAt', { openedAt: date.toISOString() })).toBe(date.toISOString());
        expect(run("openedAt - datetime('1970-01-01T00:00:00Z')", { openedAt: date.toISOString() })).toBe(
          date.getTime(),
        );
        expect(run('due', { due: date.toISOString().slice(0, 10) })).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });
});

describe('functions', () => {
  it.each([
    ["lower('ÀB') + upper('ç') + trim(' x ')", 'àbÇx'],
    ["size('a😀')", 2],
    ["'invoice'.startsWith('inv') and 'invoice'.endsWith('ice') and 'invoice'.contains('voi')", true],
    ["like('Your Invoice', '%invoice')", true],
    ['round(2.345, 2)', '2.35'],
    ['round(-2.5)', '-3'],
    ['round(0.125, 2)', '0.13'],
    ['abs(-5) + abs(5)', 10],
    ['abs(-2.50)', '2.5'],
    ['abs(1m - 2m)', 60_000],
    ['min(3, 1.5, 2)', '1.5'],
    ["max('a', 'b')", 'b'],
    ["min(date('2026-01-31'), date('2025-12-31'))", '2025-12-31'],
    [
      "text(12.50) + ' ' + text(3) + ' ' + text(true) + ' ' + text(90m) + ' ' + text(date('2026-01-31'))",
      '12.5 3 true 1h30m 2026-01-31',
    ],
    ['text(amount)', '12.5 EUR'],
    ['text(raw)', '2.5'],
    ['abs(raw) + 1', 3.5],
    ["date('2026-01-31') < date('2026-02-01')", true],
    ['5.text().size()', 1],
    ['count.text().size()', 1],
    ['distance(count, openedAt)', '226'],
    ['amount = amount and amount.amount = 12.5', true],
  ])('%s', (source, expected) => {
    const values = {
      amount: { amount: '12.50', currency: 'EUR' },
      raw: 2.5,
      count: 2,
      openedAt: '2026-01-31T10:00:00Z',
    };
    expect(run(source, values)).toEqual(expected);
  });

  it('tell what they were given where a type is open', () => {
    expect(() => run('year(raw)', { raw: 2.5 })).toThrow(/argument 1 of year\(\) should be date or datetime/);
    expect(run('year(raw)', { raw: '2026-01-31' })).toBe(2026);
    expect(run('year(raw)', { raw: '2026-12-31T23:30:00Z' })).toBe(2027);
    expect(run('round(raw, 1) + 1', { raw: '2.55' })).toBe('3.6');
  });

  it('of the schema that throw or answer wrongly are named, and the cause is kept', () => {
    expect(() => run('broken()')).toThrow(
      expect.objectContaining({ code: 'EXPRESSION_FUNCTION', cause: new Error('no line to the server') }),
    );
    expect(() => run('liar()')).toThrow(/the result of liar\(\) should be integer but is text 'many'/);
  });
});

describe('values', () => {
  it.each([
    ['count', 1.5],
    ['count', '5'],
    ['count', 2 ** 53],
    ['price', 'abc'],
    ['price', Number.NaN],
    ['price', '1e5'],
    ['share', Number.POSITIVE_INFINITY],
    ['name', 5],
    ['flag', 'true'],
    ['due', '2026-02-29'],
    ['wait', '15m'],
    ['amount', { amount: 'x', currency: 'EUR' }],
    ['customer', 'C1'],
    ['customer', []],
    ['invoices', {}],
    ['raw', () => 1],
  ])('that are not of their type are named: %s = %s', (name, value) => {
    expect(() => run(name, { [name]: value })).toThrow(
      expect.objectContaining({ code: 'EXPRESSION_VALUE', message: expect.stringContaining(`'${name}' should be`) }),
    );
  });

  it('come out as they went in, in their shortest form', () => {
    const values = {
      price: '012.500',
      count: -0,
      amount: { amount: '12.50', currency: 'EUR' },
      due: '2026-01-31',
      raw: [1, { a: 2 }],
    };
    expect(run('price', values)).toBe('12.5');
    expect(run('count', values)).toBe(0);
    expect(run('amount', values)).toEqual(values.amount);
    expect(run('raw', values)).toEqual(values.raw);
    expect(run('count', { count: 2n ** 60n })).toBe(2n ** 60n);
  });

  it('widen to the expected type', () => {
    expect(run('count', { count: 5 }, { expects: 'decimal' })).toBe('5');
    expect(run('price', { price: '2.5' }, { expects: 'number' })).toBe(2.5);
    expect(run('prices', { prices: [1, '2.50'] }, { expects: { list: 'number' } })).toEqual([1, 2.5]);
    expect(() => run('raw', { raw: 'x' }, { expects: 'integer' })).toThrow(/the result should be integer/);
  });

  it('never run: accessors, inherited attributes and conversions are not touched', () => {
    const run1 = (value: unknown) => run("customer.segment = 'x'", { customer: value });
    const trap = () => {
      throw new Error('ran');
    };
    expect(
      run1({
        get segment() {
          return trap();
        },
      }),
    ).toBe(false);
    expect(run1(Object.create({ segment: 'x' }))).toBe(false);
    expect(() => run1({ segment: { toString: trap, valueOf: trap } })).toThrow(ExpressionError);
    expect(run('raw.a.b', { raw: { a: JSON.parse('{"__proto__": {"b": 1}}') } })).toBeNull();
    expect(run('raw.name', { raw: Object.create({ name: 'x' }) })).toBeNull();
    expect(() => run("raw = 'x'", { raw: { toString: trap } })).not.toThrow();
  });

  it('of any kind lead to a result or an ExpressionError, nothing else', () => {
    const sources = [
      "customer.segment = 'a' and invoices.exists(i, i.total.amount > 5) or 'x' in tags",
      'price + count * share > 5 ? raw : text(raw)',
      'raw.a.b + 1',
      'raw + raw - count',
      'raw < price or raw = due or raw in prices',
      'abs(raw)',
      'min(raw, count)',
      'raw.exists(x, x = raw)',
      'coalesce(raw, name)',
      'text(wait) + text(openedAt)',
      'raw[0]',
      'size(raw)',
    ].map((source) => compile(source, schema));
    const names = Object.keys(schema.variables);
    const hostile = fc.anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(fc.array(hostile, { minLength: names.length, maxLength: names.length }), (given) => {
        const values = Object.fromEntries(names.map((name, index) => [name, given[index]]));
        for (const compiled of sources) {
          if (!compiled.ok) throw new Error(compiled.faults[0]?.message);
          const outcome = attempt(() => compiled.expression.evaluate(values, context));
          expect(outcome === undefined || outcome instanceof ExpressionError).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
