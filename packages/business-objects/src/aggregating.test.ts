import { expect, it } from 'vitest';
import { onEachDatabase } from './customer-care.test.support.js';

onEachDatabase('aggregates', 'populated', (house) => {
  it('counts, sums and averages by attributes and buckets', async () => {
    const { rows } = await house.objects.aggregate({
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
    const bucketed = await house.objects.aggregate({
      object: 'Case',
      buckets: { attribute: 'openedAt', bounds },
      measures: [{ name: 'n', kind: 'count' }],
    });
    expect(bucketed.rows).toEqual([
      { bucket: 0, by: {}, measures: { n: 1 } },
      { bucket: 2, by: {}, measures: { n: 2 } },
    ]);
    const money = await house.objects.aggregate({
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
    const none = await house.objects.aggregate({
      object: 'Invoice',
      where: 'year = 1999',
      measures: [
        { name: 'sum', kind: 'sum', of: 'total' },
        { name: 'mean', kind: 'average', of: 'total' },
      ],
    });
    expect(none.rows).toEqual([{ by: {}, measures: { sum: '0.00', mean: null } }]);
  });
});
