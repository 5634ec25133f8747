import type { ObjectDescription } from '@caruso/business-objects/contract';
import { expect, it } from 'vitest';
import { followedMapping } from './followed-mapping.js';

const object = (name: string, attributes: object[]) => ({ name, attributes }) as unknown as ObjectDescription;
const customer = object('Customer', [{ name: 'number', was: 'no' }, { name: 'email' }]);
const order = object('Order', [
  { name: 'buyer', was: 'customer', to: 'Customer' },
  { name: 'state', was: 'status' },
  { name: 'status' },
  { name: 'total' },
]);
const objects = new Map([
  ['Customer', customer],
  ['Order', order],
]);
const saved = (mapping: object, match: string[]) => ({ mapping: mapping as never, options: { match } as never });

it('follows attributes that were renamed since it was saved, also those of what is referred to', () => {
  const before = { Client: { attribute: 'customer', by: 'no' }, Sum: { attribute: 'total' } };
  expect(followedMapping(objects, order, saved(before, ['customer']))).toEqual(
    saved({ Client: { attribute: 'buyer', by: 'number' }, Sum: { attribute: 'total' } }, ['buyer']),
  );
});

it('leaves what is there, and what nobody was called', () => {
  const before = { State: { attribute: 'status' }, Fax: { attribute: 'fax' } };
  expect(followedMapping(objects, order, saved(before, []))).toEqual(saved(before, []));
});
