import { describe, expect, it } from 'vitest';
import { candidates, equallyGood, explain, type NeedFact, type ProviderFact } from './need-resolution.js';

const provider = (name: string, version: string, more: Partial<ProviderFact> = {}): ProviderFact => ({
  name,
  order: 0,
  state: 'active',
  offers: [{ contract: 'storage', version }],
  ...more,
});
const storage: NeedFact = { contract: 'storage', range: '^2.0' };

describe('candidates', () => {
  it('are those in range, the highest version first, then the oldest', () => {
    const all = [
      provider('low', '2.0.0', { order: 1 }),
      provider('young', '2.1.0', { order: 4 }),
      provider('out', '3.0.0', { order: 0 }),
      provider('old', '2.1.0', { order: 2 }),
    ];
    expect(candidates(storage, all).map((p) => p.name)).toEqual(['old', 'young', 'low']);
    expect(candidates({ ...storage, provider: 'low' }, all).map((p) => p.name)).toEqual(['low']);
  });
});

describe('the choice among candidates', () => {
  it('is the healthy one, then that of this node, then by ranking, version and age', () => {
    const all = [
      provider('sick', '2.9.0', { state: 'degraded', ranking: 9 }),
      provider('far', '2.9.0', { node: 'north', ranking: 9, order: 1 }),
      provider('newer', '2.5.0', { order: 2 }),
      provider('older', '2.1.0', { order: 3, ranking: 1 }),
      provider('newest', '2.6.0', { order: 5 }),
      provider('second', '2.5.0', { order: 4 }),
    ];
    const order = ['older', 'newest', 'newer', 'second', 'far', 'sick'];
    expect(candidates(storage, all).map((p) => p.name)).toEqual(order);
    expect(candidates(storage, all.toReversed()).map((p) => p.name)).toEqual(order);
  });

  it('alternates only between those on other nodes that are as good as the best', () => {
    const north = provider('erp', '2.1.0', { node: 'north' });
    const south = provider('erp', '2.1.0', { node: 'south', order: 7 });
    const old = provider('erp', '2.0.0', { node: 'west' });
    expect(equallyGood(storage, candidates(storage, [old, south, north]))).toEqual([north, south]);
    const here = provider('erp', '2.0.0');
    expect(equallyGood(storage, candidates(storage, [south, here, north]))).toEqual([here]);
    expect(equallyGood(storage, [])).toEqual([]);
  });
});

describe('explain', () => {
  it.each<[string, NeedFact, ProviderFact[]]>([
    ["'erp' needs storage ^2.0, which nobody provides", storage, []],
    ["'erp' needs storage ^2.0, 'main' offers 1.4.0", storage, [provider('main', '1.4.0')]],
    [
      "'erp' needs storage ^2.0, 'a' offers 1.4.0, 'b' offers 3.0.0",
      storage,
      [provider('a', '1.4.0'), provider('b', '3.0.0')],
    ],
    [
      "'erp' needs storage ^2.0, 'main' offers 2.1.0 but is starting",
      storage,
      [provider('main', '2.1.0', { state: 'starting' })],
    ],
    [
      "'erp' needs storage ^2.0, 'main' offers 2.1.0 but is failed: disk full",
      storage,
      [provider('main', '2.1.0', { state: 'failed', reason: 'disk full' })],
    ],
    [
      "'erp' needs storage ^2.0 of 'x', which is not installed",
      { ...storage, provider: 'x' },
      [provider('main', '2.1.0')],
    ],
    [
      "'erp' needs storage ^2.0 of 'x', which does not provide it",
      { ...storage, provider: 'x' },
      [provider('x', '', { offers: [] })],
    ],
    ["'erp' needs storage ^2.0, 'x' offers 1.0.0", { ...storage, provider: 'x' }, [provider('x', '1.0.0')]],
  ])('%s', (message, need, providers) => {
    expect(explain("'erp'", need, providers)).toBe(message);
  });
});
