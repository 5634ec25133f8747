import { describe, expect, test } from 'vitest';
import { LoopGuard } from './loop-guard.js';

describe('the loop guard', () => {
  test('bears a burst, names the excess, and forgets after a minute', () => {
    const guard = new LoopGuard(3);
    expect([1, 2, 3].map((at) => guard.excess('a', at))).toEqual([undefined, undefined, undefined]);
    expect(guard.excess('a', 4)).toBe(4);
    expect(guard.excess('b', 4)).toBeUndefined();
    expect(guard.excess('a', 60_100)).toBeUndefined();
  });
});
