import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer.js';
import type { QuestionType } from './program.js';

const read = (type: QuestionType, raw: unknown) => {
  const answer = readAnswer({ type }, raw, ['a', 'b', 'c'], 'EUR');
  return answer.kind === 'value' ? answer.value : answer.kind;
};

describe('reading an answer', () => {
  it.each<[QuestionType, unknown, unknown]>([
    ['text', '  Ann ', 'Ann'],
    ['text', '   ', 'empty'],
    ['text', 'x'.repeat(4001), 'wrong'],
    ['text', 'a\u0000b', 'wrong'],
    ['text', { $key: 'x' }, 'wrong'],
    ['integer', ' 42', 42],
    ['integer', 42, 42],
    ['integer', '4.2', 'wrong'],
    ['integer', '9007199254740993', 'wrong'],
    ['decimal', '1234,5', '1234.5'],
    ['decimal', '-007.50', '-7.50'],
    ['decimal', 12.5, '12.5'],
    ['decimal', '1.234,5', 'wrong'],
    ['decimal', '1e5', 'wrong'],
    ['money', '12,50', { amount: '12.50', currency: 'EUR' }],
    ['money', { amount: '3', currency: 'GBP' }, { amount: '3', currency: 'GBP' }],
    ['money', { amount: '3', currency: 'pounds' }, 'wrong'],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '2026-02-29', 'wrong'],
    ['date', '29-02-2024', 'wrong'],
    ['boolean', 'Ja', true],
    ['boolean', false, false],
    ['boolean', 'maybe', 'wrong'],
    ['one', 'b', 'b'],
    ['one', 'd', 'wrong'],
    ['many', ['c', 'a', 'a'], ['a', 'c']],
    ['many', 'b', ['b']],
    ['many', [], 'empty'],
    ['many', ['a', 'z'], 'wrong'],
    ['email', 'ann@example.com', 'ann@example.com'],
    ['email', 'ann@example', 'wrong'],
    ['phone', '+31 (0)571-000 000', '+310571000000'],
    ['phone', 'none', 'wrong'],
  ])('%s: %j is %j', (type, raw, expected) => {
    expect(read(type, raw)).toEqual(expected);
  });

  it('never throws, and what it took it takes again unchanged', () => {
    const types = [
      ...(['text', 'integer', 'decimal', 'money', 'date', 'boolean', 'one', 'many', 'email', 'phone'] as const),
      ...(['time', 'scale', 'address', 'file', 'signature', 'reference'] as const),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.oneof(fc.anything(), fc.string(), fc.double()), (type, raw) => {
        const first = readAnswer({ type }, raw, ['a', 'b'], 'EUR');
        const again = first.kind === 'value' ? readAnswer({ type }, first.value, ['a', 'b'], 'EUR') : first;
        expect(again).toEqual(first);
      }),
    );
  });
});
