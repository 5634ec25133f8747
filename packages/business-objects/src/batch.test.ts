import { expect, it } from 'vitest';
import type { BatchOutcome } from './contract.js';
import { agent, as, north, onEachDatabase } from './customer-care.test.support.js';

const told = (outcomes: readonly BatchOutcome[]) =>
  outcomes.map((each) =>
    'error' in each ? [each.error.code, each.error.details] : [each.key, each.version, each.change !== null],
  );

onEachDatabase('storing many at once', 'populated', (house) => {
  const customer = (customerNo: string, more: object = {}) => ({ customerNo, name: `Name ${customerNo}`, ...more });
  const eventsOf = async (type: string) =>
    (await house.journal.read({ types: [type], limit: 500 })).map(({ subject, changes }) => [
      subject?.key,
      changes[0]?.key,
    ]);

  it('stores what is right, and answers for what is wrong, each as if those before it were stored', async () => {
    const outcomes = await house.batch.create('Customer', [
      customer('C100', { email: 'eva@x.nl' }),
      customer('X1', { segment: 'none' }),
      customer('C101', { email: 'eva@x.nl' }),
      customer('C100'),
      customer('C001'),
      customer('C102', { email: 'ada@x.nl' }),
      customer('C103', { region: 'north', secret: 'pin' }),
    ]);
    const taken = (attribute: string) => ['CONSTRAINT_VIOLATED', [{ attribute, message: 'is taken already' }]];
    expect(told(outcomes)).toEqual([
      ['C100', '1', true],
      [
        'VALIDATION_FAILED',
        [
          { attribute: 'customerNo', message: 'should match C[0-9]{3}' },
          { attribute: 'segment', message: expect.stringContaining('should be one of') },
        ],
      ],
      taken('email'),
      taken('customerNo'),
      taken('customerNo'),
      taken('email'),
      ['C103', '1', true],
    ]);
    expect((await eventsOf('Customer.created')).slice(-2)).toEqual([
      ['C100', 'C100'],
      ['C103', 'C103'],
    ]);
    const [event] = await house.journal.read({ types: ['Customer.created'], descending: true, limit: 1 });
    expect(event?.changes[0]?.after).toMatchObject({ secret: '***', segment: 'household', since: '2026-06-15' });
    expect(await house.objects.get({ object: 'Customer', key: 'C103' })).toMatchObject({
      version: '1',
      values: { secret: 'pin', active: true, balance: { amount: '0.00', currency: 'EUR' } },
    });
  });

  it('has every figure over them right at once, and says which references lead nowhere', async () => {
    const cases = Array.from({ length: 300 }, (_, n) => ({
      customer: n % 2 === 0 ? 'C003' : 'C004',
      status: n % 3 === 0 ? 'closed' : 'open',
    }));
    const outcomes = await house.batch.create('Case', [...cases, { customer: 'C999' }]);
    expect(outcomes.filter((each) => 'key' in each)).toHaveLength(300);
    expect(told(outcomes).at(-1)).toEqual([
      'VALIDATION_FAILED',
      [{ attribute: 'customer', message: "leads to Customer 'C999', which does not exist" }],
    ]);
    const invoices = Array.from({ length: 150 }, (_, n) => ({
      year: 2026,
      number: 100 + n,
      customer: 'C003',
      total: { amount: '0.10' },
      issuedOn: '2026-03-01',
    }));
    const twice = { year: 2026, number: 100, customer: 'C003' };
    expect(told(await house.batch.create('Invoice', [...invoices, twice])).at(-1)).toEqual([
      'CONSTRAINT_VIOLATED',
      [
        { attribute: 'year', message: 'is taken already' },
        { attribute: 'number', message: 'is taken already' },
      ],
    ]);
    const { records } = await house.objects.find({
      object: 'Customer',
      where: 'openCases >= 100',
      sort: ['-openCases'],
    });
    expect(records.map(({ key, values }) => [key, values['openCases'], values['yearValue']])).toEqual([
      ['C003', 100, { amount: '15.00', currency: 'EUR' }],
      ['C004', 100, { amount: '0.00', currency: 'EUR' }],
    ]);
    await house.model.amendAll(
      'delete',
      'Invoice',
      invoices.map(({ year, number }) => ({ year, number })),
    );
    expect((await house.objects.get({ object: 'Customer', key: 'C003' }))?.values['yearValue']).toEqual({
      amount: '0.00',
      currency: 'EUR',
    });
    expect(await eventsOf('Invoice.deleted')).toHaveLength(150);
  });

  it('changes many, with an event for what is different', async () => {
    const outcomes = await house.batch.update('Customer', [
      { key: 'C002', values: { name: 'Elise', region: 'west' } },
      { key: 'C003', values: { name: 'bob' } },
      { key: 'C004', values: { segment: 'none' } },
      { key: 'C998', values: { name: 'x' } },
    ]);
    expect(told(outcomes)).toEqual([
      ['C002', '2', true],
      ['C003', '1', false],
      ['VALIDATION_FAILED', [{ attribute: 'segment', message: expect.stringContaining('should be one of') }]],
      ['RECORD_NOT_FOUND', { object: 'Customer', key: 'C998' }],
    ]);
    const [event] = await house.journal.read({ types: ['Customer.updated'], descending: true, limit: 1 });
    expect(event).toMatchObject({ subject: { key: 'C002' }, data: { changed: ['name', 'region'] } });
  });

  it('holds to the rights of who calls', async () => {
    const rows = [customer('C110', { region: 'north' }), customer('C111', { secret: 'x' })];
    expect(told(await as(agent, () => house.batch.create('Customer', rows)))).toEqual([
      ['C110', '1', true],
      ['ACCESS_DENIED', undefined],
    ]);
    // A partner may create in the own region only: the database tells, so nothing is stored.
    const partly = [customer('C120', { region: 'north' }), customer('C121', { region: 'south' })];
    await expect(as(north, () => house.batch.create('Customer', partly))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    expect(await house.batch.get('Customer', ['C120', 'C121'])).toEqual(new Map());
    const changes = ['C110', 'C002'].map((key) => ({ key, values: { name: 'Changed' } }));
    expect(told(await as(north, () => house.batch.update('Customer', changes)))).toEqual([
      ['C110', '2', true],
      ['RECORD_NOT_FOUND', { object: 'Customer', key: 'C002' }],
    ]);
    const seen = await as(north, () => house.batch.get('Customer', ['C110', 'C002', 'C999']));
    expect([...seen.keys()]).toEqual(['C110']);
    expect(seen.get('C110')?.values).not.toHaveProperty('secret');
  });

  it('finds records by the values of many rows, in their one form', async () => {
    const found = await house.batch.findBy('Customer', ['email'], [{ email: 'ada@x.nl' }, { email: 'no mail' }, {}]);
    expect(found.map(({ values, records }) => [values, records.map(({ key }) => key)])).toEqual([
      [['ada@x.nl'], ['C001']],
      [null, []],
      [null, []],
    ]);
    const rows = [
      { customer: 'C001', status: 'closed' },
      { customer: 'C002', status: 'open' },
    ];
    const cases = await house.batch.findBy('Case', ['customer', 'status'], rows);
    expect(cases.map(({ records }) => records.length)).toEqual([1, 1]);
    const money = await house.batch.findBy('Customer', ['balance'], [{ balance: { amount: '12.5' } }]);
    expect(money.map(({ records }) => records.map(({ key }) => key))).toEqual([['C001']]);
  });
});
