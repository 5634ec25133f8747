import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycle, type GraphNode, startOrder } from './dependency-graph.js';

const graph = (edges: Record<string, string[][]>): GraphNode[] =>
  Object.entries(edges).map(([name, needs]) => ({ name, needs }));

const anyGraph = fc.integer({ min: 1, max: 8 }).chain((size) => {
  const name = fc.integer({ min: 0, max: size - 1 }).map(String);
  const needs = fc.array(fc.uniqueArray(name, { maxLength: 3 }), { maxLength: 3 });
  return fc
    .tuple(...Array.from({ length: size }, () => needs))
    .map((all) => all.map((n, i) => ({ name: String(i), needs: n })));
});

describe('findCycle', () => {
  it.each<[string, Record<string, string[][]>, string[] | undefined]>([
    ['nothing', {}, undefined],
    ['a chain', { a: [['b']], b: [['c']], c: [] }, undefined],
    ['a need of itself', { a: [['a']] }, ['a', 'a']],
    ['two', { a: [['b']], b: [['a']] }, ['a', 'b', 'a']],
    ['a cycle behind a tail', { x: [['a']], a: [['b']], b: [['c']], c: [['a']] }, ['a', 'b', 'c', 'a']],
    ['an alternative that breaks it', { a: [['b', 'd']], b: [['a']], d: [] }, undefined],
    ['alternatives that are all caught', { a: [['b', 'c']], b: [['a']], c: [['a']] }, ['a', 'b', 'a']],
    ['a need that nobody meets yet', { a: [['b'], []], b: [[]] }, undefined],
    ['a diamond', { a: [['b'], ['c']], b: [['d']], c: [['d']], d: [] }, undefined],
  ])('of %s', (_what, edges, path) => {
    expect(findCycle(graph(edges))).toEqual(path);
  });

  it('gives a path along needs exactly when something can never start', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const path = findCycle(nodes);
        expect(path === undefined).toBe(startOrder(nodes).blocked.length === 0);
        if (path === undefined) return;
        expect(path[0]).toBe(path.at(-1));
        path.slice(1).forEach((name, i) => {
          const from = nodes.find((node) => node.name === path[i]);
          expect(from?.needs.some((any) => any.includes(name))).toBe(true);
        });
      }),
    );
  });
});

describe('startOrder', () => {
  it('places every node after an alternative of each of its needs', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const { order, blocked } = startOrder(nodes);
        expect(order.length + blocked.length).toBe(nodes.length);
        order.forEach((name, i) => {
          const before = new Set(order.slice(0, i));
          const needs = nodes.find((node) => node.name === name)?.needs ?? [];
          expect(needs.every((any) => any.length === 0 || any.some((n) => before.has(n)))).toBe(true);
        });
      }),
    );
  });
});
