import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder } from '../support/front-office.js';

/**
 * One person, who sees the customers of the north and not what they owe, asks in every place that gives data out. In each the same words
 * must be there, and the same must not: names of the south, and the hidden figure.
 */
const SEEN = ['Northmann', 'Norden'];
const UNSEEN = /Southwell|Sudermann|77123|south|arrears|debt/;
const password = 'rights-1';

const files = (hook: string) => ({
  'caruso.yaml': `caruso: 1
name: Rights
seed: true
databases:
  main: sqlite:./data/main.db
  billing: { url: "sqlite:./data/billing.db" }
components:
  webhooks:
    config:
      private: [127.0.0.1]
      hooks:
        partner: { url: "${hook}", secret: a-secret-of-24-characters, on: [Customer.*, Invoice.*], role: supervisor, user: { region: north } }
`,
  'model/customer.yaml': `object: Customer
attributes:
  no: { type: text, key: true }
  name: { type: text, required: true, search: true }
  region: { type: text }
  arrears: { type: text, search: true }
  debt: { type: integer }
  email: { type: email }
  referredBy: { to: Customer }
relations:
  invoices: { many: Invoice, by: customer }
duplicates:
  - same: [email]
rights:
  supervisor: { read: "region = user.region", write: [name, region, email, referredBy], create: true, delete: true, hide: [arrears, debt] }
  administrator: all
`,
  // In another database: no join can keep its rows to those of the customers that are seen.
  'model/invoice.yaml': `object: Invoice
database: billing
attributes:
  no: { type: text, key: true }
  customer: { to: Customer }
  region: { type: text }
  issued: { type: datetime, required: true }
  text: { type: text, search: true }
  amount: { type: money, currency: EUR }
rights:
  supervisor: { read: "region = user.region", write: [text] }
  administrator: all
`,
  'metrics.yaml': `metrics:
  invoices.issued: { count: Invoice, at: issued, label: Issued }
  customers.all: { count: Customer, label: Customers }
`,
  'reports/invoices.yaml': `report: invoices
label: Invoices
metrics: [invoices.issued]
by: [text]
period: { every: 1d, of: last 7 days }
`,
  'seed/10-users.yaml': `- call: users.define
  with: { user: sam, name: Sam, roles: [supervisor], attributes: { region: north }, password: ${password} }
- call: users.define
  with: { user: ada, name: Ada, roles: [administrator], password: ${password} }
`,
});

const customers = [
  {
    no: 'N1',
    name: 'Northmann',
    region: 'north',
    arrears: '77123',
    debt: 77_123,
    email: 'n1@example.org',
    referredBy: 'S1',
  },
  {
    no: 'N2',
    name: 'Norden',
    region: 'north',
    arrears: '77123',
    debt: 77_123,
    email: 'n2@example.org',
    referredBy: 'N1',
  },
  {
    no: 'S1',
    name: 'Southwell',
    region: 'south',
    arrears: '77123',
    debt: 77_123,
    email: 's1@example.org',
    referredBy: null,
  },
  {
    no: 'S2',
    name: 'Sudermann',
    region: 'south',
    arrears: '77123',
    debt: 77_123,
    email: 's2@example.org',
    referredBy: 'N1',
  },
];

describe('rights on objects, fields and rows', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-rights-'));
  const messages: string[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      messages.push(body);
      response.end();
    });
  });
  let office: FrontOffice;
  let sam: ApiClient;
  let ada: ApiClient;

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    for (const [name, text] of Object.entries(files(hook))) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    office = await FrontOffice.start(folder);
    sam = await ApiClient.signedIn(office.url, 'sam', password);
    ada = await ApiClient.signedIn(office.url, 'ada', password);
    for (const values of [...customers.slice(2, 3), ...customers.slice(0, 2), ...customers.slice(3)])
      await ada.json('POST', '/api/objects/Customer', { values });
    const issued = new Date(Date.now() - 2 * 86_400_000).toISOString();
    for (const { no, name, region } of customers)
      await ada.json('POST', '/api/objects/Invoice', {
        values: {
          no: `I${no}`,
          customer: no,
          region,
          issued,
          text: `for ${name}`,
          amount: { amount: '1.00', currency: 'EUR' },
        },
      });
    await ada.json('PATCH', '/api/objects/Customer/N1', { values: { arrears: 'x', debt: 1 } }, { 'if-match': '*' });
    await ada.json(
      'PATCH',
      '/api/objects/Customer/N1',
      { values: { arrears: '77123', debt: 77_123 } },
      { 'if-match': '*' },
    );
  }, 60_000);
  afterAll(async () => {
    await office.stop();
    receiver.close();
    removeFolder(folder);
  });

  const textOf = async (answer: Response): Promise<string> => {
    const type = answer.headers.get('content-type') ?? '';
    if (!type.includes('spreadsheet')) return answer.text();
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await answer.arrayBuffer());
    return JSON.stringify(book.worksheets.map((sheet) => sheet.getSheetValues()));
  };
  const get = async (address: string) => {
    const answer = await sam.fetch('GET', address);
    return { status: answer.status, text: await textOf(answer) };
  };
  const called = async (method: string, input: unknown) => {
    const answer = await sam.fetch('POST', `/api/call/${method.replace('.', '/')}`, input);
    return { status: answer.status, text: await answer.text() };
  };
  const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

  /** Places that give out everything of their kind: both of the north are there, nothing else. */
  const whole: [place: string, ask: () => Promise<{ status: number; text: string }>][] = [
    ['a list', () => get('/api/objects/Customer')],
    [
      'a list, filtered by what is not seen of it',
      () => get(`/api/objects/Customer?${query({ where: "region <> 'x'" })}`),
    ],
    [
      'a list of what was referred',
      () => get(`/api/objects/Customer?${query({ where: "name <> 'x'", include: 'referredBy' })}`),
    ],
    ['a sorted list', () => get('/api/objects/Customer?sort=-region,referredBy.name')],
    ['a search', () => get('/api/objects/Customer?search=n')],
    ['a list of another database with what it leads to', () => get('/api/objects/Invoice?include=customer')],
    ['an export as CSV', () => get('/api/exports/Customer.csv')],
    ['an export as JSON', () => get('/api/exports/Customer.json')],
    ['an export as XLSX', () => get('/api/exports/Customer.xlsx')],
    ['a report', () => called('reporting.run', { report: 'invoices' })],
    ['a report as CSV', () => get('/api/reports/invoices.csv')],
    ['a report as XLSX', () => get('/api/reports/invoices.xlsx')],
    [
      'figures',
      () => called('objects.aggregate', { object: 'Customer', by: ['name'], measures: [{ name: 'n', kind: 'count' }] }),
    ],
    ['completions of the palette', () => called('objects.find', { object: 'Customer', search: 'n', limit: 6 })],
    ['completions of a reference', () => called('objects.find', { object: 'Customer', limit: 20 })],
  ];

  test.each(whole)('hold in %s', async (_place, ask) => {
    const { status, text } = await ask();
    expect(status).toBe(200);
    for (const name of SEEN) expect(text).toContain(name);
    expect(text).not.toMatch(UNSEEN);
  });

  test('hold in totals', async () => {
    const run = await called('reporting.run', { report: 'invoices' });
    expect(JSON.parse(run.text)).toMatchObject({ totals: { 'invoices.issued': 2 } });
    const all = await ada.call('reporting.run', { report: 'invoices' });
    expect(all).toMatchObject({ totals: { 'invoices.issued': 4 } });
    const count = await called('objects.aggregate', { object: 'Customer', measures: [{ name: 'n', kind: 'count' }] });
    expect(JSON.parse(count.text)).toEqual({ rows: [{ by: {}, measures: { n: 2 } }] });
  });

  test('hold in one record, its related lists and its history', async () => {
    for (const address of ['', '?include=invoices,referredBy', '/invoices', '/invoices?include=customer', '/history']) {
      const { status, text } = await get(`/api/objects/Customer/N1${address}`);
      expect([address, status]).toEqual([address, 200]);
      expect(text).toContain('Northmann');
      expect(text).not.toMatch(UNSEEN);
    }
    // What it leads to is not to be seen.
    expect((await get('/api/objects/Customer/N1/referredBy')).status).toBe(404);
    expect(JSON.parse((await get('/api/objects/Customer/N1?include=referredBy')).text)).toMatchObject({
      related: { referredBy: null },
    });
    const screen = await called('screens.resolve', { screen: 'record:Customer', key: 'N1' });
    expect(screen.status).toBe(200);
    expect(screen.text).not.toMatch(/Southwell|Sudermann|77123|arrears|debt/);
  });

  test.each([
    ['a record', () => get('/api/objects/Customer/S1')],
    ['its history', () => get('/api/objects/Customer/S1/history')],
    ['its related list', () => get('/api/objects/Customer/S1/invoices')],
    ['what it leads to', () => get('/api/objects/Customer/S2/referredBy')],
    ['a screen', () => called('screens.resolve', { screen: 'record:Customer', key: 'S1' })],
    ['a comparison', () => called('quality.compare', { object: 'Customer', keep: 'N1', other: 'S1' })],
    ['a change', () => called('objects.update', { object: 'Customer', key: 'S1', values: { name: 'x' } })],
    ['a deletion', () => called('objects.delete', { object: 'Customer', key: 'S1' })],
  ])('of a row that is not seen tell nothing: %s', async (_place, ask) => {
    const { status, text } = await ask();
    expect([400, 404, 409]).toContain(status);
    expect(text).not.toMatch(/Southwell|Sudermann|77123/);
  });

  test.each([
    ['a filter', () => get(`/api/objects/Customer?${query({ where: 'debt > 1' })}`)],
    ['a filter through a reference', () => get(`/api/objects/Invoice?${query({ where: 'customer.debt > 1' })}`)],
    ['an order', () => get('/api/objects/Customer?sort=arrears')],
    ['an order through a reference', () => get('/api/objects/Customer?sort=referredBy.arrears')],
    ['a column of an export', () => get('/api/exports/Customer.csv?columns=name,arrears')],
    [
      'a sum',
      () => called('objects.aggregate', { object: 'Customer', measures: [{ name: 'n', kind: 'sum', of: 'debt' }] }),
    ],
    [
      'a group',
      () =>
        called('objects.aggregate', { object: 'Customer', by: ['arrears'], measures: [{ name: 'n', kind: 'count' }] }),
    ],
    [
      'a condition of a figure',
      () =>
        called('objects.aggregate', {
          object: 'Customer',
          measures: [{ name: 'n', kind: 'count', where: 'debt > 1' }],
        }),
    ],
    ['a change', () => called('objects.update', { object: 'Customer', key: 'N1', values: { arrears: 0 } })],
  ])('of a field that is not seen refuse %s', async (_place, ask) => {
    const { status, text } = await ask();
    expect([400, 403]).toContain(status);
    expect(text).not.toContain('77123');
  });

  test('a search does not find by what is hidden, nor a filter by what lies behind a row that is not seen', async () => {
    expect(JSON.parse((await get('/api/objects/Customer?search=77123')).text)).toMatchObject({ records: [] });
    const behind = await get(`/api/objects/Customer?${query({ where: "referredBy.name = 'Southwell'" })}`);
    expect(JSON.parse(behind.text)).toMatchObject({ records: [] });
    const pages = await get('/api/objects/Customer?limit=1&sort=-region');
    const { next } = JSON.parse(pages.text) as { next: string };
    const second = JSON.parse((await get(`/api/objects/Customer?limit=1&sort=-region&after=${next}`)).text) as object;
    expect(second).toMatchObject({ next: null });
  });

  test('hold for duplicates, for many changes at once, and where a record would be moved out of sight', async () => {
    const same = await called('objects.create', {
      object: 'Customer',
      values: { no: 'N3', name: 'New', region: 'north', email: 's1@example.org' },
    });
    expect(same.status).toBe(409);
    expect(same.text).not.toMatch(/Southwell|S1/);
    const bulk = await sam.fetch('POST', '/api/objects/Customer/bulk', {
      operations: [
        { do: 'update', key: 'N1', values: { name: 'Changed' } },
        { do: 'delete', key: 'S2' },
        { do: 'update', key: 'N2', values: { region: 'south' } },
        { do: 'update', key: 'N2', values: { arrears: 0 } },
      ],
    });
    const { error } = (await bulk.json()) as { error: { details: { faults: { index: number; code: string }[] } } };
    expect(error.details.faults.map(({ index, code }) => [index, code])).toEqual([
      [1, 'RECORD_NOT_FOUND'],
      [2, 'ACCESS_DENIED'],
      [3, 'ACCESS_DENIED'],
    ]);
    expect((await get('/api/objects/Customer/N1')).text).toContain('Northmann');
  });

  test('hold in the description of the interface', async () => {
    expect((await get('/api/openapi.json')).text).not.toMatch(/arrears|debt/);
    expect((await called('objects.describe', { object: 'Customer' })).text).not.toMatch(/arrears|debt/);
  });

  test('hold in what a webhook of the role is told', async () => {
    await office.until('all deliveries', async () => {
      const [row] = (await ada.call<{ webhooks: { counts: Record<string, number> }[] }>('webhooks.list')).webhooks;
      return row?.counts['waiting'] === 0 && (row.counts['delivered'] ?? 0) >= 4 ? true : undefined;
    });
    const all = messages.join('\n');
    for (const name of SEEN) expect(all).toContain(name);
    expect(all).not.toMatch(UNSEEN);
    // Two customers and their two invoices; the changes of the hidden figure are nobody's business.
    expect(messages).toHaveLength(4);
  });
});
