import objects from '@caruso/business-objects';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DescribedClient } from './testing/described-client.js';
import { Browser, type Served, serve } from './testing/served.js';

const model = {
  'model/customer.yaml': `
object: Customer
attributes:
  no: { type: text, key: true, pattern: "C[0-9]+", length: 10 }
  name: { type: text, required: true, search: true }
  kind: { type: one of, values: [person, company], required: true, default: person }
  credit: { type: money, currency: EUR }
  born: { type: date }
  score: { type: number }
  calls: { type: integer }
  active: { type: boolean, default: true }
  mail: { type: email }
  site: { type: url }
  facts: { type: json }
  picture: { type: binary }
  seen: { type: datetime }
  share: { type: decimal, scale: 3 }
  loud: { formula: "upper(name)" }
  lineCount: { count: lines }
relations:
  lines: { many: Line, by: customer }
  notes: { many: Note, table: true }
  partners: { many: Customer, through: Line, from: customer, to: partner }
rights:
  agent: { read: all, write: all, create: true, delete: true }
`,
  'model/line.yaml': `
object: Line
attributes:
  customer: { to: Customer, key: true }
  number: { type: integer, key: true }
  partner: { to: Customer }
rights:
  agent: { read: all, write: all, create: true, delete: true }
`,
  'model/note.yaml': `
object: Note
delete: keep
attributes:
  no: { type: integer, key: true }
  pin: { type: text, sensitive: true }
rights:
  agent: all
`,
  'model/log.yaml': `
object: Log
attributes:
  id: { type: text, key: generated }
rights:
  agent: read
`,
};

/** Every attribute type, with values at the edges of what the schemas allow. */
const everything = {
  no: 'C1',
  name: 'Ada',
  kind: 'company',
  credit: { amount: '-12.50', currency: 'EUR' },
  born: '2024-02-29',
  score: 0.1,
  calls: '9007199254740993',
  active: false,
  mail: 'ada@example.org',
  site: 'https://example.org/a?b',
  facts: { deep: [1, null, 'x'] },
  picture: 'AAECAw==',
  seen: '2026-06-15T10:00:00.000Z',
  share: '0.125',
};

describe('a program that knows the OpenAPI document alone', () => {
  let served: Served;
  let client: DescribedClient;
  beforeAll(async () => {
    const { component } = createDeclarations(folderOf(model));
    served = await serve({}, { declarations: component, objects });
    client = await DescribedClient.of(await Browser.signedIn(served.url, 'anna'));
  });
  afterAll(() => served.stop());

  test('can use every address of every object, and gets what the schemas say', async () => {
    const created = await client.call('Customer.create', { body: { values: everything } });
    expect(created.status).toBe(201);
    await client.call('Customer.create', { body: { values: { no: 'C2', name: 'Bo', kind: 'person' } } });
    await client.call('Line.create', { body: { values: { customer: 'C1', number: 1, partner: 'C2' } } });
    await client.call('Line.create', { body: { values: { customer: 'C1', number: 2 } } });

    const key = 'C1';
    const list = await client.call('Customer.list', { query: { where: "kind = 'company'", include: 'lines.partner' } });
    expect(list.body).toMatchObject({ records: [{ key, related: { lines: [{}, {}] } }] });
    const read = await client.call('Customer.read', { path: { key }, query: { include: 'lines' } });
    expect(read.body).toMatchObject({ values: { ...everything, loud: 'ADA', lineCount: 2 } });
    const etag = read.headers.get('etag') ?? '';
    await client.call('Customer.read', { path: { key }, headers: { 'If-None-Match': etag } });
    await client.call('Customer.lines', { path: { key }, query: { sort: '-number', limit: '1' } });
    expect((await client.call('Line.customer', { path: { key: 'C1~1' } })).body).toMatchObject({ key });
    expect((await client.call('Line.partner', { path: { key: 'C1~2' } })).status).toBe(404);

    const change = { path: { key }, body: { values: { name: 'Ada L.', born: null } } };
    expect((await client.call('Customer.change', { ...change, headers: { 'If-Match': etag } })).status).toBe(200);
    expect((await client.call('Customer.change', { ...change, headers: { 'If-Match': etag } })).status).toBe(412);
    await client.call('Line.change', {
      path: { key: 'C1~2' },
      body: { values: { partner: 'C2' } },
      headers: { 'If-Match': '*' },
    });
    // Both lines made it a partner of the other customer, which its history says too.
    expect((await client.call('Customer.history', { path: { key } })).body).toMatchObject({ events: [{}, {}, {}, {}] });
    await client.call('Line.history', { path: { key: 'C1~2' }, query: { limit: '1' } });
    await client.call('Line.list', { query: { include: 'customer,partner' } });
    await client.call('Line.read', { path: { key: 'C1~2' } });

    const operations = [
      { do: 'create', values: { no: 'C7', name: 'Seven', kind: 'person' } },
      { do: 'update', key: 'C2', values: { score: 3 } },
      { do: 'delete', key: 'C7' },
    ];
    expect((await client.call('Customer.bulk', { body: { operations } })).status).toBe(200);
    expect((await client.call('Customer.bulk', { body: { operations: operations.slice(2) } })).status).toBe(422);
    await client.call('Line.bulk', { body: { operations: [{ do: 'delete', key: 'C1~1' }] } });
    expect((await client.call('Line.delete', { path: { key: 'C1~2' } })).status).toBe(204);
    expect((await client.call('Customer.delete', { path: { key }, headers: { 'If-Match': etag } })).status).toBe(412);
    expect((await client.call('Customer.delete', { path: { key } })).status).toBe(204);
    expect((await client.call('Customer.read', { path: { key } })).status).toBe(404);

    await client.call('Note.create', { body: { values: { no: 7 } } });
    const place = { key: 'C2', other: '7' };
    expect((await client.call('Customer.notes.link', { path: place })).status).toBe(204);
    const links = await client.call('Customer.notes.linkAll', { path: { key: 'C2' }, body: { keys: ['7'] } });
    expect(links.body).toEqual({ linked: [] });
    const stale = { 'If-Match': '"99"' };
    expect((await client.call('Customer.notes.link', { path: place, headers: stale })).status).toBe(412);
    expect((await client.call('Customer.notes', { path: { key: 'C2' } })).body).toMatchObject({
      records: [{ key: '7' }],
    });
    for (const _ of [1, 2]) expect((await client.call('Customer.notes.unlink', { path: place })).status).toBe(204);
    expect((await client.call('Customer.notes', { path: { key: 'C2' } })).body).toMatchObject({ records: [] });
    await client.call('Note.delete', { path: { key: '7' } });
    const both = { key: 'C2', other: 'C2' };
    const line = { values: { number: 5 } };
    expect((await client.call('Customer.partners.link', { path: both, body: line })).status).toBe(204);
    expect((await client.call('Customer.partners', { path: { key: 'C2' } })).body).toMatchObject({
      records: [{ key: 'C2' }],
    });
    await client.call('Customer.partners.unlink', { path: both });
    await client.call('Customer.partners.linkAll', { path: { key: 'C2' }, body: { keys: ['C2'], ...line } });
    await client.call('Customer.partners.unlink', { path: both });

    await client.call('Note.create', { body: { values: { no: 1, pin: '4711' } } });
    const note = { path: { key: '1' } };
    expect((await client.call('Note.read', note)).body).toMatchObject({ values: { pin: '***' } });
    expect((await client.call('Note.reveal', { ...note, body: { attributes: ['pin'] } })).body).toEqual({
      values: { pin: '4711' },
    });
    await client.call('Note.change', { ...note, body: { values: { pin: '***' } }, headers: { 'If-Match': '*' } });
    await client.call('Note.delete', note);
    expect((await client.call('Note.read', note)).status).toBe(404);
    expect((await client.call('Note.read', { ...note, query: { deleted: 'true' } })).body).toMatchObject({ key: '1' });
    expect((await client.call('Note.list', { query: { deleted: 'only' } })).body).toMatchObject({
      records: [{ key: '1' }, { key: '7' }],
    });
    expect((await client.call('Note.restore', { ...note, body: {} })).body).toMatchObject({ key: '1' });
    expect((await client.call('Note.history', note)).body).toMatchObject({ events: [{}, {}, {}, {}] });
    await client.call('Note.bulk', { body: { operations: [{ do: 'delete', key: '1' }] } });

    expect((await client.call('Log.list')).body).toEqual({ records: [], next: null });
    expect((await client.call('Log.read', { path: { key: 'none' } })).status).toBe(404);
    expect((await client.call('Log.history', { path: { key: 'none' } })).status).toBe(200);
    for (const name of ['health', 'openapi', 'me']) await client.call(name);

    const unused = client
      .operations()
      .filter((name) => /^(?:[A-Z]|health|openapi|me$)/.test(name) && !client.used.has(name));
    expect(unused).toEqual([]);
  });

  test('what the schemas of a new record refuse, the front office refuses too', async () => {
    const wrong: Record<string, unknown>[] = [
      { no: 'D1' },
      { name: null },
      { kind: 'ship' },
      { credit: { amount: 'much', currency: 'EUR' } },
      { credit: { amount: '1.00', currency: 'USD' } },
      { born: 'yesterday' },
      { score: 'many' },
      { active: 'yes' },
      { mail: 'nobody' },
      { unknown: 1 },
      { loud: 'x' },
    ];
    for (const values of wrong) {
      const body = { values: { ...everything, no: 'C9', ...values } };
      expect({ values, valid: client.accepts('Customer.create', body) }).toEqual({ values, valid: false });
      const answer = await client.browser.post('/api/objects/Customer', body);
      expect({ values, refused: answer.status >= 400 && answer.status < 500 }).toEqual({ values, refused: true });
    }
  });
});
