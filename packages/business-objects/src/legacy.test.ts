import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatFault } from '@caruso/declarations';
import { VirtualClock } from '@caruso/service-manager/contract';
import { createStorage, type OpenStorage } from '@caruso/storage-manager';
import SQLite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { createObjects, type OpenObjects } from './create-objects.js';
import { counting } from './databases.test.support.js';

const CUSTOMER = `object: Customer
attributes:
  customerNo: { type: text, key: true }
  yearValue: { sum: invoices.total }
  invoiced: { count: invoices, where: "paid = false" }
relations:
  invoices: { many: Invoice, by: customer }
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
  paidOn: { column: DAT_BET, type: date, format: dd-mm-yyyy }
  paid: { column: BETAALD, type: boolean }
  changedAt: { column: GEWIJZIGD, type: datetime }
`;

let storage: OpenStorage | undefined;
let clock: VirtualClock;
afterEach(() => storage?.close());

function legacyFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'caruso-legacy-')), 'billing.db');
  const made = new SQLite(file);
  made.exec(`create table FAKTUUR_KOP (JR integer not null, FKT_NR integer not null, KLANTNR text, BDR_TOT real, DAT_FKT integer,
    DAT_BET text, BETAALD text, GEWIJZIGD text, OPM text, primary key (JR, FKT_NR));
    insert into FAKTUUR_KOP values (2026, 1, 'C1', 12.499999999999998, 20260115, '31-01-2026', 'J', '2026-01-15 09:30:00', 'x');
    insert into FAKTUUR_KOP values (2026, 2, 'C1', 0.1, 20260215, null, 'N', '2026-02-15T09:30:00.250Z', 'y');
    insert into FAKTUUR_KOP values (2026, 3, 'C2', 5, 0, '', 'n', null, null);`);
  made.close();
  return file;
}

async function start(file: string, model: Record<string, string>): Promise<OpenObjects> {
  clock = new VirtualClock();
  const opened = await createStorage({
    databases: { main: 'sqlite::memory:', billing: { url: `sqlite:${file}`, managed: false } },
    ids: counting(),
    clock,
  });
  storage = opened;
  return createObjects({ storage: opened.storage, journal: opened.journal, ids: counting(), clock, model });
}

describe('a legacy database with names and forms of its own', () => {
  it('is read in our forms', async () => {
    const { objects, faults } = await start(legacyFile(), { 'customer.yaml': CUSTOMER, 'invoice.yaml': INVOICE });
    expect(faults.map(formatFault)).toEqual([]);
    const { records } = await objects.find({ object: 'Invoice' });
    expect(
      records.map(({ key, values }) => [
        key,
        values['total'],
        values['issuedOn'],
        values['paidOn'],
        values['paid'],
        values['changedAt'],
      ]),
    ).toEqual([
      ['2026~1', { amount: '12.50', currency: 'EUR' }, '2026-01-15', '2026-01-31', true, '2026-01-15T09:30:00.000Z'],
      ['2026~2', { amount: '0.10', currency: 'EUR' }, '2026-02-15', null, false, '2026-02-15T09:30:00.250Z'],
      ['2026~3', { amount: '5.00', currency: 'EUR' }, null, null, false, null],
    ]);
  });

  it.each([
    ['total.amount = 12.5', ['2026~1']],
    ["issuedOn >= date('2026-02-01')", ['2026~2']],
    ['issuedOn = null', ['2026~3']],
    ["paidOn = date('2026-01-31')", ['2026~1']],
    ['paid = false and year = 2026', ['2026~2', '2026~3']],
    ["changedAt < datetime('2026-02-01T00:00:00Z')", ['2026~1']],
    ["changedAt = datetime('2026-02-15T09:30:00.250Z')", ['2026~2']],
    ['month(issuedOn) = 2', ['2026~2']],
  ])('is filtered by %s in our forms', async (where, expected) => {
    const { objects } = await start(legacyFile(), { 'customer.yaml': CUSTOMER, 'invoice.yaml': INVOICE });
    expect((await objects.find({ object: 'Invoice', where })).records.map(({ key }) => key)).toEqual(expected);
  });

  it('is written in its own forms, other columns left as they are', async () => {
    const file = legacyFile();
    const { objects } = await start(file, { 'customer.yaml': CUSTOMER, 'invoice.yaml': INVOICE });
    await objects.create({ object: 'Customer', values: { customerNo: 'C1' } });
    await objects.update({
      object: 'Invoice',
      key: '2026~2',
      values: {
        issuedOn: '2026-12-24',
        paidOn: '2026-12-31',
        total: { amount: '7.25' },
        changedAt: '2026-12-24T10:00:00Z',
      },
    });
    const read = new SQLite(file, { readonly: true });
    expect(read.prepare('select * from FAKTUUR_KOP where FKT_NR = 2').get()).toEqual({
      JR: 2026,
      FKT_NR: 2,
      KLANTNR: 'C1',
      BDR_TOT: 7.25,
      DAT_FKT: 20261224,
      DAT_BET: '31-12-2026',
      BETAALD: 'N',
      GEWIJZIGD: '2026-12-24 10:00:00',
      OPM: 'y',
    });
    read.close();
    const { records } = await objects.find({ object: 'Customer' });
    expect(records[0]?.values).toMatchObject({ yearValue: { amount: '19.75', currency: 'EUR' }, invoiced: 1 });
  });

  it('refuses the object whose table or column it does not have, by file and line; the rest serves', async () => {
    const misspelt = INVOICE.replace('BDR_TOT', 'BDR_TOTT');
    const line = INVOICE.replace('object: Invoice', 'object: Line').replace('FAKTUUR_KOP', 'FAKTUR_KOP');
    const { objects, faults } = await start(legacyFile(), {
      'customer.yaml': CUSTOMER,
      'invoice.yaml': misspelt,
      'line.yaml': line,
    });
    expect(faults.map(formatFault)).toEqual([
      "model/invoice.yaml:8:20 error MODEL_COLUMN_UNKNOWN table 'FAKTUUR_KOP' of database 'billing' has no column 'BDR_TOTT' (did you mean 'BDR_TOT'?)",
      "model/line.yaml:3:8 error MODEL_TABLE_UNKNOWN database 'billing' has no table 'FAKTUR_KOP' (did you mean 'FAKTUUR_KOP'?)",
    ]);
    await expect(objects.find({ object: 'Invoice' })).rejects.toMatchObject({
      code: 'OBJECT_REFUSED',
      status: 503,
      message: expect.stringContaining('model/invoice.yaml:8:20'),
    });
    await objects.create({ object: 'Customer', values: { customerNo: 'C1' } });
    expect((await objects.describe({})).objects.map(({ name }) => name)).toEqual(['Customer']);
  });

  it('being down takes only its own objects out of service, until it is back', async () => {
    const file = legacyFile();
    renameSync(file, `${file}.away`);
    const open = await start(file, { 'customer.yaml': CUSTOMER, 'invoice.yaml': INVOICE });
    await open.objects.create({ object: 'Customer', values: { customerNo: 'C1' } });
    expect((await open.objects.find({ object: 'Customer' })).records[0]?.values).toMatchObject({
      customerNo: 'C1',
      yearValue: null,
      invoiced: null,
    });
    await expect(open.objects.find({ object: 'Invoice' })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      status: 503,
    });
    const { records } = await open.objects.find({ object: 'Customer', include: ['invoices'] });
    expect(records[0]?.related).toBeUndefined();
    await storage?.storage.unitOfWork(() => open.objects.create({ object: 'Customer', values: { customerNo: 'C2' } }));
    expect((await open.objects.find({ object: 'Customer' })).records).toHaveLength(2);
    expect(open.inspect()).toMatchObject({ waitingFor: ['billing'] });
    renameSync(`${file}.away`, file);
    await clock.advance(60_000);
    expect((await open.objects.find({ object: 'Invoice' })).records).toHaveLength(3);
    await open.recheck();
    expect(open.inspect()).toMatchObject({ waitingFor: [] });
    expect((await open.objects.find({ object: 'Customer' })).records[0]?.values).toMatchObject({ invoiced: 1 });
  });
});
