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

const side = (object: string, table: string, relations = '') =>
  `object: ${object}\ndatabase: old\ntable: ${table}\nattributes:\n  id: { column: ID, type: integer, key: true }\n${relations}`;
const junction = (object: string, left: string, right: string) =>
  `object: ${object}\ndatabase: old\ntable: A_B\nattributes:\n  ${left}: { column: A_ID, to: ${left === 'a' ? 'A' : 'Alpha'}, key: true }\n  ${right}: { column: B_ID, to: B, key: true }\n`;
const both = [
  { path: 'model/a.yaml', text: side('A', 'A', 'relations:\n  bs: { many: B, through: AB }\n') },
  { path: 'model/b.yaml', text: side('B', 'B', 'relations:\n  as: { many: A, through: AB }\n') },
  { path: 'model/ab.yaml', text: junction('AB', 'a', 'b') },
];

it('adds many-to-many relations to both sides, in the names that are there', () => {
  const there = [
    { path: 'model/alpha.yaml', text: side('Alpha', 'A') },
    { path: 'model/b.yaml', text: side('B', 'B') },
    { path: 'model/pair.yaml', text: junction('Pair', 'alpha', 'b') },
  ];
  const merged = mergeImport(there, both);
  expect(merged.map(({ path, added }) => [path, added])).toEqual([
    ['model/alpha.yaml', ['bs']],
    ['model/b.yaml', ['as']],
  ]);
  expect(merged.map(({ text }) => text.split('\n').at(-2))).toEqual([
    '  bs: { many: B, through: Pair }',
    '  as: { many: Alpha, through: Pair }',
  ]);
});

it('knows a many-to-many relation however it was written', () => {
  const ways = [
    ['bs: { many: B, through: AB, from: a, to: b }', 'backs: { many: A, inverse: bs }'],
    ['bs: { many: B, table: A_B, from: A_ID, to: B_ID }', 'as: { many: A, table: a_b, from: B_ID, to: A_ID }'],
  ];
  for (const [left = '', right = ''] of ways) {
    const there = [
      { path: 'model/a.yaml', text: side('A', 'A', `relations:\n  ${left}\n`) },
      { path: 'model/b.yaml', text: side('B', 'B', `relations:\n  ${right}\n`) },
      { path: 'model/ab.yaml', text: junction('AB', 'a', 'b') },
    ];
    expect(mergeImport(there, both)).toEqual([]);
  }
});
