import { ModelFile } from '@caruso/business-objects';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { draftOf, has, KINDS, operationsOf } from './attribute-draft.js';
import { objectDraftOf, objectOperations } from './object-draft.js';

/** The mapping that a part of the schema is, beneath what it is wrapped in. */
function shapeOf(schema: unknown): Record<string, z.ZodType> {
  const { def, shape } = schema as { def: { innerType?: unknown; out?: unknown; valueType?: unknown }; shape?: object };
  if (shape !== undefined) return shape as Record<string, z.ZodType>;
  return shapeOf(def.innerType ?? def.out ?? def.valueType);
}

const ofFile = shapeOf(ModelFile);
const ofAttribute = Object.keys(shapeOf(ofFile['attributes']));
const samples: Record<string, unknown> = {
  to: 'Customer',
  columns: ['A', 'B'],
  key: 'generated',
  values: ['a', 'b'],
  by: 'kind',
  default: 'x',
  required: true,
  unique: true,
  index: true,
  search: true,
  sensitive: true,
  readOnly: true,
  length: 4,
  min: 1,
  max: 2,
  scale: 3,
  normalise: 'name',
  survivor: 'longest',
  format: 'yyyymmdd',
};

it('has a field for every property that a model file can give an attribute', () => {
  // Renaming says `was`; `type` is the kind.
  const said = ofAttribute.filter((key) => !['was', 'type'].includes(key));
  const lost = said.filter((key) => {
    const kind = KINDS.find((each) => has(each, key) && (key !== 'values' || each === 'one of')) ?? 'text';
    const value = samples[key] ?? 'word';
    const kinds = kind === 'reference' ? { to: 'Customer' } : { type: kind };
    const body = { ...kinds, ...(key === 'by' ? { values: { on: ['a'] } } : {}), [key]: value };
    const [operation] = operationsOf('Case', undefined, draftOf('it', body));
    return JSON.stringify((operation as { value: Record<string, unknown> }).value[key]) !== JSON.stringify(value);
  });
  expect(lost).toEqual([]);
});

it('offers every kind of attribute that a model file can name', () => {
  const types = (shapeOf(ofFile['attributes'])['type'] as unknown as { def: { innerType: { options: string[] } } }).def
    .innerType.options;
  expect(types.filter((type) => !KINDS.includes(type))).toEqual([]);
});

it('has a field for every property that a model file can give an object', () => {
  const elsewhere = ['object', 'was', 'attributes', 'relations', 'rights', 'duplicates', 'indexes'];
  const values: Record<string, unknown> = {
    abstract: true,
    notes: true,
    attachments: { largest: '5 MB', types: ['image/*'] },
    delete: 'keep',
    search: 'words',
    removed: ['fax'],
    ignore: ['FAX'],
  };
  const object = { name: 'Case', rest: {} } as never;
  const lost = Object.keys(ofFile).filter((key) => {
    if (elsewhere.includes(key)) return false;
    const value = values[key] ?? 'word';
    const made = objectOperations(object, objectDraftOf({ [key]: value }));
    return JSON.stringify(made) !== JSON.stringify([{ do: 'set', object: 'Case', path: [key], value }]);
  });
  expect(lost).toEqual([]);
});
