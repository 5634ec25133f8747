import { expect, it } from 'vitest';
import { batchSize } from './batch-size.js';

it('makes batches smaller that held others up, and larger where there was time, step by step and within bounds', () => {
  expect(batchSize(100, 12)).toBe(100);
  expect(batchSize(100, 500)).toBe(70);
  expect(batchSize(100, 0)).toBe(131);
  expect(batchSize(400, 1)).toBe(400);
  expect(batchSize(50, 500)).toBe(50);
});
