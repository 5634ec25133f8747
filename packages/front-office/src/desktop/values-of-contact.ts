import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { Contact } from './desk-news.js';

/**
 * What a contact tells of an unknown customer, for the form that creates one: its address goes to the attribute of the address's type, its
 * name to the first text that people search by.
 */
export function valuesOfContact(
  { contact }: Pick<Contact, 'contact'>,
  description: ObjectDescription | undefined,
): Record<string, unknown> {
  const writable = (description?.attributes ?? []).filter(({ readOnly }) => !readOnly);
  const values: Record<string, unknown> = {};
  const type = contact.address.includes('@') ? 'email' : /^[+\d][\d ()/-]{4,}$/.test(contact.address) ? 'phone' : null;
  const address = writable.find((attribute) => attribute.type === type);
  if (address !== undefined) values[address.name] = contact.address;
  const name = writable.find((attribute) => attribute.type === 'text' && attribute.search && !attribute.key);
  if (name !== undefined && contact.name !== null) values[name.name] = contact.name;
  return values;
}
