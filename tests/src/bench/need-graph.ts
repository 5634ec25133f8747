import { chance } from './chance.js';
import type { Part } from './competitors/competitor.js';

/**
 * Components as a large front office has them: five foundations that lean on each other, a chain of 50, features that need a foundation
 * and up to four others, and ten at the top that need 25 each. In an order of installation that knows nothing of the needs.
 */
export function needGraph(count: number): Part[] {
  const random = chance(11);
  const below = (limit: number) => Math.floor(random() * limit);
  const name = (index: number) => `part-${String(index).padStart(3, '0')}`;
  const some = (number: number, limit: number) =>
    [...new Set(Array.from({ length: number }, () => below(limit)))].map(name);
  const parts = Array.from({ length: count }, (_, index): Part => {
    if (index < 5) return { name: name(index), needs: index === 0 ? [] : [name(index - 1)] };
    if (index < 55) return { name: name(index), needs: [name(index % 5), ...(index === 5 ? [] : [name(index - 1)])] };
    if (index >= count - 10) return { name: name(index), needs: some(25, count - 10) };
    return { name: name(index), needs: [...new Set([name(below(5)), ...some(1 + below(4), index)])] };
  });
  return parts
    .map((part) => ({ part, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ part }) => part);
}
