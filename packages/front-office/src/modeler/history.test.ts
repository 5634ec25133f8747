import { expect, it } from 'vitest';
import { begun, changed, redone, undone } from './history.js';

it('goes back and forth to the very same states, and forgets what was taken back once something else is done', () => {
  const first = { text: 'a' };
  const second = { text: 'b' };
  const both = changed(changed(begun(first), second), { text: 'c' });
  const back = undone(undone(both));
  expect(back.present).toBe(first);
  expect(undone(back)).toBe(back);
  expect(redone(back).present).toBe(second);
  expect(redone(changed(back, { text: 'd' })).future).toEqual([]);
  expect(redone(both)).toBe(both);
});
