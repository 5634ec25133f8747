import { expect, it } from 'vitest';
import { onEachDatabase } from './customer-care.test.support.js';

const MODEL = {
  'customer.yaml': `object: Customer
attributes:
  no: { type: text, key: true }
  open: { count: orders, where: "state = 'open'" }
  worth: { sum: orders.worth }
  weight: { sum: orders.weight, where: "state <> 'void'" }
  paid: { sum: payments.amount }
  due: { formula: "worth.amount - 10" }
relations:
  orders: { many: Order, by: customer }
  payments: { many: Payment, by: customer }
`,
  'order.yaml': `object: Order
delete: keep
attributes:
  no: { type: integer, key: true }
  customer: { to: Customer }
  state: { type: one of, values: [open, done, void], default: open }
  worth: { type: money, currency: EUR }
  weight: { type: decimal, scale: 3 }
`,
  'payment.yaml': `object: Payment
database: billing
attributes:
  no: { type: integer, key: true }
  customer: { to: Customer }
  amount: { type: money, currency: EUR }
`,
};

onEachDatabase('figures over related records', MODEL, (house) => {
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  /** Each customer's figures: open, worth, weight, paid; each also found and sorted by in the database. */
  const figures = async () => {
    const { records } = await house.objects.find({ object: 'Customer', sort: ['no'] });
    for (const { key, values } of records) {
      const { amount } = values['worth'] as { amount: string };
      const where = 'open = o and worth.amount = w and weight = g and due = d';
      const params = { o: values['open'], w: amount, g: values['weight'], d: (Number(amount) - 10).toFixed(2) };
      const same = await house.objects.find({ object: 'Customer', where, params });
      expect(same.records.map((each) => each.key)).toContain(key);
    }
    const sorted = await house.objects.find({ object: 'Customer', sort: ['-worth', 'no'] });
    const worths = sorted.records.map(({ values }) => Number((values['worth'] as { amount: string }).amount));
    expect(worths).toEqual(worths.toSorted((a, b) => b - a));
    return records.map(({ values }) =>
      [values['open'], values['worth'], values['weight'], values['paid']]
        .map((value) => (typeof value === 'object' && value !== null ? (value as { amount: string }).amount : value))
        .join(' '),
    );
  };

  it('are right at once after each kind of change, in lists, conditions and orders', async () => {
    const { objects, model, storage } = house;
    const create = (object: string, values: object) => objects.create({ object, values: { ...values } });
    const update = (key: string, values: object) => objects.update({ object: 'Order', key, values: { ...values } });
    await create('Customer', { no: 'A' });
    await create('Customer', { no: 'B' });
    expect(await figures()).toEqual(['0 0.00 0.000 0.00', '0 0.00 0.000 0.00']);
    // Insertion, one by one and many together.
    await create('Order', { no: 1, customer: 'A', worth: eur('10.50'), weight: '0.125' });
    await objects.bulk({
      object: 'Order',
      operations: [
        { do: 'create', values: { no: 2, customer: 'A', worth: eur('20.00'), weight: '1' } },
        { do: 'create', values: { no: 3, customer: 'B', worth: eur('5.25'), weight: '2.5', state: 'done' } },
      ],
    });
    expect(await figures()).toEqual(['2 30.50 1.125 0.00', '0 5.25 2.500 0.00']);
    // A change of what is summed, and of what the condition asks.
    await update('1', { worth: eur('-0.01') });
    await update('2', { state: 'void' });
    expect(await figures()).toEqual(['1 19.99 0.125 0.00', '0 5.25 2.500 0.00']);
    // Another parent, and none.
    await update('1', { customer: 'B' });
    expect(await figures()).toEqual(['0 20.00 0.000 0.00', '1 5.24 2.625 0.00']);
    await update('3', { customer: null });
    expect(await figures()).toEqual(['0 20.00 0.000 0.00', '1 -0.01 0.125 0.00']);
    // Deleted, restored, and deleted together with a change.
    await objects.delete({ object: 'Order', key: '1' });
    expect(await figures()).toEqual(['0 20.00 0.000 0.00', '0 0.00 0.000 0.00']);
    await objects.restore({ object: 'Order', key: '1' });
    expect(await figures()).toEqual(['0 20.00 0.000 0.00', '1 -0.01 0.125 0.00']);
    await objects.bulk({
      object: 'Order',
      operations: [
        { do: 'update', key: '2', values: { state: 'open' } },
        { do: 'delete', key: '1' },
      ],
    });
    expect(await figures()).toEqual(['1 20.00 1.000 0.00', '0 0.00 0.000 0.00']);
    // By the house itself, and rolled back.
    await model.amend('update', 'Order', { no: 3, customer: 'B' });
    expect(await figures()).toEqual(['1 20.00 1.000 0.00', '0 5.25 2.500 0.00']);
    const failing = storage.unitOfWork(async () => {
      await update('3', { worth: eur('99.00') });
      expect(await figures()).toEqual(['1 20.00 1.000 0.00', '0 99.00 2.500 0.00']);
      throw new Error('not this');
    });
    await expect(failing).rejects.toThrow('not this');
    expect(await figures()).toEqual(['1 20.00 1.000 0.00', '0 5.25 2.500 0.00']);
    // What lies in another database.
    await create('Payment', { no: 1, customer: 'A', amount: eur('7.00') });
    await objects.update({ object: 'Payment', key: '1', values: { customer: 'B', amount: eur('8.00') } });
    expect(await figures()).toEqual(['1 20.00 1.000 0.00', '0 5.25 2.500 8.00']);
    await objects.delete({ object: 'Payment', key: '1' });
    expect(await figures()).toEqual(['1 20.00 1.000 0.00', '0 5.25 2.500 0.00']);
  });
});
