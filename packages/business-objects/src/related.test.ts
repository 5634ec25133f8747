import { expect, it } from 'vitest';
import { as, north, onEachDatabase } from './customer-care.test.support.js';

onEachDatabase('what a relation leads to', 'populated', (house) => {
  const invoices = { object: 'Customer', key: 'C001', relation: 'invoices' };

  it('is a list of its own: filtered, ordered, paged, also in another database', async () => {
    const first = await house.objects.related({ ...invoices, sort: ['-issuedOn'], limit: 2 });
    expect(first.kind).toBe('many');
    expect(first.records.map(({ key }) => key)).toEqual(['2026~2', '2026~1']);
    const rest = await house.objects.related({ ...invoices, sort: ['-issuedOn'], limit: 2, after: first.next ?? '' });
    expect([rest.records.map(({ key }) => key), rest.next]).toEqual([['2026~3'], null]);
    const large = await house.objects.related({ ...invoices, where: 'total.amount > least', params: { least: 15 } });
    expect(large.records.map(({ key }) => key)).toEqual(['2026~2']);
    expect((await house.objects.related({ ...invoices, key: 'C002' })).records).toEqual([]);
    const other = house.objects.related({ ...invoices, key: 'C002', limit: 2, after: first.next ?? '' });
    await expect(other).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('leads on by keys of several parts', async () => {
    const lines = await house.objects.related({ object: 'Invoice', key: '2026~1', relation: 'lines' });
    expect(lines.records).toMatchObject([{ key: '2026%7E1~1', values: { text: 'gas' } }]);
    const back = await house.objects.related({ object: 'InvoiceLine', key: '2026%7E1~1', relation: 'invoice' });
    expect(back).toMatchObject({ kind: 'one', records: [{ key: '2026~1' }], next: null });
  });

  it('is nothing to whoever may not see the record, the relation, or where it leads', async () => {
    const asked = (query: Parameters<typeof house.objects.related>[0]) => as(north, () => house.objects.related(query));
    await expect(asked({ object: 'Customer', key: 'C002', relation: 'cases' })).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    await expect(asked({ object: 'Customer', key: 'C001', relation: 'cases' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    await expect(house.objects.related({ ...invoices, relation: 'invoces' })).rejects.toMatchObject({
      code: 'RELATION_UNKNOWN',
      remedy: "did you mean 'invoices'?",
    });
    await expect(house.objects.related({ ...invoices, key: 'C999' })).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
  });
});
