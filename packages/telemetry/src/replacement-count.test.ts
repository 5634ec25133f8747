import type { ServiceNode } from '@caruso/service-manager/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplacementCount } from './replacement-count.js';

const entry = (n: number, act: ServiceNode['replacements'][number]['act']) => ({
  at: new Date(n).toISOString(),
  from: '1.0.0',
  to: '1.0.1',
  act,
  outcome: 'in words',
});
const outcomes = ['replaced', 'configured', 'failed', 'installed'] as const;

test('each replacement is counted once, however much the tree remembers and however often it is looked at', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...outcomes), fc.boolean())),
      fc.integer({ min: 20, max: 40 }),
      (steps, kept) => {
        const count = new ReplacementCount();
        const all: ReturnType<typeof entry>[] = [];
        let unseen = 0;
        for (const [index, [outcome, look]] of steps.entries()) {
          all.push(entry(index, outcome));
          unseen += 1;
          // The tree must be looked at before it forgets.
          if (look || unseen === kept) {
            count.see({ name: 'erp', replacements: all.slice(-kept) });
            unseen = 0;
          }
        }
        count.see({ name: 'erp', replacements: all.slice(-kept) });
        const of = (wanted: string) => count.counts().find(({ outcome }) => outcome === wanted)?.count ?? 0;
        expect(of('replaced')).toBe(all.filter(({ act }) => act === 'replaced').length);
        expect(of('failed')).toBe(all.filter(({ act }) => act === 'failed').length);
        expect(of('installed')).toBe(all.filter(({ act }) => act === 'installed').length);
      },
    ),
  );
});

test('what was before, and what other nodes do, is not counted', () => {
  const count = new ReplacementCount();
  count.begin({ name: 'erp', replacements: [entry(1, 'replaced')] });
  count.see({ name: 'erp', replacements: [entry(1, 'replaced')] });
  count.see({ name: 'erp', node: 'second', replacements: [entry(2, 'replaced')] });
  expect(count.counts()).toEqual([]);
});
