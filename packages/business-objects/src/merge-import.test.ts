import { expect, it } from 'vitest';
import { mergeImport } from './merge-import.js';

const customer = `# Whom we know, in our words.
object: Client
database: old
table: KLANT
attributes:
  no:   { column: KLANTNR, type: text, key: true }   # theirs
  town: { column: PLAATS, type: text, label: Town }
  shout: { formula: "town + '!'" }
relations:
  bills: { many: Bill, by: debtor }
`;
const bill = `object: Bill
database: old
table: FAKTUUR
attributes:
  number: { column: NR, type: integer, key: true }
  debtor: { column: KLANTNR, to: Client }
`;
const written = [
  { path: 'model/client.yaml', text: customer },
  { path: 'model/bill.yaml', text: bill },
];
const imported = [
  {
    path: 'model/klant.yaml',
    text: `object: Klant
database: old
table: KLANT
attributes:
  klantnr: { column: KLANTNR, type: text, key: true }
  plaats: { column: PLAATS, type: text }
  town: { column: TOWN_CODE, type: text, length: 4 }
  fax: { column: FAX, type: text }
relations:
  faktuurs: { many: Faktuur, by: klant }
  orders: { many: Order, by: klant }
`,
  },
  {
    path: 'model/faktuur.yaml',
    text: `object: Faktuur
database: old
table: FAKTUUR
attributes:
  nr: { column: NR, type: integer, key: true }
  klant: { column: KLANTNR, to: Klant }
  payer: { column: PAYER, to: Klant }
`,
  },
  {
    path: 'model/order.yaml',
    text: 'object: Order\ndatabase: old\ntable: ORDERS\nattributes:\n  id: { column: ID, type: integer, key: true }\n  klant: { column: KLANTNR, to: Klant }\n',
  },
];

it('adds what is new in the database, under the names somebody gave what was known', () => {
  const merged = mergeImport(written, imported);
  expect(merged.map(({ path, added, isNew }) => [path, added, isNew])).toEqual([
    ['model/client.yaml', ['town_', 'fax', 'orders'], false],
    ['model/bill.yaml', ['payer'], false],
    ['model/order.yaml', [], true],
  ]);
  expect(merged[0]?.text).toBe(
    customer
      .replace(
        "'!'\" }\n",
        "'!'\" }\n  town_: { column: TOWN_CODE, type: text, length: 4 }\n  fax: { column: FAX, type: text }\n",
      )
      .replace('by: debtor }\n', 'by: debtor }\n  orders: { many: Order, by: klant }\n'),
  );
  expect(merged[1]?.text).toBe(`${bill}  payer: { column: PAYER, to: Client }\n`);
});

it('adds nothing the third time', () => {
  const once = mergeImport(written, imported);
  const files = [
    ...written.map((file) => ({ ...file, text: once.find(({ path }) => path === file.path)?.text ?? file.text })),
    ...once.filter(({ isNew }) => isNew),
  ];
  expect(mergeImport(files, imported)).toEqual([]);
});

it('leaves out what the model file says it ignores, whatever it is called there', () => {
  const ignoring = customer.replace('attributes:', 'ignore: [FAX, town_code, Order.klant]\nattributes:');
  const files = [{ path: 'model/client.yaml', text: ignoring }, written[1] as (typeof written)[0]];
  const merged = mergeImport(files, imported);
  expect(merged.find(({ path }) => path === 'model/client.yaml')).toBeUndefined();
  expect(mergeImport(written, imported).find(({ path }) => path === 'model/client.yaml')?.added).toContain('fax');
});
