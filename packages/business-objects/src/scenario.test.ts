import { type Principal, VirtualClock, withinCall } from '@caruso/service-manager/contract';
import type { OpenStorage } from '@caruso/storage-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createObjects, type OpenObjects } from './create-objects.js';
import { counting, testDatabases } from './databases.test.support.js';

const MODEL = {
  'customer.yaml': `object: Customer
attributes:
  customerNo: { type: text, key: true, pattern: "C[0-9]{3}" }
  name: { type: text, required: true, search: true, length: 100 }
  email: { type: email, unique: true, search: true }
  secret: { type: text, sensitive: true }
  region: { type: text }
  segment: { type: one of, values: [household, business, key account], default: household }
  since: { type: date, default: "= today()" }
  balance: { type: money, currency: EUR, default: "0" }
  score: { type: number }
  active: { type: boolean, default: true }
  openCases: { count: cases, where: "status <> 'closed'" }
  yearValue: { sum: invoices.total, where: "year(invoices.issuedOn) = year(today())" }
  display: { formula: "name + ' (' + customerNo + ')'" }
relations:
  cases: { many: Case, by: customer }
  invoices: { many: Invoice, by: customer }
rights:
  agent: { read: all, write: [name, email, region, segment], create: true, hide: [secret] }
  partner: { read: "region = user.region", write: [name], create: true, hide: [secret, yearValue] }
  administrator: all
`,
  'case.yaml': `object: Case
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer, required: true }
  invoice: { to: Invoice }
  status: { type: one of, values: [open, closed], default: open }
  priority: { type: integer, min: 1, max: 5, default: 3 }
  openedAt: { type: datetime, default: "= now()" }
  closedAt: { type: datetime }
  title: { formula: "customer.name + ': ' + status" }
`,
  'invoice.yaml': `object: Invoice
database: billing
attributes:
  year: { type: integer, key: true }
  number: { type: integer, key: true }
  customer: { to: Customer }
  total: { type: money, currency: EUR }
  issuedOn: { type: date }
  customerName: { formula: "customer.name" }
relations:
  lines: { many: InvoiceLine, by: invoice }
`,
  'invoice-line.yaml': `object: InvoiceLine
database: billing
attributes:
  invoice: { to: Invoice, key: true }
  line: { type: integer, key: true }
  text: { type: text }
`,
  'note.yaml': `object: Note
written by: scribe
attributes:
  id: { type: text, key: generated }
  text: { type: text, required: true }
`,
};

const user = (id: string, roles: string[], attributes: Record<string, unknown> = {}): Principal => ({
  kind: 'user',
  id,
  name: id,
  roles,
  attributes,
});
const as = <T>(principal: Principal, work: () => T): T => withinCall({ id: 'call', principal }, work);
const agent = user('anna', ['agent']);
const north = user('piet', ['partner'], { region: 'north' });

describe.each(testDatabases)('business objects on $name', ({ open: openStorage }) => {
  let storage: OpenStorage;
  let open: OpenObjects;
  const clock = new VirtualClock(Date.UTC(2026, 5, 15, 10));

  beforeAll(async () => {
    const opened = await openStorage(clock);
    if (opened === undefined) return;
    storage = opened;
    open = await createObjects({
      storage: storage.storage,
      journal: storage.journal,
      ids: counting(),
      clock,
      model: MODEL,
      timezone: 'Europe/Amsterdam',
    });
  });
  afterAll(() => storage?.close());

  beforeEach((test) => {
    if (open === undefined) test.skip();
  });

  it('has a model without faults', () => {
    expect(open.faults).toEqual([]);
  });

  it('creates with defaults and generated keys, and reads back what was stored', async () => {
    const ada = await open.objects.create({
      object: 'Customer',
      values: {
        customerNo: 'C001',
        name: 'Ada',
        email: 'ada@x.nl',
        region: 'north',
        balance: { amount: '12.5' },
        score: 0.1,
        secret: 'pin 1',
      },
    });
    expect(ada).toEqual({
      object: 'Customer',
      key: 'C001',
      version: '1',
      display: 'Ada (C001)',
      values: {
        customerNo: 'C001',
        name: 'Ada',
        email: 'ada@x.nl',
        secret: 'pin 1',
        region: 'north',
        segment: 'household',
        since: '2026-06-15',
        balance: { amount: '12.50', currency: 'EUR' },
        score: 0.1,
        active: true,
        openCases: 0,
        yearValue: { amount: '0.00', currency: 'EUR' },
        display: 'Ada (C001)',
      },
    });
    expect(await open.objects.get({ object: 'Customer', key: 'C001' })).toEqual(ada);
    for (const [no, name, region, amount] of [
      ['C002', 'Élise', 'south', '1000.00'],
      ['C003', 'bob', 'north', '-3.10'],
      ['C004', 'Zoë 100%', null, '7'],
    ] as const) {
      await open.objects.create({
        object: 'Customer',
        values: { customerNo: no, name, region, balance: { amount, currency: 'EUR' } },
      });
    }
  });

  it('refuses all that is wrong at once, by attribute', async () => {
    const values = {
      customerNo: 'X1',
      name: ' ',
      email: 'no',
      segment: 'busines',
      since: '2026-02-30',
      balance: { amount: '1.234' },
      openCases: 4,
      nam: 'x',
    };
    await expect(open.objects.create({ object: 'Customer', values })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      status: 422,
      details: [
        { attribute: 'nam', message: "is unknown; did you mean 'name'?" },
        { attribute: 'customerNo', message: 'should match C[0-9]{3}' },
        { attribute: 'name', message: 'is required' },
        { attribute: 'email', message: 'should be a mail address' },
        { attribute: 'segment', message: expect.stringContaining("did you mean 'business'?") },
        { attribute: 'since', message: expect.stringContaining('day of the calendar') },
        { attribute: 'balance', message: 'has more than 2 digits behind the point' },
        { attribute: 'openCases', message: 'is computed and cannot be set' },
      ],
    });
  });

  it('names the attribute whose value is taken', async () => {
    const taken = open.objects.create({
      object: 'Customer',
      values: { customerNo: 'C009', name: 'x', email: 'ada@x.nl' },
    });
    await expect(taken).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
      details: [{ attribute: 'email' }],
    });
    const twice = open.objects.create({ object: 'Customer', values: { customerNo: 'C001', name: 'x' } });
    await expect(twice).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
      details: [{ attribute: 'customerNo' }],
    });
  });

  it('holds references to what exists, also in another database', async () => {
    for (const [number, total, issuedOn] of [
      [1, '10.10', '2026-01-02'],
      [2, '20.20', '2026-06-02'],
      [3, '5.00', '2025-12-31'],
    ] as const) {
      const invoice = await open.objects.create({
        object: 'Invoice',
        values: { year: 2026, number, customer: 'C001', total: { amount: total }, issuedOn },
      });
      expect(invoice).toMatchObject({ key: `2026~${number}`, values: { customerName: 'Ada' } });
    }
    await open.objects.create({ object: 'InvoiceLine', values: { invoice: '2026~1', line: 1, text: 'gas' } });
    const wrong = open.objects.create({
      object: 'Case',
      values: { customer: 'C777', invoice: '2026~99', priority: 9 },
    });
    await expect(wrong).rejects.toMatchObject({
      details: [{ attribute: 'priority' }, { attribute: 'customer' }, { attribute: 'invoice' }],
    });
    const first = await open.objects.create({ object: 'Case', values: { customer: 'C001', invoice: '2026~2' } });
    await open.objects.create({
      object: 'Case',
      values: {
        customer: 'C001',
        status: 'closed',
        openedAt: '2026-06-01T12:00:00+02:00',
        closedAt: '2026-06-01T11:00:00.500Z',
      },
    });
    await open.objects.create({ object: 'Case', values: { customer: 'C002', priority: 1 } });
    expect(first.values).toMatchObject({
      title: 'Ada: open',
      status: 'open',
      openedAt: '2026-06-15T10:00:00.000Z',
      invoice: '2026~2',
    });
  });

  it('computes roll-ups in the same database and over another', async () => {
    const ada = await open.objects.get({ object: 'Customer', key: 'C001' });
    expect(ada?.values).toMatchObject({ openCases: 1, yearValue: { amount: '30.30', currency: 'EUR' } });
  });

  const keys = async (query: Parameters<OpenObjects['objects']['find']>[0]) =>
    (await open.objects.find(query)).records.map((record) => record.key);

  it.each([
    ["segment = 'household' and balance.amount > 10", ['C001', 'C002']],
    ['balance.amount > 12.495 and balance.amount < 12.505', ['C001']],
    ["region <> 'north'", ['C002', 'C004']],
    ['region = null', ['C004']],
    ["not (region = 'north')", ['C002', 'C004']],
    ["like(name, '%É%')", ['C002']],
    ["like(name, '%zoë%')", ['C004']],
    ["region in ['south', 'east']", ['C002']],
    ["cases.exists(c, c.status = 'closed')", ['C001']],
    ["cases.filter(c, c.status = 'open').size() = 1", ['C001', 'C002']],
    ['openCases >= 1', ['C001', 'C002']],
    ['score = 0.1', ['C001']],
    ["customer.name.startsWith('b')", ['C003']],
    ["display = 'bob (C003)'", ['C003']],
    ['since = today() and year(since) = 2026', ['C001', 'C002', 'C003', 'C004']],
    ['since + 1d > today()', ['C001', 'C002', 'C003', 'C004']],
    ['active', ['C001', 'C002', 'C003', 'C004']],
    ['not active', []],
  ])('filters by %s', async (where, expected) => {
    expect(await keys({ object: 'Customer', where })).toEqual(expected);
  });

  it('filters over to-one paths, references, durations and parameters', async () => {
    expect((await keys({ object: 'Case', where: "case.customer.region = 'north'" })).length).toBe(2);
    expect((await keys({ object: 'Case', where: 'customer = who', params: { who: 'C002' } })).length).toBe(1);
    expect((await keys({ object: 'Case', where: 'invoice = i', params: { i: '2026~2' } })).length).toBe(1);
    expect((await keys({ object: 'Case', where: 'invoice = null' })).length).toBe(2);
    expect((await keys({ object: 'Case', where: 'closedAt - openedAt > 59m' })).length).toBe(1);
    expect((await keys({ object: 'Case', where: 'openedAt > now() - 1h' })).length).toBe(2);
    expect(
      (
        await keys({
          object: 'Case',
          where: 'status in s and openedAt < t',
          params: { s: ['closed', 'x'], t: '2026-06-15T10:00:00Z' },
        })
      ).length,
    ).toBe(1);
    expect(await keys({ object: 'Customer', where: 'balance.amount >= least', params: { least: '7.00' } })).toEqual([
      'C001',
      'C002',
      'C004',
    ]);
  });

  it('says what the database cannot compute instead of filtering afterwards', async () => {
    await expect(keys({ object: 'Customer', where: 'yearValue.amount > 1' })).rejects.toMatchObject({
      code: 'WHERE_INVALID',
      message: expect.stringContaining("'billing'"),
    });
    await expect(keys({ object: 'Customer', where: "nam = 'x'" })).rejects.toMatchObject({
      code: 'WHERE_INVALID',
      message: expect.stringContaining("did you mean 'name'"),
    });
    await expect(keys({ object: 'Customer', sort: ['nam'] })).rejects.toMatchObject({ code: 'ATTRIBUTE_UNKNOWN' });
  });

  it('searches all words over the searchable attributes, whatever the case', async () => {
    expect(await keys({ object: 'Customer', search: 'ÉLIS' })).toEqual(['C002']);
    expect(await keys({ object: 'Customer', search: 'ada x.nl' })).toEqual(['C001']);
    expect(await keys({ object: 'Customer', search: '100%' })).toEqual(['C004']);
    expect(await keys({ object: 'Customer', search: '%' })).toEqual(['C004']);
  });

  it.each([
    [['name'], ['C001', 'C004', 'C003', 'C002']],
    [
      ['-region', 'name'],
      ['C002', 'C001', 'C003', 'C004'],
    ],
    [
      ['region', '-balance'],
      ['C001', 'C003', 'C002', 'C004'],
    ],
    [['score'], ['C001', 'C002', 'C003', 'C004']],
    [
      ['-openCases', '-customerNo'],
      ['C002', 'C001', 'C004', 'C003'],
    ],
  ])('sorts by %j and pages through it without loss', async (sort, expected) => {
    expect(await keys({ object: 'Customer', sort })).toEqual(expected);
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await open.objects.find({
        object: 'Customer',
        sort,
        limit: 1,
        ...(after === undefined ? {} : { after }),
      });
      paged.push(...page.records.map((record) => record.key));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(paged).toEqual(expected);
  });

  it('refuses a cursor of another query or of no query', async () => {
    const { next } = await open.objects.find({ object: 'Customer', sort: ['name'], limit: 1 });
    await expect(open.objects.find({ object: 'Customer', limit: 1, after: next ?? '' })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
    const forged = Buffer.from(JSON.stringify({ q: 'x', v: ["'; drop table customer; --"] })).toString('base64url');
    await expect(open.objects.find({ object: 'Customer', limit: 1, after: forged })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });

  it('loads relations in batches, over databases and several steps', async () => {
    const { records } = await open.objects.find({
      object: 'Customer',
      where: "customerNo = 'C001'",
      include: ['cases', 'invoices.lines'],
    });
    const related = records[0]?.related ?? {};
    expect(related).toMatchObject({ cases: [{ object: 'Case' }, { object: 'Case' }] });
    expect(
      (related['invoices'] as { key: string; related: object }[]).map(({ key, related: lines }) => [key, lines]),
    ).toMatchObject([
      ['2026~1', { lines: [{ key: '2026%7E1~1' }] }],
      ['2026~2', { lines: [] }],
      ['2026~3', { lines: [] }],
    ]);
    const cases = await open.objects.find({
      object: 'Case',
      include: ['customer', 'invoice'],
      where: 'invoice <> null',
    });
    expect(cases.records[0]?.related).toMatchObject({
      customer: { display: 'Ada (C001)' },
      invoice: { key: '2026~2' },
    });
    await expect(open.objects.find({ object: 'Case', include: ['custmer'] })).rejects.toMatchObject({
      code: 'RELATION_UNKNOWN',
    });
  });

  it('changes one record, counts its version, refuses a stale one', async () => {
    const changed = await open.objects.update({
      object: 'Customer',
      key: 'C003',
      values: { name: 'Bob', balance: { amount: '0.01' } },
      version: '1',
    });
    expect(changed).toMatchObject({ version: '2', values: { name: 'Bob', balance: { amount: '0.01' } } });
    const stale = open.objects.update({ object: 'Customer', key: 'C003', values: { name: 'Rob' }, version: '1' });
    await expect(stale).rejects.toMatchObject({ code: 'VERSION_CONFLICT', details: { given: '1', current: '2' } });
    expect((await open.objects.update({ object: 'Customer', key: 'C003', values: { name: 'Bob' } })).version).toBe('2');
    await expect(
      open.objects.update({ object: 'Customer', key: 'C003', values: { customerNo: 'C005' } }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(open.objects.update({ object: 'Customer', key: 'C999', values: { name: 'x' } })).rejects.toMatchObject(
      { code: 'RECORD_NOT_FOUND' },
    );
    await expect(open.objects.get({ object: 'Invoice', key: '2026' })).rejects.toMatchObject({ code: 'KEY_INVALID' });
    const line = await open.objects.update({ object: 'InvoiceLine', key: '2026%7E1~1', values: { text: 'water' } });
    expect(line.values['text']).toBe('water');
  });

  it('journals each change with what was and what is, sensitive values masked', async () => {
    await open.objects.update({ object: 'Customer', key: 'C001', values: { secret: 'pin 2', region: 'north' } });
    const [event] = await storage.journal.read({
      subject: { object: 'Customer', key: 'C001' },
      descending: true,
      limit: 1,
    });
    expect(event).toMatchObject({
      type: 'Customer.updated',
      data: { changed: ['secret'] },
      changes: [{ before: { secret: '***' }, after: { secret: '***', name: 'Ada' } }],
    });
    expect(JSON.stringify(await storage.journal.read())).not.toContain('pin');
    const { events } = await open.objects.history({ object: 'Customer', key: 'C003' });
    expect(events.map(({ type }) => type)).toEqual(['Customer.updated', 'Customer.created']);
    expect(events[0]?.changed).toEqual([
      { attribute: 'name', before: 'bob', after: 'Bob' },
      {
        attribute: 'balance',
        before: { amount: '-3.10', currency: 'EUR' },
        after: { amount: '0.01', currency: 'EUR' },
      },
    ]);
  });

  it('rolls the change back with its event', async () => {
    const before = await storage.journal.read();
    const failing = storage.storage.unitOfWork(async () => {
      await open.objects.create({ object: 'Case', values: { customer: 'C001' } });
      throw new Error('later trouble');
    });
    await expect(failing).rejects.toThrow('later trouble');
    expect(await storage.journal.read()).toHaveLength(before.length);
    expect((await open.objects.find({ object: 'Case' })).records).toHaveLength(3);
  });

  it('shows and changes only what the roles grant', async () => {
    const seen = await as(agent, () => open.objects.get({ object: 'Customer', key: 'C001' }));
    expect(seen?.values).not.toHaveProperty('secret');
    const hidden = as(agent, () => open.objects.find({ object: 'Customer', where: "secret = 'pin 2'" }));
    await expect(hidden).rejects.toMatchObject({
      code: 'WHERE_INVALID',
      message: expect.stringContaining("unknown name 'secret'"),
    });
    await expect(as(agent, () => open.objects.find({ object: 'Customer', sort: ['secret'] }))).rejects.toMatchObject({
      code: 'ATTRIBUTE_UNKNOWN',
    });
    await expect(
      as(agent, () => open.objects.update({ object: 'Customer', key: 'C001', values: { balance: { amount: '1' } } })),
    ).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(as(agent, () => open.objects.delete({ object: 'Customer', key: 'C001' }))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    await expect(as(user('v', ['public']), () => open.objects.find({ object: 'Customer' }))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    const { objects } = await as(agent, () => open.objects.describe({ object: 'Customer' }));
    expect(objects[0]?.may).toEqual({ read: true, create: true, update: true, delete: false });
    expect(objects[0]?.attributes.find(({ name }) => name === 'balance')?.readOnly).toBe(true);
    const { events } = await as(agent, () => open.objects.history({ object: 'Customer', key: 'C001' }));
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('compiles row rights into every statement', async () => {
    const list = await as(north, () => open.objects.find({ object: 'Customer' }));
    expect(list.records.map(({ key }) => key)).toEqual(['C001', 'C003']);
    expect(list.records[0]?.values).not.toHaveProperty('yearValue');
    expect(await as(north, () => open.objects.get({ object: 'Customer', key: 'C002' }))).toBeNull();
    await expect(
      as(north, () => open.objects.update({ object: 'Customer', key: 'C002', values: { name: 'x' } })),
    ).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await expect(as(north, () => open.objects.history({ object: 'Customer', key: 'C002' }))).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    await expect(
      as(north, () =>
        open.objects.create({ object: 'Customer', values: { customerNo: 'C050', name: 'x', region: 'south' } }),
      ),
    ).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await open.objects.get({ object: 'Customer', key: 'C050' })).toBeNull();
    const count = await as(north, () =>
      open.objects.aggregate({ object: 'Customer', measures: [{ name: 'n', kind: 'count' }] }),
    );
    expect(count.rows).toEqual([{ by: {}, measures: { n: 2 } }]);
    const nowhere = user('lost', ['partner']);
    expect((await as(nowhere, () => open.objects.find({ object: 'Customer' }))).records).toEqual([]);
    const both = user('both', ['partner', 'agent'], { region: 'north' });
    expect((await as(both, () => open.objects.find({ object: 'Customer' }))).records).toHaveLength(4);
  });

  it('counts, sums and averages by attributes and buckets', async () => {
    const { rows } = await open.objects.aggregate({
      object: 'Case',
      by: ['customer.segment', 'status'],
      measures: [
        { name: 'n', kind: 'count' },
        { name: 'urgent', kind: 'count', where: 'priority <= 1' },
        { name: 'time', kind: 'average', of: 'closedAt - openedAt' },
        { name: 'priority', kind: 'average', of: 'priority' },
      ],
    });
    expect(rows).toEqual([
      {
        by: { 'customer.segment': 'household', status: 'closed' },
        measures: { n: 1, urgent: 0, time: 3600500, priority: 3 },
      },
      {
        by: { 'customer.segment': 'household', status: 'open' },
        measures: { n: 2, urgent: 1, time: null, priority: 2 },
      },
    ]);
    const bounds = ['2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z', '2026-06-15T10:00:00Z', '2026-06-16T00:00:00Z'];
    const bucketed = await open.objects.aggregate({
      object: 'Case',
      buckets: { attribute: 'openedAt', bounds },
      measures: [{ name: 'n', kind: 'count' }],
    });
    expect(bucketed.rows).toEqual([
      { bucket: 0, by: {}, measures: { n: 1 } },
      { bucket: 2, by: {}, measures: { n: 2 } },
    ]);
    const money = await open.objects.aggregate({
      object: 'Invoice',
      by: ['customer'],
      measures: [
        { name: 'sum', kind: 'sum', of: 'total' },
        { name: 'mean', kind: 'average', of: 'total' },
        { name: 'least', kind: 'min', of: 'total' },
        { name: 'last', kind: 'max', of: 'issuedOn' },
      ],
    });
    expect(money.rows).toEqual([
      { by: { customer: 'C001' }, measures: { sum: '35.30', mean: '11.766667', least: '5.00', last: '2026-06-02' } },
    ]);
    const none = await open.objects.aggregate({
      object: 'Invoice',
      where: 'year = 1999',
      measures: [
        { name: 'sum', kind: 'sum', of: 'total' },
        { name: 'mean', kind: 'average', of: 'total' },
      ],
    });
    expect(none.rows).toEqual([{ by: {}, measures: { sum: '0.00', mean: null } }]);
  });

  it('binds whatever comes with a call', async () => {
    const nasty = ["'; drop table customer; --", "' or 1=1 --", '? ?? $1 :x', '\\', '"', '%\\', '\u2028'];
    for (const text of nasty) {
      expect(await keys({ object: 'Customer', where: 'name = x', params: { x: text } })).toEqual([]);
      expect(await keys({ object: 'Customer', where: `name = ${JSON.stringify(text)}` })).toEqual([]);
      expect(await keys({ object: 'Customer', where: 'like(name, x)', params: { x: text } })).toEqual([]);
      await keys({ object: 'Customer', search: text });
      await expect(keys({ object: 'Customer', sort: [text] })).rejects.toMatchObject({ code: 'ATTRIBUTE_UNKNOWN' });
      await expect(keys({ object: 'Customer', include: [text] })).rejects.toMatchObject({ code: 'RELATION_UNKNOWN' });
      expect(await open.objects.get({ object: 'Customer', key: encodeURIComponent(text) })).toBeNull();
      await expect(open.objects.find({ object: text })).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN' });
    }
    await expect(
      keys({ object: 'Customer', where: 'name = x', params: { x: { toString: 'evil' } } }),
    ).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
    await expect(keys({ object: 'Customer', where: 'name = x', params: { 'x"; drop': 1 } })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
    await expect(keys({ object: 'Customer', where: 'name = x', params: { name: 1 } })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
    await expect(
      keys({ object: 'Customer', where: 'like(name, x)', params: { x: '%a'.repeat(400) } }),
    ).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
    for (const name of ['__proto__', 'constructor', 'toString']) {
      await expect(keys({ object: 'Customer', where: `${name} = null` })).rejects.toMatchObject({
        code: 'WHERE_INVALID',
      });
    }
    expect(await keys({ object: 'Customer' })).toHaveLength(4);
  });

  it('lets only the owner write what a component owns, and journals nothing for it', async () => {
    await expect(open.objects.create({ object: 'Note', values: { text: 'x' } })).rejects.toMatchObject({
      code: 'OBJECT_READ_ONLY',
    });
    await expect(open.model.write('other', 'create', 'Note', { text: 'x' })).rejects.toMatchObject({
      code: 'OWNER_MISMATCH',
    });
    const created = await open.model.write('scribe', 'create', 'Note', { text: 'first' });
    expect(created).toMatchObject({ object: 'Note', before: null, after: { id: created.key, text: 'first' } });
    const changed = await open.model.write('scribe', 'update', 'Note', { id: created.key, text: 'second' });
    expect(changed).toMatchObject({ before: { text: 'first' }, after: { text: 'second' } });
    expect(await open.model.load('Note', 'text = t', { t: 'second' })).toEqual([{ id: created.key, text: 'second' }]);
    await open.model.write('scribe', 'delete', 'Note', { id: created.key });
    expect(await open.model.load('Note', '')).toEqual([]);
    expect(await storage.journal.read({ types: ['Note.*'] })).toEqual([]);
  });

  it('deletes one record, but none that others refer to', async () => {
    await expect(open.objects.delete({ object: 'Customer', key: 'C001' })).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
    });
    expect(await open.objects.delete({ object: 'Customer', key: 'C004', version: '1' })).toEqual({ deleted: true });
    expect(await open.objects.get({ object: 'Customer', key: 'C004' })).toBeNull();
    await expect(open.objects.delete({ object: 'Customer', key: 'C004' })).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
  });

  it('takes over another model while it runs, and adds its columns', async () => {
    const files = { ...MODEL, 'case.yaml': `${MODEL['case.yaml']}  mood: { type: text, default: calm }\n` };
    const seen: number[] = [];
    const stop = open.model.onChange(() => seen.push(open.model.version()));
    expect(await open.reload(files)).toEqual([]);
    stop();
    expect(seen).toEqual([2]);
    expect((await open.objects.find({ object: 'Case', where: "mood = 'calm'" })).records).toHaveLength(3);
  });
});
