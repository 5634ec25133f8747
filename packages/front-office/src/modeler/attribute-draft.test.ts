import { expect, it } from 'vitest';
import { draftOf, operationsOf } from './attribute-draft.js';

it('says of a new attribute only what was filled in', () => {
  const draft = {
    ...draftOf('', {}),
    name: 'state',
    kind: 'one of',
    values: ['open', 'closed'],
    default: 'open',
    length: '40',
  };
  expect(operationsOf('Case', undefined, draft)).toEqual([
    {
      do: 'add',
      object: 'Case',
      in: 'attributes',
      name: 'state',
      value: { type: 'one of', values: ['open', 'closed'], default: 'open' },
    },
  ]);
});

it('keeps for which value of another attribute each value is', () => {
  const body = { type: 'one of', by: 'kind', values: { outage: ['fuse', 'cable'], move: 'late' } };
  const draft = draftOf('cause', body);
  expect(operationsOf('Case', { name: 'cause', body }, draft)).toEqual([]);
  const valuesBy = { ...draft.valuesBy, outage: ['fuse'] };
  expect(operationsOf('Case', { name: 'cause', body }, { ...draft, valuesBy })).toEqual([
    {
      do: 'set',
      object: 'Case',
      path: ['attributes', 'cause', 'values'],
      value: { outage: ['fuse'], move: ['late'] },
    },
  ]);
});

it('changes only what the form changes, and leaves what it has no field for', () => {
  const body = { type: 'text', column: 'NM', length: 40, required: true };
  const before = { name: 'name', body };
  expect(operationsOf('Case', before, draftOf('name', body))).toEqual([]);
  const draft = { ...draftOf('name', body), name: 'title', required: false, kind: 'integer', default: '3' };
  expect(operationsOf('Case', before, draft)).toEqual([
    { do: 'rename', object: 'Case', in: 'attributes', name: 'name', to: 'title' },
    { do: 'set', object: 'Case', path: ['attributes', 'title', 'type'], value: 'integer' },
    { do: 'set', object: 'Case', path: ['attributes', 'title', 'required'], value: null },
    { do: 'set', object: 'Case', path: ['attributes', 'title', 'default'], value: 3 },
    { do: 'set', object: 'Case', path: ['attributes', 'title', 'length'], value: null },
  ]);
  const computed = { name: 'open', body: { count: 'cases', where: "status = 'open'" } };
  expect(
    operationsOf('Case', computed, { ...draftOf('open', computed.body), kind: 'formula', formula: '1 + 1' }),
  ).toEqual([
    { do: 'set', object: 'Case', path: ['attributes', 'open', 'formula'], value: '1 + 1' },
    { do: 'set', object: 'Case', path: ['attributes', 'open', 'count'], value: null },
    { do: 'set', object: 'Case', path: ['attributes', 'open', 'where'], value: null },
  ]);
});
