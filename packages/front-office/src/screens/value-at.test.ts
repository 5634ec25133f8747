import { describe, expect, it } from 'vitest';
import { referenceAt, valueAt } from './value-at.js';

const record = {
  object: 'Loan',
  key: '7',
  version: '1',
  display: 'Loan 7',
  values: { client: 'K1', 'client.rank': 'gold' },
  related: {
    client: { object: 'Client', key: 'K1', version: '3', display: 'Ada', values: { city: 'Delft' } },
    payments: [],
    guarantor: null,
  },
};

describe('values along a path', () => {
  it('reads an attribute, one of a relation, and one that came under its path', () => {
    expect(valueAt(record, 'client')).toBe('K1');
    expect(valueAt(record, 'client.city')).toBe('Delft');
    expect(valueAt(record, 'client.rank')).toBe('gold');
  });

  it('is undefined where nothing was loaded', () => {
    expect(valueAt(record, 'guarantor.city')).toBeUndefined();
    expect(valueAt(record, 'payments.amount')).toBeUndefined();
    expect(referenceAt(record, 'payments')).toBeUndefined();
  });

  it('finds the record that a reference leads to', () => {
    expect(referenceAt(record, 'client')?.display).toBe('Ada');
  });
});
