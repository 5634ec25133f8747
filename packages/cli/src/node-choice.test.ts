import { type AnyComponent, defineContract, defineLocalContract, need } from '@caruso/service-manager/contract';
import { describe, expect, test } from 'vitest';
import { chooseComponents } from './node-choice.js';

const Store = defineLocalContract<{ read(): string }>()({ id: 'store', version: '1.0.0', methods: ['read'] });
const Book = defineLocalContract<{ write(): void }>()({ id: 'book', version: '1.0.0', methods: ['write'] });
const Erp = defineContract({ id: 'erp', version: '1.0.0', methods: {} });

type Part = Pick<AnyComponent, 'provides' | 'needs'>;
const all = new Map<string, Part>([
  ['store', { provides: Store, needs: {} }],
  ['book', { provides: { book: Book }, needs: { store: need(Store, '^1.0') } }],
  ['erp', { provides: Erp, needs: { book: need(Book, '^1.0') } }],
  ['desk', { provides: {}, needs: { erp: need(Erp, '^1.0'), store: need(Store, '^1.0', { optional: true }) } }],
]);
const chosen = (choice: Parameters<typeof chooseComponents>[1]): string[] => [...chooseComponents(all, choice)].sort();

describe('the components of a node', () => {
  test('all, where nothing is said', () => {
    expect(chosen({})).toEqual(['book', 'desk', 'erp', 'store']);
  });

  test('those named, with what they need of the same process, and no more', () => {
    expect(chosen({ components: ['erp'] })).toEqual(['book', 'erp', 'store']);
    expect(chosen({ components: ['desk'] })).toEqual(['desk']);
  });

  test('all but those left out', () => {
    expect(chosen({ without: ['erp', 'desk'] })).toEqual(['book', 'store']);
  });

  test('one that another needs beside it cannot be left out', () => {
    expect(() => chosen({ without: ['store'] })).toThrow("'book' needs 'store' in the same process, which is left out");
  });

  test('one that nobody knows is named with the nearest', () => {
    expect(() => chosen({ components: ['epr'] })).toThrow("there is no component 'epr'; did you mean 'erp'?");
  });
});
