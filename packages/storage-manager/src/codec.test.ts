import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode } from './codec.js';
import type { ColumnType, TableShape } from './contract.js';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, testDatabases } from './databases.test.support.js';
import { decimalFromScaled } from './decimal.js';

const SCALE = 4;
const types: ColumnType[] = [
  'text',
  'integer',
  'bigint',
  'number',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'json',
  'binary',
];

const wide: TableShape = {
  name: 'value',
  kind: 'table',
  columns: [
    { name: 'id', type: 'integer', nullable: false },
    ...types.map((type) => ({
      name: `as_${type}`,
      type,
      nullable: true,
      ...(type === 'decimal' ? { scale: SCALE } : {}),
    })),
  ],
  primaryKey: ['id'],
  uniques: [],
  indexes: [],
  foreignKeys: [],
};

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000'));
const whole = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()));
const day = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const storableJson = fc
  .jsonValue({ noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .filter((value) => value !== null && !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)));

const row = fc.record<Record<ColumnType, unknown>>({
  text: fc.option(text),
  integer: fc.option(fc.maxSafeInteger().map((value) => value + 0)),
  bigint: fc.option(whole),
  number: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  decimal: fc.option(
    fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((units) => decimalFromScaled(units, SCALE)),
  ),
  boolean: fc.option(fc.boolean()),
  date: fc.option(day.map((value) => value.toISOString().slice(0, 10))),
  datetime: fc.option(day.map((value) => value.toISOString())),
  json: fc.option(storableJson),
  binary: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'))),
});

describe.each(testDatabases)('values on $dialect', ({ dialect, own, available }) => {
  const database = own();
  let open: OpenStorage;
  beforeAll(async () => {
    if (!available) return;
    open = await createStorage({ databases: { main: database.url }, ids: countingIds(dialect) });
    await open.storage.migrate(await open.storage.plan('main', [wide]));
  });
  afterAll(async () => {
    await open?.close();
    if (available) await database.drop();
  });

  it.skipIf(!available)('come back from the database as they went in', async () => {
    let id = 0;
    await fc.assert(
      fc.asyncProperty(row, async (values) => {
        const { storage } = open;
        const stored = Object.fromEntries(
          types.map((type) => [`as_${type}`, storage.encode('main', type, values[type], SCALE)]),
        );
        id++;
        await storage.query('main', (knex) => knex('value').insert({ id, ...stored }));
        const found = await storage.query<Record<string, unknown>[]>('main', (knex) => knex('value').where({ id }));
        const back = Object.fromEntries(
          types.map((type) => [type, storage.decode('main', type, found[0]?.[`as_${type}`], SCALE)]),
        );
        expect(back).toEqual(values);
      }),
      { numRuns: 150 },
    );
  });

  it.skipIf(!available)('sum and sort decimals exactly', async () => {
    const { storage } = open;
    const amounts = ['0.1000', '0.2000', '-3.0000', '90071992547409.9300'];
    await storage.query('main', (knex) => knex('value').delete());
    for (const [n, amount] of amounts.entries()) {
      await storage.query('main', (knex) =>
        knex('value').insert({ id: n, as_decimal: storage.encode('main', 'decimal', amount, SCALE) }),
      );
    }
    const sums = await storage.query<{ sum: unknown }[]>('main', (knex) => knex('value').sum('as_decimal as sum'));
    expect(storage.decode('main', 'decimal', sums[0]?.sum, SCALE)).toBe('90071992547407.2300');
    const sorted = await storage.query<{ as_decimal: unknown }[]>('main', (knex) =>
      knex('value').orderBy('as_decimal'),
    );
    expect(sorted.map((each) => storage.decode('main', 'decimal', each.as_decimal, SCALE))).toEqual([
      '-3.0000',
      '0.1000',
      '0.2000',
      '90071992547409.9300',
    ]);
  });

  it.skipIf(!available)('are refused alike where one database could not hold them', () => {
    const refused: [ColumnType, unknown][] = [
      ['text', 'a\u0000b'],
      ['text', 'half \ud800'],
      ['json', { a: '\u0000' }],
      ['json', { a: 'half \ud800' }],
      ['integer', 1.5],
      ['bigint', '9223372036854775808'],
      ['number', Number.POSITIVE_INFINITY],
      ['decimal', '1.00001'],
      ['decimal', 'twelve'],
      ['boolean', 'yes'],
      ['date', '2026-02-30'],
      ['datetime', 'yesterday'],
      ['binary', 'not base64!'],
    ];
    for (const [type, value] of refused) {
      expect(() => open.storage.encode('main', type, value, SCALE), `${type} ${JSON.stringify(value)}`).toThrow(
        expect.objectContaining({ code: 'VALUE_NOT_STORABLE', status: 422 }),
      );
    }
  });
});

describe('legacy values', () => {
  const legacy = { dialect: 'sqlite' as const, managed: false };

  it.each<[ColumnType, unknown, unknown, number?]>([
    ['decimal', 12.499999999999998, '12.50', 2],
    ['decimal', 14, '14.00', 2],
    ['decimal', '3.14159', '3.14159'],
    ['datetime', '1996-07-04 13:05:09', '1996-07-04T13:05:09.000Z'],
    ['datetime', '1996-07-04', '1996-07-04T00:00:00.000Z'],
    ['datetime', '1996-02-29T23:59:59.125Z', '1996-02-29T23:59:59.125Z'],
    ['datetime', '1996-02-28 23:59:59.125', '1996-02-28T23:59:59.125Z'],
    ['datetime', '1996-02-28T00:00:00Z', '1996-02-28T00:00:00.000Z'],
    ['datetime', '1996-13-04 13:05:09', '1996-13-04 13:05:09'],
    ['datetime', 836_485_509, '1996-07-04T13:05:09.000Z'],
    ['datetime', '1996-07-04T13:05:09+02', '1996-07-04T11:05:09.000Z'],
    ['datetime', 'unknown', 'unknown'],
    ['date', '1996-07-04 00:00:00', '1996-07-04'],
    ['date', 19_960_704, '1996-07-04'],
    ['boolean', 'J', true],
    ['boolean', 'N', false],
    ['integer', '0042', 42],
    ['binary', Buffer.from('abc'), 'YWJj'],
  ])('of type %s: %j is read as %j', (type, stored, value, scale) =>
    expect(decode(legacy, type, stored, scale)).toEqual(value),
  );

  it('are written as the legacy program writes them', () => {
    expect(encode(legacy, 'datetime', '1996-07-04T13:05:09.000Z')).toBe('1996-07-04 13:05:09');
    expect(encode(legacy, 'decimal', '12.50', 2)).toBe(12.5);
  });
});
