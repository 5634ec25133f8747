import objects from '@caruso/business-objects';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, type Served, serve } from './testing/served.js';

const model = {
  'model/customer.yaml': `
object: Customer
attributes:
  no: { type: text, key: true, pattern: "C[0-9]+", length: 10 }
  name: { type: text, required: true, search: true }
  kind: { type: one of, values: [person, company], required: true, default: person }
  credit: { type: money, currency: EUR }
  secret: { type: text }
relations:
  lines: { many: Line, by: customer }
rights:
  agent: { read: all, write: [name, kind], create: true, delete: true, hide: [secret] }
  supervisor: { read: all }
`,
  'model/line.yaml': `
object: Line
attributes:
  customer: { to: Customer, key: true }
  number: { type: text, key: true }
  amount: { type: decimal, scale: 2 }
rights:
  agent: { read: all, write: all, create: true }
`,
};

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
}

describe('business objects over HTTP', () => {
  let served: Served;
  let anna: Browser;
  let sam: Browser;
  beforeAll(async () => {
    const { component } = createDeclarations(folderOf(model));
    served = await serve({}, { declarations: component, objects });
    anna = await Browser.signedIn(served.url, 'anna');
    sam = await Browser.signedIn(served.url, 'sam');
    for (let at = 1; at <= 7; at += 1) {
      const values = { no: `C${at}`, name: `Name ${at}`, kind: at % 2 === 0 ? 'company' : 'person' };
      const answer = await anna.post('/api/objects/Customer', { values });
      if (answer.status !== 201) throw new Error(`creating C${at} answered ${answer.status}: ${await answer.text()}`);
    }
  });
  afterAll(() => served.stop());

  const json = async (answer: Response) => (await answer.json()) as never;

  test('lists filter, search, sort and page', async () => {
    const where = encodeURIComponent("kind = 'company'");
    const list = await anna.fetch(`/api/objects/Customer?where=${where}&sort=-name&limit=2`);
    expect(list.status).toBe(200);
    const first = (await json(list)) as { records: { key: string }[]; next: string };
    expect(first.records.map(({ key }) => key)).toEqual(['C6', 'C4']);
    const rest = await anna.fetch(
      `/api/objects/Customer?where=${where}&sort=-name&limit=2&after=${encodeURIComponent(first.next)}`,
    );
    expect(await json(rest)).toMatchObject({ records: [{ key: 'C2' }], next: null });
    const search = await anna.fetch('/api/objects/Customer?search=name%205');
    expect(await json(search)).toMatchObject({ records: [{ key: 'C5' }] });
  });

  test('what is asked wrongly names the field and suggests', async () => {
    for (const [query, said] of [
      ['limit=many', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['whre=true', 'whre'],
      ['sort=nme', 'nme'],
      [`where=${encodeURIComponent('nam = 1')}`, 'nam'],
      ['include=linse', 'linse'],
      ['after=nonsense', 'after'],
    ]) {
      const answer = await anna.fetch(`/api/objects/Customer?${query}`);
      const text = JSON.stringify(await answer.json());
      expect({ query, status: answer.status, told: text.includes(said ?? '') }).toEqual({
        query,
        status: 400,
        told: true,
      });
    }
    const unknown = await anna.fetch('/api/objects/Custmer');
    expect(unknown.status).toBe(404);
    expect(JSON.stringify(await unknown.json())).toContain("'Customer'");
  });

  test('a filter of 500 levels is refused at once, in words that say why', async () => {
    const deep = `${'('.repeat(500)}name = 'x'${')'.repeat(500)}`;
    const answer = await anna.fetch(`/api/objects/Customer?where=${encodeURIComponent(deep)}`);
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({
      error: { code: 'WHERE_INVALID', message: expect.stringContaining('nested') as unknown },
    });
    const input = { object: 'Customer', params: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) as unknown };
    const called = await anna.post('/api/call/objects/find', input);
    expect(await json(called)).toMatchObject({ error: { code: 'BODY_TOO_DEEP' } });
  });

  test('a record carries its version, and is not sent again while it has it', async () => {
    const read = await anna.fetch('/api/objects/Customer/C1');
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toMatch(/^".+"$/);
    expect(await json(read)).toMatchObject({ key: 'C1', values: { name: 'Name 1' } });
    const again = await anna.fetch('/api/objects/Customer/C1', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    const missing = await anna.fetch('/api/objects/Customer/C99');
    expect(missing.status).toBe(404);
    expect(await json(missing)).toMatchObject({ error: { code: 'RECORD_NOT_FOUND' } });
  });

  test('a change under an old version is refused and shows the present record', async () => {
    const etag = (await anna.fetch('/api/objects/Customer/C2')).headers.get('etag') ?? '';
    const change = (name: string) =>
      anna.send('PATCH', '/api/objects/Customer/C2', { values: { name } }, { 'if-match': etag });
    const first = await change('First');
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).not.toBe(etag);
    const second = await change('Second');
    expect(second.status).toBe(412);
    expect(await json(second)).toMatchObject({
      error: { code: 'VERSION_CONFLICT', details: { record: { key: 'C2', values: { name: 'First' } } } },
    });
    const unsaid = await anna.send('PATCH', '/api/objects/Customer/C2', { values: { name: 'Third' } });
    expect(unsaid.status).toBe(428);
    expect(await json(unsaid)).toMatchObject({ error: { code: 'VERSION_MISSING' } });
    const any = { 'if-match': '*' };
    const unconditional = await anna.send('PATCH', '/api/objects/Customer/C2', { values: { name: 'Third' } }, any);
    expect(unconditional.status).toBe(200);
    const history = await anna.fetch('/api/objects/Customer/C2/history');
    expect(JSON.stringify(await history.json())).toContain('Third');
  });

  test('composite keys, with characters that addresses know, lead to one row', async () => {
    const number = 'a/b ~%';
    const made = await anna.post('/api/objects/Line', { values: { customer: 'C1', number, amount: '1.50' } });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toMatch(/^\/api\/objects\/Line\/C1~/);
    const location = made.headers.get('location') ?? '';
    expect(await json(await anna.fetch(location))).toMatchObject({
      values: { number, customer: 'C1', amount: '1.50' },
    });
    const changed = await anna.send('PATCH', location, { values: { amount: '2.50' } }, { 'if-match': '*' });
    expect(await json(changed)).toMatchObject({ values: { number, amount: '2.50' } });
    const record = (await json(await anna.fetch('/api/objects/Customer/C1?include=lines'))) as {
      related: { lines: unknown[] };
    };
    expect(record.related.lines).toMatchObject([{ values: { amount: '2.50' } }]);
  });

  test('relations are lists of their own, references the record they lead to', async () => {
    for (const number of ['1', '2', '3']) await anna.post('/api/objects/Line', { values: { customer: 'C3', number } });
    const lines = await anna.fetch('/api/objects/Customer/C3/lines?sort=-number&limit=2');
    const page = (await json(lines)) as { records: { key: string }[]; next: string };
    expect(page.records.map(({ key }) => key)).toEqual(['C3~3', 'C3~2']);
    const rest = await anna.fetch(`/api/objects/Customer/C3/lines?sort=-number&limit=2&after=${page.next}`);
    expect(await json(rest)).toMatchObject({ records: [{ key: 'C3~1' }], next: null });
    const customer = await anna.fetch('/api/objects/Line/C3~1/customer');
    expect(customer.headers.get('etag')).toBe('"1"');
    expect(await json(customer)).toMatchObject({ object: 'Customer', key: 'C3' });
    expect((await anna.fetch('/api/objects/Customer/C3/lnes')).status).toBe(400);
    expect((await anna.fetch('/api/objects/Customer/C99/lines')).status).toBe(404);
    expect((await sam.fetch('/api/objects/Customer/C3/lines')).status).toBe(403);
  });

  test('many changes are made together or not at all', async () => {
    const bulk = (operations: unknown[]) => anna.post('/api/objects/Line/bulk', { operations });
    const line = (number: string, amount: string) => ({
      do: 'create',
      values: { customer: 'C4', number, amount },
    });
    const many = Array.from({ length: 400 }, (_, at) => line(`n${at}`, '1.00'));
    const made = await bulk(many);
    expect(made.status).toBe(200);
    expect(((await json(made)) as { records: unknown[] }).records).toHaveLength(400);
    const refused = await bulk([line('x', '1.00'), line('y', 'much'), { do: 'delete', key: 'C4~n1' }]);
    expect(refused.status).toBe(422);
    expect(await json(refused)).toMatchObject({
      error: {
        code: 'BULK_REFUSED',
        details: {
          faults: [
            { index: 1, code: 'VALIDATION_FAILED' },
            { index: 2, code: 'ACCESS_DENIED' },
          ],
        },
      },
    });
    expect((await anna.fetch('/api/objects/Line/C4~x')).status).toBe(404);
    const unknown = await bulk([{ do: 'replace', key: 'C4~n1' }]);
    expect([unknown.status, JSON.stringify(await unknown.json())]).toEqual([400, expect.stringContaining('do')]);
  });

  test('what is deleted is gone', async () => {
    expect((await anna.fetch('/api/objects/Customer/C7', { method: 'DELETE' })).status).toBe(204);
    expect((await anna.fetch('/api/objects/Customer/C7')).status).toBe(404);
    expect((await anna.fetch('/api/objects/Customer/C7', { method: 'DELETE' })).status).toBe(404);
  });

  test('rights of the model hold: hidden fields, refused changes, nothing for visitors', async () => {
    expect(JSON.stringify(await (await anna.fetch('/api/objects/Customer/C1')).json())).not.toContain('secret');
    const change = (browser: Browser, values: object) =>
      browser.send('PATCH', '/api/objects/Customer/C1', { values }, { 'if-match': '*' });
    expect((await change(sam, { name: 'x' })).status).toBe(403);
    const invalid = await change(anna, { kind: 'ship' });
    expect(invalid.status).toBe(422);
    const visitor = new Browser(served.url);
    expect((await visitor.fetch('/api/objects/Customer')).status).toBe(403);
    expect((await visitor.post('/api/objects/Customer', { values: { no: 'C9', name: 'x' } })).status).toBe(403);
  });

  test('OpenAPI 3.1 describes what the caller may do, and no more', async () => {
    const of = async (browser: Browser) => (await (await browser.fetch('/api/openapi.json')).json()) as OpenApi;
    const [agent, supervisor, visitor] = [await of(anna), await of(sam), await of(new Browser(served.url))];
    for (const document of [agent, supervisor, visitor]) {
      const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
      expect(errors).toBeUndefined();
      expect(valid).toBe(true);
      expect(document.openapi).toBe('3.1.0');
      expect(danglingReferences(document)).toEqual([]);
    }
    expect(Object.keys(agent.paths['/api/objects/Customer/{key}'] ?? {})).toEqual(
      expect.arrayContaining(['get', 'patch', 'delete']),
    );
    expect(Object.keys(supervisor.paths['/api/objects/Customer/{key}'] ?? {})).not.toContain('patch');
    expect(visitor.paths['/api/objects/Customer']).toBeUndefined();
    expect(agent.components.schemas['Customer.values']?.properties).toHaveProperty('credit');
    expect(agent.components.schemas['Customer.values']?.properties).not.toHaveProperty('secret');
    expect(Object.keys(agent.components.schemas['Customer.change']?.properties ?? {}).sort()).toEqual(['kind', 'name']);
    expect(agent.paths['/api/call/notes/add']).toBeDefined();
    expect(visitor.paths['/api/call/notes/add']).toBeUndefined();
    expect(visitor.paths['/api/call/notes/whoAmI']).toBeDefined();
    expect(agent.paths['/api/call/users/define']).toBeUndefined();
    expect(agent.paths['/api/call/notes/inside']).toBeUndefined();
  });
});

/** References within the document that lead nowhere. */
function danglingReferences(document: unknown): string[] {
  const wrong: string[] = [];
  const resolve = (pointer: string): unknown =>
    pointer
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (key === '$ref' && typeof value === 'string' && resolve(value) === undefined) wrong.push(value);
      visit(value);
    }
  };
  visit(document);
  return wrong;
}
