import type { AttributeDescription } from '@caruso/business-objects/contract';
import type { Mapping } from './contract.js';

/** Columns that have the name or the label of an attribute that may be written, whatever their case, spaces and signs. Pure. */
export function suggestMapping(columns: readonly string[], attributes: readonly AttributeDescription[]): Mapping {
  const mapping: Mapping = {};
  const taken = new Set<string>();
  const free = attributes.filter(({ readOnly, key, computed }) => computed !== true && (!readOnly || key));
  for (const wanted of [exactly, loosely]) {
    for (const column of columns) {
      if (mapping[column] !== undefined) continue;
      const found = free.find(
        ({ name, label }) => !taken.has(name) && (wanted(name) === wanted(column) || wanted(label) === wanted(column)),
      );
      if (found === undefined) continue;
      mapping[column] = { attribute: found.name };
      taken.add(found.name);
    }
  }
  return mapping;
}

function exactly(text: string): string {
  return text.trim();
}

function loosely(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
