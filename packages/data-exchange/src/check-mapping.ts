import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { ImportOptions, Mapping } from './contract.js';

/** What is wrong with a mapping, by column. Pure. @param objects what the user may see */
export function checkMapping(
  objects: ReadonlyMap<string, ObjectDescription>,
  object: ObjectDescription,
  columns: readonly string[],
  mapping: Mapping,
  options: ImportOptions,
): { column: string; message: string }[] {
  const issues: { column: string; message: string }[] = [];
  const issue = (column: string, message: string) => issues.push({ column, message });
  const takenBy = new Map<string, string>();
  for (const [column, { attribute: name, by }] of Object.entries(mapping)) {
    if (!columns.includes(column)) issue(column, 'is no column of the file');
    const attribute = object.attributes.find((each) => each.name === name);
    if (attribute === undefined) {
      issue(column, `leads to '${name}', which ${object.name} does not have`);
      continue;
    }
    if (attribute.computed === true || (attribute.readOnly && !attribute.key))
      issue(column, `leads to '${name}', which cannot be written`);
    const other = takenBy.get(name);
    if (other !== undefined) issue(column, `leads to '${name}', as '${other}' does`);
    takenBy.set(name, column);
    if (by === undefined) continue;
    const target = attribute.to === undefined ? undefined : objects.get(attribute.to);
    if (target === undefined) issue(column, `leads to '${name}', which is no reference to look up by '${by}'`);
    else if (!target.attributes.some((each) => each.name === by))
      issue(column, `looks up by '${by}', which ${target.name} does not have`);
  }
  for (const name of options.match) {
    if (!takenBy.has(name)) issue(name, 'is to be matched by, but no column leads to it');
  }
  if (Object.keys(mapping).length === 0) issue(object.name, 'gets nothing: no column is mapped');
  return issues;
}
