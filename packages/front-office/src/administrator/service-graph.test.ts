import type { ServiceNode } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { boxSize, drawing } from './service-graph.js';
import { dependentsOf } from './service-links.js';

const service = (name: string, needs: [string | null, boolean?][] = [], node?: string): ServiceNode => ({
  name,
  ...(node === undefined ? {} : { node }),
  provides: [],
  version: '1.0.0',
  generation: 1,
  state: 'active',
  since: '2026-01-05T08:00:00.000Z',
  needs: needs.map(([provider, optional = false], index) => ({
    name: `n${index}`,
    contract: 'c',
    range: '^1.0',
    optional,
    provider,
  })),
  calls: { total: 0, failed: 0, inFlight: 0, p50: null, p95: null },
  effects: [],
  replacements: [],
});

const house = [
  service('storage'),
  service('objects', [['storage'], ['storage', true]]),
  service('screens', [['objects'], ['storage', true], [null], ['gone']]),
  service('objects', [], 'north'),
];

describe('the drawing of services', () => {
  it('puts each above what it needs, without one over another', () => {
    const { boxes, lines } = drawing(house);
    const y = (id: string) => boxes.find((box) => box.id === id)?.y ?? Number.NaN;
    expect(y('screens')).toBeLessThan(y('objects'));
    expect(y('objects')).toBeLessThan(y('storage'));
    expect(lines.map(({ from, to, optional }) => [from, to, optional])).toEqual([
      ['objects', 'storage', false],
      ['screens', 'objects', false],
      ['screens', 'storage', true],
    ]);
    for (const a of boxes) {
      for (const b of boxes.filter(({ id }) => id !== a.id)) {
        const apart = Math.abs(a.x - b.x) >= boxSize.width || Math.abs(a.y - b.y) >= boxSize.height;
        expect([a.id, b.id, apart]).toEqual([a.id, b.id, true]);
      }
    }
  });

  it('knows who needs a component', () => {
    expect(dependentsOf(house, 'storage')).toEqual(['objects', 'screens']);
    expect(dependentsOf(house, 'screens')).toEqual([]);
  });
});
