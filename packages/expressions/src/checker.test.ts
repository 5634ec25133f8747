import { describe, expect, it } from 'vitest';
import { type CompileOptions, compile } from './expression.js';
import type { Schema } from './schema.js';

const schema: Schema = {
  variables: {
    customer: { object: 'Customer' },
    invoices: { list: { object: 'Invoice' } },
    status: 'text',
    amount: 'money',
    due: 'date',
    openedAt: 'datetime',
    count: 'integer',
    lost: { object: 'Nowhere' },
    raw: 'any',
  },
  objects: {
    Customer: { segment: 'text', openCases: 'integer', vip: 'boolean', invoices: { list: { object: 'Invoice' } } },
    Invoice: { total: 'money', issuedOn: 'date', region: 'text' },
  },
  functions: { distance: { args: ['decimal', 'text'], returns: 'number', call: () => 1 } },
};

function faults(source: string, options?: CompileOptions) {
  const compiled = compile(source, schema, options);
  return compiled.ok ? [] : compiled.faults;
}

function only(source: string, options?: CompileOptions) {
  const found = faults(source, options);
  expect(found).toHaveLength(1);
  const [fault] = found;
  if (fault === undefined) throw new Error('no fault');
  return { ...fault, at: source.slice(fault.offset, fault.offset + fault.length) };
}

describe('the checker', () => {
  it('names an unknown attribute, its object and the nearest known one', () => {
    const fault = only("status = 'x' and\n  customer.segmnt = 'key'");
    expect(fault).toMatchObject({
      code: 'EXPRESSION_UNKNOWN_ATTRIBUTE',
      message: "unknown attribute 'segmnt' of Customer",
      remedy: "write 'segment'",
      at: 'segmnt',
      line: 2,
      column: 12,
    });
  });

  it('reports every unknown name at once, in order, with its place', () => {
    const source = "not custmer.x and (stauts = 'a' or lowr(status) <> invoices.exists(i, i.totl.amount > nothing))";
    expect(faults(source).map((fault) => source.slice(fault.offset, fault.offset + fault.length))).toEqual([
      'custmer',
      'stauts',
      'lowr',
      'totl',
      'nothing',
    ]);
    for (const fault of faults(source)) expect(fault.column).toBe(fault.offset + 1);
  });

  it.each([
    ['status > 5', 'status > 5', /'>' compares status \(text\) with 5 \(integer\)/, /same type/],
    ['not 3', '3', /'not' needs a condition, but '3' is integer/, /compare it/],
    ['customer.vip and status', 'status', /'and' needs a condition, but 'status' is text/, /status = /],
    ['amount > 50000', 'amount > 50000', /amount \(money\)/, /amount\.amount/],
    ["due = '2026-01-31'", "due = '2026-01-31'", /due \(date\)/, /date\('2026-01-31'\)/],
    ['due <= openedAt', 'due <= openedAt', /date.*datetime/, /date\(openedAt\)/],
    ['openedAt + 5', 'openedAt + 5', /datetime/, /5m/],
    ['status + 5', 'status + 5', /'\+' is given/, /text\(5\)/],
    ['customer = 5', 'customer = 5', /Customer/, /customer\.id/],
    ['invoices > 5', 'invoices > 5', /list of Invoice/, /invoices\.size\(\)/],
    ['count in status', 'count in status', /'in' looks for/, /contains/],
    ["count in ['a']", "count in ['a']", /list of text/, /type of the elements/],
    ['-status', '-status', /'-' is given status/, /numbers and durations/],
    ["count > 1 ? 1 : 'a'", "count > 1 ? 1 : 'a'", /different types: integer, text/, /one type/],
    ["[1, 'a']", "[1, 'a']", /different types/, /one type/],
    ['count ? 1 : 2', 'count', /needs a condition/, /compare it/],
    ['status[0]', 'status[0]', /no list/, /index/],
    ["invoices['a']", "'a'", /indexed by integer/, /count from 0/],
    ['status.exists(x, true)', 'status', /no list/, /list/],
    ['invoices.all(i, i.region)', 'i.region', /all\(\) needs a condition/, /compare it/],
    ["year('2026-01-01')", "'2026-01-01'", /year\(\) takes date or datetime/, /year\(date or datetime\)/],
    ['lower(status, 1)', 'lower', /takes 1 argument, not 2/, /lower\(text\)/],
    ["date('2026-02-29')", "date('2026-02-29')", /no day of the calendar/, /date\(/],
    ["datetime('2026-02-28')", "datetime('2026-02-28')", /no instant/, /datetime\(/],
    ["duration('3 weeks')", "duration('3 weeks')", /no duration/, /1h30m/],
    ['round(1.5, 101)', 'round(1.5, 101)', /0 to 100/, /round\(/],
    ["coalesce(1, 'a')", "coalesce(1, 'a')", /different types/, /one type/],
    ['distance(status, status)', 'status', /distance\(\) takes decimal/, /distance\(decimal, text\): number/],
    ['distance(1.5)', 'distance', /takes 2 arguments, not 1/, /distance\(decimal, text\)/],
    ['exists(invoices)', 'exists', /without a list/, /invoices\.exists/],
    ['count.nothing', 'nothing', /'count' is integer and has no attribute/, /alone/],
    ['invoices.total', 'total', /list of Invoice/, /invoices\.exists\(x, x\.total/],
    ['amount.sum', 'sum', /unknown attribute 'sum' of money/, /amount, currency/],
    ['lost.x', 'lost', /no object 'Nowhere'/, /Customer, Invoice/],
  ])('refuses %s', (source, at, message, remedy) => {
    const fault = only(source);
    expect(fault.at.startsWith(at)).toBe(true);
    expect(fault.message).toMatch(message);
    expect(fault.remedy).toMatch(remedy);
  });

  it('does not offer matches and says what to use', () => {
    const fault = only("status.matches('(a+)+$')");
    expect(fault).toMatchObject({ code: 'EXPRESSION_NOT_OFFERED', at: 'matches' });
    expect(fault.remedy).toContain('like(');
    expect(only("matches(status, 'a')").code).toBe('EXPRESSION_NOT_OFFERED');
  });

  it.each(['raw.__proto__', 'raw.constructor', 'raw.prototype', 'customer.__proto__', "raw.a['constructor']"])(
    'reaches no prototype: %s',
    (source) => {
      expect(faults(source)).not.toHaveLength(0);
    },
  );

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'customer.constructor',
    'customer.toString',
    'toString()',
    'constructor(1)',
  ])('takes nothing inherited for known: %s', (source) => {
    expect(faults(source)).toHaveLength(1);
  });

  it('holds the result against what is expected', () => {
    expect(only('count + 1', { expects: 'boolean' })).toMatchObject({ code: 'EXPRESSION_TYPE', at: 'count + 1' });
    expect(only('count / 2', { expects: 'integer' }).message).toBe(
      "the result should be integer, but 'count / 2' is decimal",
    );
    expect(faults('count', { expects: 'decimal' })).toEqual([]);
    expect(faults('raw', { expects: 'date' })).toEqual([]);
    expect(faults('null', { expects: 'date' })).toEqual([]);
  });

  it('does not report a consequence of an unknown name', () => {
    expect(faults('nothing.at.all > 5 and not nothing').map((fault) => fault.message)).toHaveLength(2);
  });

  it.each([
    ["customer.segment = 'key' and customer.openCases > count", ['customer.segment', 'customer.openCases', 'count']],
    ['customer.invoices.exists(i, i.total.amount > 5)', ['customer.invoices', 'customer.invoices.total.amount']],
    [
      'invoices.filter(i, i.region = status).map(r, r.issuedOn)',
      ['invoices', 'invoices.region', 'status', 'invoices.issuedOn'],
    ],
    ['invoices[0].issuedOn < today()', ['invoices', 'invoices.issuedOn']],
    ['[1, 2].exists(x, x > 1)', []],
    ['distance(1, customer.segment) > 2', ['customer.segment']],
  ])('lists what %s depends on', (source, dependencies) => {
    const compiled = compile(source, schema);
    expect(compiled.ok && compiled.expression.dependencies).toEqual(dependencies);
  });

  it('gives every node its place and type, and freezes the tree', () => {
    const source = "not customer.vip and invoices.exists(i, i.total.amount > 12.50) or status.like('%x') ? 15m : 0s";
    const compiled = compile(source, schema);
    if (!compiled.ok) throw new Error('refused');
    const { tree } = compiled.expression;
    expect(tree).toMatchObject({ kind: 'ternary', type: 'duration', offset: 0, length: source.length });
    if (tree.kind !== 'ternary' || tree.condition.kind !== 'binary' || tree.condition.left.kind !== 'binary')
      throw new Error('shape');
    const macro = tree.condition.left.right;
    expect(macro).toMatchObject({ kind: 'macro', name: 'exists', variable: 'i', type: 'boolean' });
    expect(source.slice(macro.offset, macro.offset + macro.length)).toBe('invoices.exists(i, i.total.amount > 12.50)');
    expect(macro.kind === 'macro' && macro.body).toMatchObject({
      operator: '>',
      left: { kind: 'path', local: true, root: 'i', attributes: ['total', 'amount'], type: 'decimal' },
      right: { kind: 'literal', value: '12.5', type: 'decimal' },
    });
    expect(tree.condition.right).toMatchObject({
      kind: 'call',
      name: 'like',
      args: [{ root: 'status' }, { value: '%x' }],
    });
    expect(tree.whenTrue).toMatchObject({ kind: 'literal', value: 900_000, offset: source.indexOf('15m'), length: 3 });
    expect(() => Object.assign(macro, { name: 'all' })).toThrow(TypeError);
  });
});
