import { expect, it } from 'vitest';
import { as, north, onEachDatabase } from './customer-care.test.support.js';

const refused = { code: 'BULK_REFUSED', status: 422 };

onEachDatabase('changing many', 'populated', (house) => {
  it('creates, changes and deletes together, and gives the records in that order', async () => {
    const { records } = await house.objects.bulk({
      object: 'Customer',
      operations: [
        { do: 'create', values: { customerNo: 'C010', name: 'Ten' } },
        { do: 'update', key: 'C003', values: { name: 'Bob' }, version: '1' },
        { do: 'create', values: { customerNo: 'C011', name: 'Eleven' } },
        { do: 'delete', key: 'C010' },
        { do: 'update', key: 'C011', values: { segment: 'business' } },
      ],
    });
    expect(records.map((record) => record?.key ?? null)).toEqual([null, 'C003', 'C011', null, 'C011']);
    expect(records[1]).toMatchObject({ version: '2', values: { name: 'Bob' } });
    expect(records[4]).toMatchObject({ version: '2', values: { name: 'Eleven', segment: 'business' } });
    const events = await house.journal.read({ descending: true, limit: 5 });
    expect(events.map(({ type }) => type).reverse()).toEqual([
      'Customer.created',
      'Customer.updated',
      'Customer.created',
      'Customer.deleted',
      'Customer.updated',
    ]);
  });

  it('tells every fault at its place and makes none of the changes', async () => {
    const before = [await house.keys({ object: 'Customer' }), (await house.journal.read()).length];
    const operations = [
      { do: 'create', values: { customerNo: 'C020', name: 'Twenty' } },
      { do: 'create', values: { customerNo: 'twenty-one', name: '' } },
      { do: 'update', key: 'C001', values: { name: 'Ada L.' }, version: '99' },
      { do: 'delete', key: 'C999' },
    ] as const;
    await expect(house.objects.bulk({ object: 'Customer', operations: [...operations] })).rejects.toMatchObject({
      ...refused,
      details: {
        untried: 0,
        faults: [
          { index: 1, code: 'VALIDATION_FAILED', details: [{ attribute: 'customerNo' }, { attribute: 'name' }] },
          { index: 2, code: 'VERSION_CONFLICT', details: { current: '1' } },
          { index: 3, code: 'RECORD_NOT_FOUND' },
        ],
      },
    });
    expect([await house.keys({ object: 'Customer' }), (await house.journal.read()).length]).toEqual(before);
  });

  it('stops where the database itself refuses, and says how many were not tried', async () => {
    const creating = (customerNo: string) => ({ do: 'create' as const, values: { customerNo, name: 'x' } });
    const operations = [creating('C030'), creating('C001'), creating('C031'), creating('C032')];
    await expect(house.objects.bulk({ object: 'Customer', operations })).rejects.toMatchObject({
      ...refused,
      details: { untried: 2, faults: [{ index: 1, code: 'CONSTRAINT_VIOLATED' }] },
    });
    expect(await house.keys({ object: 'Customer', where: "customerNo = 'C030'" })).toEqual([]);
  });

  it('holds each change to the rights of who asks', async () => {
    const operations = [
      { do: 'update' as const, key: 'C001', values: { name: 'Ada L.' } },
      { do: 'update' as const, key: 'C002', values: { name: 'seen by nobody of the north' } },
      { do: 'update' as const, key: 'C001', values: { email: 'new@x.nl' } },
      { do: 'delete' as const, key: 'C001' },
    ];
    await expect(as(north, () => house.objects.bulk({ object: 'Customer', operations }))).rejects.toMatchObject({
      ...refused,
      details: {
        faults: [
          { index: 1, code: 'RECORD_NOT_FOUND' },
          { index: 2, code: 'ACCESS_DENIED' },
          { index: 3, code: 'ACCESS_DENIED' },
        ],
      },
    });
    const [allowed] = operations;
    const { records } = await as(north, () =>
      house.objects.bulk({ object: 'Customer', operations: allowed === undefined ? [] : [allowed] }),
    );
    expect(records[0]).toMatchObject({ key: 'C001', values: { name: 'Ada L.' } });
    expect(records[0]?.values).not.toHaveProperty('secret');
  });
});
