import { expect, it } from 'vitest';
import { indexDraftOf, indexOf, isIndex } from './index-draft.js';

it('gives back every index as it was written, and knows which can be', () => {
  const written = [['station', '-at'], { on: ['station', 'kind', 'at'], unique: true }];
  expect(written.map(indexDraftOf).map(indexOf)).toEqual(written);
  expect(written.map(indexDraftOf).every(isIndex)).toBe(true);
  expect([['station'], ['at', '-at'], ['at', '']].map(indexDraftOf).some(isIndex)).toBe(false);
});
