import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Link, LinkedList } from './linked-list.js';

test('holds what was added and not removed, in the order in which it came', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { nil: undefined })), (acts) => {
      const list = new LinkedList<number>();
      const links: Link<number>[] = [];
      const expected = new Set<number>();
      for (const act of acts) {
        const link = act === undefined ? undefined : links[act];
        if (link === undefined) {
          expected.add(links.length);
          links.push(list.add(links.length));
        } else {
          expect(list.remove(link)).toBe(expected.delete(link.value));
        }
      }
      expect([...list]).toEqual([...expected]);
      expect(list.size).toBe(expected.size);
    }),
  );
});

test('what was removed leads nowhere, and belongs to no other list', () => {
  const list = new LinkedList<number>();
  const [one, two] = [list.add(1), list.add(2), list.add(3)];
  expect(new LinkedList<number>().remove(two)).toBe(false);
  for (const value of list) if (value < 3) list.remove(value === 1 ? one : two);
  expect(one).toMatchObject({ before: undefined, after: undefined });
  expect([...list]).toEqual([3]);
});
