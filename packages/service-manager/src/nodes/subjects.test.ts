import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { legalToken, subjectsOf } from './subjects.js';

describe('subjects', () => {
  test('any text becomes a legal token, and different texts different ones', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(legalToken(a)).toMatch(/^[-\w]+$/);
        expect(legalToken(a) === legalToken(b)).toBe(a === b);
      }),
    );
  });

  test('a method is found by contract and major version', () => {
    expect(subjectsOf('lumen').method('billing', '1.2.0', 'balance')).toBe('caruso.lumen.billing.v1.balance');
  });

  test('what is sent to a node goes to one run of it', () => {
    const { call, cancel, inboxOf } = subjectsOf('lumen');
    expect(call('erp', 'r1')).toBe('caruso.lumen.node.erp.r1.call');
    expect(cancel('erp', 'r1')).toBe('caruso.lumen.node.erp.r1.cancel');
    expect(inboxOf('erp', 'r1')).toBe('caruso.lumen.node.erp.r1.*');
  });
});
