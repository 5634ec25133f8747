import { expect, it } from 'vitest';
import { placesOf } from './graph-layout.js';

const step = (id: string) => ({ id, kind: 'info', label: '', section: 's', path: `/script/${id}` });

it('lays steps out downwards, and leaves those where they are that somebody put somewhere', () => {
  const drawing = {
    steps: [step('a'), step('b'), step('c')],
    lines: [
      { from: 'a', to: 'b', ways: [] },
      { from: 'b', to: 'c', ways: [] },
      { from: 'c', to: 'a', ways: [] },
      { from: 'b', to: 'b', ways: [] },
    ],
  };
  const laid = placesOf(drawing, {});
  expect((laid['a']?.y ?? 0) < (laid['b']?.y ?? 0) && (laid['b']?.y ?? 0) < (laid['c']?.y ?? 0)).toBe(true);
  expect(placesOf(drawing, { b: { x: 7, y: -9 } })).toEqual({ ...laid, b: { x: 7, y: -9 } });
});
