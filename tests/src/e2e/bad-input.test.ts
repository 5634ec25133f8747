import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder, runCaruso } from '../support/front-office.js';

interface ErrorBody {
  error: { code: string; message: string; remedy?: string; request: string };
}

describe('bad input', () => {
  let office: FrontOffice;
  let anna: ApiClient;
  let ada: ApiClient;

  beforeAll(async () => {
    // A billing database that does not answer: nothing listens on port 1.
    office = await FrontOffice.start(makeFolder('utility'), {
      env: { BILLING_URL: 'postgres://nobody@127.0.0.1:1/billing' },
    });
    anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    ada = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
  });
  afterAll(async () => {
    await office?.stop();
    removeFolder(office.folder);
  });

  const refused = async (
    client: ApiClient,
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    const response = await client.fetch(method, url, body, headers);
    const { error } = (await response.json()) as ErrorBody;
    return { status: response.status, ...error };
  };

  test('a billing database that is down names itself and a remedy; everything else serves', async () => {
    const answer = await refused(anna, 'POST', '/api/call/billing/balance', { customerNo: 'C100001' });
    expect(answer).toMatchObject({ status: 503, code: 'DATABASE_UNREACHABLE' });
    expect(answer.message).toContain('billing');
    expect(answer.remedy).toBeTruthy();
    const invoices = await refused(anna, 'GET', '/api/objects/Invoice');
    expect(invoices.status).toBe(503);
    const customers = await anna.json<{ records: unknown[] }>('GET', '/api/objects/Connection?limit=5');
    expect(customers.records).toHaveLength(5);
    const { services } = await ada.call<{ services: { name: string; state: string }[] }>('services.tree');
    expect(services.find((each) => each.name === 'objects')?.state).toBe('active');
  });

  test('a request without rights is refused by name', async () => {
    const visitor = new ApiClient(office.url);
    expect(await refused(visitor, 'GET', '/api/objects/Customer')).toMatchObject({ status: 403 });
    expect(await refused(anna, 'POST', '/api/call/services/tree', {})).toMatchObject({
      status: 403,
      code: 'ACCESS_DENIED',
    });
    expect(await refused(anna, 'DELETE', '/api/objects/Customer/C100001')).toMatchObject({ status: 403 });
    expect(await refused(visitor, 'POST', '/api/call/communication/desktop', {})).toMatchObject({
      status: expect.toBeOneOf([401, 403]),
    });
  });

  test('a megabyte of nested JSON is refused at once', async () => {
    const nested = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const answer = await refused(anna, 'POST', '/api/call/objects/find', nested);
    expect(answer.status).toBe(413);
    const deep = `{"object":"Customer","params":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`;
    expect(await refused(anna, 'POST', '/api/call/objects/find', deep)).toMatchObject({
      status: 400,
      code: 'BODY_TOO_DEEP',
    });
    expect(office.running).toBe(true);
  });

  test('unknown names are answered with the nearest known one', async () => {
    expect((await refused(anna, 'POST', '/api/call/objects/fnd', { object: 'Customer' })).message).toContain(
      "did you mean 'objects.find'",
    );
    const where = await refused(
      anna,
      'GET',
      `/api/objects/Customer?where=${encodeURIComponent("segmnt = 'business'")}`,
    );
    expect(where.status).toBeLessThan(500);
    expect(`${where.message} ${where.remedy}`).toContain('segment');
  });

  test('injections in filter, sort, search and key find nothing and break nothing', async () => {
    for (const url of [
      `/api/objects/Customer?where=${encodeURIComponent('1=1; drop table customer')}`,
      `/api/objects/Customer?sort=${encodeURIComponent('name; drop table customer')}`,
      `/api/objects/Customer?include=${encodeURIComponent('cases; drop table customer')}`,
    ]) {
      expect((await anna.fetch('GET', url)).status).toBeGreaterThanOrEqual(400);
    }
    const searched = await anna.json<{ records: unknown[] }>(
      'GET',
      `/api/objects/Customer?search=${encodeURIComponent("' or '1'='1")}`,
    );
    expect(searched.records).toEqual([]);
    expect((await anna.fetch('GET', `/api/objects/Customer/${encodeURIComponent("C100001' or '1'='1")}`)).status).toBe(
      404,
    );
    expect((await anna.json<{ records: unknown[] }>('GET', '/api/objects/Customer?limit=500')).records).toHaveLength(
      24,
    );
  });
});

describe('caruso check', () => {
  const folder = makeFolder('utility');
  afterAll(() => removeFolder(folder));

  test('names every fault of a folder at once, with file, line and column', async () => {
    const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
    const { mkdirSync } = await import('node:fs');
    for (const dir of ['model', 'policies', 'scripts', 'screens']) mkdirSync(path.join(folder, dir));
    write(
      'model/ticket.yaml',
      'object: Ticket\nattributes:\n  no: { type: text, key: true, pattrn: x }\n  customer: { to: Custmer }\n',
    );
    write(
      'policies/late.yaml',
      "policy: late\non: Case.created\nif: case.customer.segmnt = 'business'\ndo: [{ call: objects.updte, with: {} }]\n",
    );
    write('screens/tickets.yaml', 'screen: tickets\nlist: Case\ncolumns: [subjct]\n');
    write(
      'scripts/six.xml',
      `<?xml version="1.0"?>
<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="six" version="1" xml:lang="en" channels="agent web">
  <section id="s">
    <question id="q1" name="a" type="text"><say>One?</say><next to="nowhere"/></question>
    <question id="q2" name="a" type="text"><say>Twice?</say></question>
    <info id="i1" if="b &gt; 3"><say>Unknown name</say></info>
    <info id="i2" if="a + 5"><say>Not a condition</say></info>
    <action id="x1" do="nobody.method"/>
    <set name="never" expr="1"/>
  </section>
</script>
`,
    );
    const { code, stdout } = await runCaruso(['check', folder, '--json']);
    expect(code).toBe(1);
    const { faults } = JSON.parse(stdout) as {
      faults: { file: string; line: number; column: number; message: string; remedy: string }[];
    };
    const at = (file: string) =>
      faults.filter((fault) => fault.file.endsWith(file)).map((fault) => `${fault.line}:${fault.column}`);
    expect(at('model/ticket.yaml')).toEqual(['3:32', '4:19']);
    expect(at('policies/late.yaml')).toEqual(expect.arrayContaining(['3:19', '4:14']));
    expect(at('screens/tickets.yaml')).toContain('3:11');
    const lines = faults.filter((fault) => fault.file.endsWith('scripts/six.xml')).map((fault) => fault.line);
    expect(lines.length).toBeGreaterThanOrEqual(6);
    expect(new Set(lines)).toEqual(new Set([5, 6, 7, 8, 9, 10]));
    for (const fault of faults) expect(fault.remedy).not.toBe('');
  });
});
