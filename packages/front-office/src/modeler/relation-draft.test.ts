import { expect, it } from 'vitest';
import { isSound, relationDraftOf, relationOperations } from './relation-draft.js';

const at = { file: '', line: 1, column: 1 };
const member = (body: Record<string, unknown>) => ({ name: 'topics', body, at, inherited: false }) as never;

it.each([
  { many: 'Visit', by: 'case' },
  { many: 'Line', by: ['year', 'number'], label: 'Lines' },
  { many: 'Topic', through: 'Tagging' },
  { many: 'Person', through: 'Friendship', from: 'one', to: 'other' },
  { many: 'Topic', table: true },
  { many: 'Topic', table: 'LINKS', from: 'A', to: ['B1', 'B2'], database: 'erp', schema: 'old' },
  { many: 'Article', inverse: 'topics' },
])('says of %j what the file says', (body) => {
  const draft = relationDraftOf('topics', body);
  expect(isSound(draft)).toBe(true);
  expect(relationOperations('Article', undefined, draft)).toEqual([
    { do: 'add', object: 'Article', in: 'relations', name: 'topics', value: body },
  ]);
  expect(relationOperations('Article', member(body), draft)).toEqual([]);
});

it('takes away what says how it led there before', () => {
  const body = { many: 'Topic', table: 'links', from: 'a' };
  const draft = { ...relationDraftOf('topics', body), way: 'through' as const, through: 'Tagging', from: [] };
  expect(relationOperations('Article', member(body), draft)).toEqual([
    { do: 'set', object: 'Article', path: ['relations', 'topics', 'through'], value: 'Tagging' },
    { do: 'set', object: 'Article', path: ['relations', 'topics', 'table'], value: null },
    { do: 'set', object: 'Article', path: ['relations', 'topics', 'from'], value: null },
  ]);
  expect(isSound({ ...draft, through: '' })).toBe(false);
});
