import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

describe('nearestName', () => {
  it.each([
    ['biling.balance', 'billing.balance'],
    ['billing.Balance', 'billing.balance'],
    ['fax', 'fix'],
    ['tariff.price', undefined],
  ])('of %s is %s', (given, nearest) => {
    expect(nearestName(given, ['billing.balance', 'billing.sendCopy', 'fix'])).toBe(nearest);
  });
});
