import { formatFault, sourceOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';

const CUSTOMER = `object: Customer
attributes:
  customerNo: { type: text, key: true, pattern: "C[0-9]{6}" }
  name: { type: text, required: true, search: true }
  segment: { type: one of, values: [household, business, key account] }
  yearValue: { sum: invoices.total, where: "year(invoices.issuedOn) = year(today())" }
  openCases: { count: cases, where: "status <> 'closed'" }
  display: { formula: "name + ' (' + customerNo + ')'" }
relations:
  invoices: { many: Invoice, by: customer }
  cases: { many: Case, by: customer }
rights:
  agent: { read: all, write: [name] }
  partner: { read: "cases.exists(c, c.status = user.status)", hide: [yearValue] }
`;
const INVOICE = `object: Invoice
database: billing
table: FAKTUUR_KOP
attributes:
  year: { column: JR, type: integer, key: true }
  number: { column: FKT_NR, type: integer, key: true }
  customer: { column: KLANTNR, to: Customer }
  total: { column: BDR_TOT, type: money, currency: EUR }
  issuedOn: { column: DAT_FKT, type: date, format: yyyymmdd }
`;
const CASE = `object: Case
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer }
  invoice: { to: Invoice }
  status: { type: one of, values: [open, closed], default: open }
  title: { formula: "customer.display + ': ' + status" }
`;
const databases = { main: { managed: true }, billing: { managed: false } };

function compiled(files: Record<string, string>) {
  return compileModel(
    Object.entries(files).map(([name, text]) => sourceOf(`model/${name}.yaml`, text)),
    { databases },
  );
}

describe('a model that is sound', () => {
  const { model, faults, schema } = compiled({ customer: CUSTOMER, invoice: INVOICE, case: CASE });

  it('has no faults', () => {
    expect(faults.map(formatFault)).toEqual([]);
    expect(model.refused.size).toBe(0);
  });

  it('gives references the columns of the key they lead to, in its order', () => {
    const columns = model.objects
      .get('Case')
      ?.attributes.get('invoice')
      ?.columns.map(({ name, type }) => [name, type]);
    expect(columns).toEqual([
      ['invoice_JR', 'bigint'],
      ['invoice_FKT_NR', 'bigint'],
    ]);
    expect(
      model.objects
        .get('Invoice')
        ?.attributes.get('customer')
        ?.columns.map((column) => column.name),
    ).toEqual(['KLANTNR']);
  });

  it('finds the types of formulas and roll-ups, also through other objects', () => {
    expect(schema.objects?.Case).toMatchObject({ title: 'text', customer: { object: 'Customer' } });
    expect(schema.objects?.Customer).toMatchObject({ yearValue: 'money', openCases: 'integer', display: 'text' });
  });

  it('names tables, columns and labels where the file does not', () => {
    const customer = model.objects.get('Customer');
    expect(customer).toMatchObject({ table: 'customer', label: 'Customer', labelPlural: 'Customers', managed: true });
    expect(customer?.attributes.get('customerNo')).toMatchObject({
      label: 'Customer no',
      columns: [{ name: 'customer_no' }],
    });
  });
});

describe('a model with faults', () => {
  const one = (files: Record<string, string>) => compiled(files).faults.map(formatFault);

  it('names file, line, column and the nearest name for each', () => {
    const text = CUSTOMER.replace('many: Invoice', 'many: Invoce')
      .replace('"name + ', '"nam + ')
      .replace('c.status = user', 'c.statsu = user')
      .replace('write: [name]', 'write: [nane]');
    const found = one({ customer: text, invoice: INVOICE, case: CASE });
    expect(found).toEqual([
      expect.stringMatching(/^model\/customer\.yaml:8:24 error EXPRESSION_UNKNOWN_NAME unknown name 'nam'.*name/),
      expect.stringMatching(/^model\/customer\.yaml:10:21 error MODEL_OBJECT_UNKNOWN .*Invoce.*did you mean 'Invoice'/),
      expect.stringMatching(/^model\/customer\.yaml:13:31 error MODEL_ATTRIBUTE_UNKNOWN .*nane.*did you mean 'name'/),
      expect.stringMatching(/^model\/customer\.yaml:14:\d+ error EXPRESSION_UNKNOWN_ATTRIBUTE .*statsu.*status/),
    ]);
  });

  it('refuses only the objects concerned', () => {
    const { model } = compiled({
      customer: CUSTOMER,
      invoice: INVOICE,
      case: CASE.replace('to: Invoice', 'to: Invoicee'),
    });
    expect([...model.refused.keys()]).toEqual(['Case']);
    expect(model.refused.get('Case')).toMatch(/case\.yaml:5:\d+ .*Invoicee/);
  });

  it.each([
    [
      'an attribute without a type',
      CASE.replace('status: { type: one of, values: [open, closed], default: open }', 'status: { help: x }'),
      /MODEL_ATTRIBUTE attribute 'status' has no type/,
    ],
    [
      'formulas in a circle',
      `${CASE}  a: { formula: b + 1 }\n  b: { formula: a + 1 }\n`,
      /MODEL_FORMULA_CYCLE .*Case\.a -> Case\.b -> Case\.a/,
    ],
    [
      'an unknown database',
      CASE.replace('attributes:', 'database: man\nattributes:'),
      /MODEL_DATABASE_UNKNOWN .*did you mean 'main'/,
    ],
    ['no key', CASE.replace('key: generated', 'help: x'), /MODEL_KEY_MISSING/],
    ['a broken pattern', CASE.replace('id: {', 'code: { type: text, pattern: "(" }\n  id: {'), /MODEL_PATTERN_INVALID/],
    ['one column twice', CASE.replace('id: {', 'code: { type: text, column: status }\n  id: {'), /MODEL_COLUMN_TWICE/],
    ['an unknown key', CASE.replace('key: generated', 'kee: generated'), /did you mean 'key'/],
    [
      'a roll-up that no database computes',
      CUSTOMER.replace("status <> 'closed'", "text(status) = 'x'"),
      /customer\.yaml:7:\d+ error MODEL_UNTRANSLATABLE text\(\)/,
    ],
    [
      'a row right that reaches another database',
      CUSTOMER.replace('c.status = user.status', 'invoices.exists(i, i.year = 1)'),
      /customer\.yaml:14:\d+ error MODEL_UNTRANSLATABLE .*'billing'/,
    ],
    ['yes where a condition should be', CUSTOMER.replace("status <> 'closed'", 'status'), /EXPRESSION_TYPE/],
  ])('says so of %s', (_, text, expected) => {
    const name = /object: (\w+)/.exec(text)?.[1];
    const files = {
      customer: CUSTOMER,
      invoice: INVOICE,
      case: CASE,
      ...(name === 'Case' ? { case: text } : { customer: text }),
    };
    expect(one(files).join('\n')).toMatch(expected);
  });

  it('lists the faults of all files at once and never throws', () => {
    const found = one({ customer: 'object: 5', invoice: 'object: [', case: CASE });
    expect(found.some((text) => text.startsWith('model/customer.yaml'))).toBe(true);
    expect(found.some((text) => text.startsWith('model/invoice.yaml'))).toBe(true);
    expect(found.some((text) => text.startsWith('model/case.yaml'))).toBe(true);
  });

  it('refuses an object with an unknown key, names what is wrong behind it, and faults nobody who refers to it', () => {
    const invoice = INVOICE.replace('table: FAKTUUR_KOP', 'tabel: FAKTUUR_KOP').replace('to: Customer', 'to: Custmer');
    const { model, faults } = compiled({
      customer: CUSTOMER.replace(/^ {2}yearValue.*\n|, hide: \[yearValue\]/gm, ''),
      invoice,
      case: CASE,
    });
    expect(model.refused.has('Invoice')).toBe(true);
    const places = faults.map((fault) => `${fault.file}:${fault.line}`);
    expect(places).toContain('model/invoice.yaml:3');
    expect(places).toContain('model/invoice.yaml:7');
    expect(faults.map(formatFault).filter((text) => text.includes('tabel'))).toHaveLength(1);
  });
});
