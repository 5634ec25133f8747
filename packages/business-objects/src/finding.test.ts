import { expect, it } from 'vitest';
import { onEachDatabase } from './customer-care.test.support.js';

onEachDatabase('finding', 'populated', (house) => {
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
    expect(await house.keys({ object: 'Customer', where })).toEqual(expected);
  });

  it('filters over to-one paths, references, durations and parameters', async () => {
    expect((await house.keys({ object: 'Case', where: "case.customer.region = 'north'" })).length).toBe(2);
    expect((await house.keys({ object: 'Case', where: 'customer = who', params: { who: 'C002' } })).length).toBe(1);
    expect((await house.keys({ object: 'Case', where: 'invoice = i', params: { i: '2026~2' } })).length).toBe(1);
    expect((await house.keys({ object: 'Case', where: 'invoice = null' })).length).toBe(2);
    expect((await house.keys({ object: 'Case', where: 'closedAt - openedAt > 59m' })).length).toBe(1);
    expect((await house.keys({ object: 'Case', where: 'openedAt > now() - 1h' })).length).toBe(2);
    expect(
      (
        await house.keys({
          object: 'Case',
          where: 'status in s and openedAt < t',
          params: { s: ['closed', 'x'], t: '2026-06-15T10:00:00Z' },
        })
      ).length,
    ).toBe(1);
    expect(
      await house.keys({ object: 'Customer', where: 'balance.amount >= least', params: { least: '7.00' } }),
    ).toEqual(['C001', 'C002', 'C004']);
  });

  it('says what the database cannot compute instead of filtering afterwards', async () => {
    await expect(house.keys({ object: 'Customer', where: 'yearValue.amount > 1' })).rejects.toMatchObject({
      code: 'WHERE_INVALID',
      message: expect.stringContaining("'billing'"),
    });
    await expect(house.keys({ object: 'Customer', where: "nam = 'x'" })).rejects.toMatchObject({
      code: 'WHERE_INVALID',
      message: expect.stringContaining("unknown name 'nam'"),
      remedy: "write 'name'",
    });
    await expect(house.keys({ object: 'Customer', sort: ['nam'] })).rejects.toMatchObject({
      code: 'ATTRIBUTE_UNKNOWN',
    });
  });

  it('searches all words over the searchable attributes, whatever the case', async () => {
    expect(await house.keys({ object: 'Customer', search: 'ÉLIS' })).toEqual(['C002']);
    expect(await house.keys({ object: 'Customer', search: 'ada x.nl' })).toEqual(['C001']);
    expect(await house.keys({ object: 'Customer', search: '100%' })).toEqual(['C004']);
    expect(await house.keys({ object: 'Customer', search: '%' })).toEqual(['C004']);
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
    expect(await house.keys({ object: 'Customer', sort })).toEqual(expected);
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await house.objects.find({
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
    const { next } = await house.objects.find({ object: 'Customer', sort: ['name'], limit: 1 });
    await expect(house.objects.find({ object: 'Customer', limit: 1, after: next ?? '' })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
    const forged = Buffer.from(JSON.stringify({ q: 'x', v: ["'; drop table customer; --"] })).toString('base64url');
    await expect(house.objects.find({ object: 'Customer', limit: 1, after: forged })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });

  it('loads relations in batches, over databases and several steps', async () => {
    const { records } = await house.objects.find({
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
    const cases = await house.objects.find({
      object: 'Case',
      include: ['customer', 'invoice'],
      where: 'invoice <> null',
    });
    expect(cases.records[0]?.related).toMatchObject({
      customer: { display: 'Ada (C001)' },
      invoice: { key: '2026~2' },
    });
    await expect(house.objects.find({ object: 'Case', include: ['custmer'] })).rejects.toMatchObject({
      code: 'RELATION_UNKNOWN',
    });
  });

  it('binds whatever comes with a call', async () => {
    const nasty = ["'; drop table customer; --", "' or 1=1 --", '? ?? $1 :x', '\\', '"', '%\\', '\u2028'];
    for (const text of nasty) {
      expect(await house.keys({ object: 'Customer', where: 'name = x', params: { x: text } })).toEqual([]);
      expect(await house.keys({ object: 'Customer', where: `name = ${JSON.stringify(text)}` })).toEqual([]);
      expect(await house.keys({ object: 'Customer', where: 'like(name, x)', params: { x: text } })).toEqual([]);
      await house.keys({ object: 'Customer', search: text });
      await expect(house.keys({ object: 'Customer', sort: [text] })).rejects.toMatchObject({
        code: 'ATTRIBUTE_UNKNOWN',
      });
      await expect(house.keys({ object: 'Customer', include: [text] })).rejects.toMatchObject({
        code: 'RELATION_UNKNOWN',
      });
      expect(await house.objects.get({ object: 'Customer', key: encodeURIComponent(text) })).toBeNull();
      await expect(house.objects.find({ object: text })).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN' });
    }
    await expect(
      house.keys({ object: 'Customer', where: 'name = x', params: { x: { toString: 'evil' } } }),
    ).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
    await expect(
      house.keys({ object: 'Customer', where: 'name = x', params: { 'x"; drop': 1 } }),
    ).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
    await expect(house.keys({ object: 'Customer', where: 'name = x', params: { name: 1 } })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
    await expect(
      house.keys({ object: 'Customer', where: 'like(name, x)', params: { x: '%a'.repeat(400) } }),
    ).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
    for (const name of ['__proto__', 'constructor', 'toString']) {
      await expect(house.keys({ object: 'Customer', where: `${name} = null` })).rejects.toMatchObject({
        code: 'WHERE_INVALID',
      });
    }
    expect(await house.keys({ object: 'Customer' })).toHaveLength(4);
  });
});
