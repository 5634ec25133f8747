import { expect, it } from 'vitest';
import { CASES, CUSTOMERS, INVOICE_LINE, INVOICES, onEachDatabase } from './customer-care.test.support.js';

onEachDatabase('creating', 'empty', (house) => {
  it('has a model without faults', () => {
    expect(house.faults).toEqual([]);
  });

  it('creates with defaults and generated keys, and reads back what was stored', async () => {
    const [first = {}, ...others] = CUSTOMERS;
    const ada = await house.objects.create({ object: 'Customer', values: first });
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
    expect(await house.objects.get({ object: 'Customer', key: 'C001' })).toEqual(ada);
    for (const values of others) await house.objects.create({ object: 'Customer', values });
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
    await expect(house.objects.create({ object: 'Customer', values })).rejects.toMatchObject({
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
    const taken = house.objects.create({
      object: 'Customer',
      values: { customerNo: 'C009', name: 'x', email: 'ada@x.nl' },
    });
    await expect(taken).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
      details: [{ attribute: 'email' }],
    });
    const twice = house.objects.create({ object: 'Customer', values: { customerNo: 'C001', name: 'x' } });
    await expect(twice).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
      details: [{ attribute: 'customerNo' }],
    });
  });

  it('holds references to what exists, also in another database', async () => {
    for (const values of INVOICES) {
      const invoice = await house.objects.create({ object: 'Invoice', values });
      expect(invoice).toMatchObject({ key: `2026~${values['number']}`, values: { customerName: 'Ada' } });
    }
    await house.objects.create({ object: 'InvoiceLine', values: INVOICE_LINE });
    const wrong = house.objects.create({
      object: 'Case',
      values: { customer: 'C777', invoice: '2026~99', priority: 9 },
    });
    await expect(wrong).rejects.toMatchObject({
      details: [{ attribute: 'priority' }, { attribute: 'customer' }, { attribute: 'invoice' }],
    });
    const [first, ...others] = CASES;
    const opened = await house.objects.create({ object: 'Case', values: first ?? {} });
    for (const values of others) await house.objects.create({ object: 'Case', values });
    expect(opened.values).toMatchObject({
      title: 'Ada: open',
      status: 'open',
      openedAt: '2026-06-15T10:00:00.000Z',
      invoice: '2026~2',
    });
  });

  it('computes roll-ups in the same database and over another', async () => {
    const ada = await house.objects.get({ object: 'Customer', key: 'C001' });
    expect(ada?.values).toMatchObject({ openCases: 1, yearValue: { amount: '30.30', currency: 'EUR' } });
  });
});
