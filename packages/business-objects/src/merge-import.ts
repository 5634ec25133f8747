import { isMapping, readYaml, sourceOf, spliceYaml } from '@caruso/declarations';
import { z } from 'zod';
import { snakeName } from './name.js';

type Written = Record<string, unknown>;

/** A model file by its path within the folder. */
export interface ModelText {
  path: string;
  text: string;
}

export interface MergedFile extends ModelText {
  /** Attributes and relations that the file did not have. */
  added: string[];
  isNew: boolean;
}

/**
 * What reading a database a second time adds to the model files that are there: tables they do not have, and columns and relations that
 * no attribute of theirs stands for, but those that `ignore:` names. What they say stays, under the names somebody gave it; only lines are
 * added. Pure.
 *
 * @returns files that are new or changed, each with the names that were added; none for a file that is new
 */
export function mergeImport(written: readonly ModelText[], imported: readonly ModelText[]): MergedFile[] {
  const present = new Map(written.map((file) => [tableOf(read(file.text)), { ...file, value: read(file.text) }]));
  const pairs = imported.map((file) => {
    const value = read(file.text);
    return { file, value, there: present.get(tableOf(value)) };
  });
  // What an object and its attributes are called there.
  const objects = new Map<string, string>();
  const attributes = new Map<string, Map<string, string>>();
  for (const { value, there } of pairs) {
    const name = String(value['object']);
    objects.set(name, String(there?.value['object'] ?? name));
    const owners = new Map(
      Object.entries(mapping(there?.value['attributes'])).map(([each, body]) => [columnsOf(each, body), each]),
    );
    const names = Object.entries(mapping(value['attributes'])).map(([each, body]): [string, string] => [
      each,
      owners.get(columnsOf(each, body)) ?? each,
    ]);
    attributes.set(name, new Map(names));
  }
  return pairs.flatMap(({ file, value, there }): MergedFile[] => {
    if (there === undefined) return [{ ...file, added: [], isNew: true }];
    let { text } = there;
    const added: string[] = [];
    const own = mapping(there.value['attributes']);
    const relations = mapping(there.value['relations']);
    const ignored = Array.isArray(there.value['ignore']) ? there.value['ignore'].map(String) : [];
    const columns = new Set([
      ...Object.entries(own).flatMap(([each, body]) => columnsOf(each, body).split('\0')),
      ...ignored.map((each) => each.toLowerCase()),
    ]);
    const add = (kind: 'attributes' | 'relations', name: string, body: Written) => {
      const taken = (each: string) => each in own || each in relations || added.includes(each);
      let free = name;
      while (taken(free)) free = `${free}_`;
      text = spliceYaml(text, [kind, free], body);
      added.push(free);
    };
    for (const [name, body] of Object.entries(mapping(value['attributes']))) {
      if (
        columnsOf(name, body)
          .split('\0')
          .every((column) => columns.has(column))
      )
        continue;
      const { to } = mapping(body);
      add('attributes', name, typeof to === 'string' ? { ...mapping(body), to: objects.get(to) ?? to } : mapping(body));
    }
    for (const [name, body] of Object.entries(mapping(value['relations']))) {
      const wanted = renamed(mapping(body), objects, attributes);
      const { through } = mapping(body);
      const table = pairs.find((each) => each.value['object'] === through)?.value['table'];
      const known = Object.values(relations).some((each) => leadsAlike(mapping(each), wanted, table, present.values()));
      // A relation is named as the import would, or by what leads here.
      const left = ignored.includes(name) || ignored.includes(`${wanted['many']}.${wanted['by'] ?? wanted['through']}`);
      if (!known && !left) add('relations', name, wanted);
    }
    return added.length === 0 ? [] : [{ path: there.path, text, added, isNew: false }];
  });
}

/** A relation that was read, in the names that are there. */
function renamed(
  { many, by, through, from, to }: Written,
  objects: ReadonlyMap<string, string>,
  attributes: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Written {
  const name = (object: unknown) => objects.get(String(object)) ?? object;
  const attribute = (object: unknown, each: unknown) => attributes.get(String(object))?.get(String(each)) ?? each;
  if (through === undefined)
    return { many: name(many), by: Array.isArray(by) ? by.map((each) => attribute(many, each)) : attribute(many, by) };
  const ends = from === undefined ? {} : { from: attribute(through, from), to: attribute(through, to) };
  return { many: name(many), through: name(through), ...ends };
}

/** Whether a relation that somebody wrote leads where one that was read does, over the same rows. */
function leadsAlike(there: Written, wanted: Written, table: unknown, files: Iterable<{ value: Written }>): boolean {
  if (there['many'] !== wanted['many']) return false;
  if (wanted['through'] === undefined) return String(there['by']) === String(wanted['by']);
  if (there['table'] !== undefined) return String(there['table']).toLowerCase() === String(table).toLowerCase();
  if (there['inverse'] !== undefined) {
    const other = [...files].find(({ value }) => value['object'] === there['many'])?.value;
    const { through, from, to } = mapping(mapping(other?.['relations'])[String(there['inverse'])]);
    return leadsAlike({ many: there['many'], through, from: to, to: from }, wanted, table, []);
  }
  const same = (end: 'from' | 'to') =>
    there[end] === undefined || wanted[end] === undefined || String(there[end]) === String(wanted[end]);
  return there['through'] === wanted['through'] && same('from') && same('to');
}

function read(text: string): Written {
  return (readYaml(sourceOf('model/file.yaml', text), z.looseObject({})).value ?? {}) as Written;
}

function tableOf(value: Written): string {
  const { database = 'main', schema = '', object = '' } = value;
  return [database, schema, value['table'] ?? snakeName(String(object))].join('\0').toLowerCase();
}

/** The columns of an attribute, as one text; none for what is computed. */
function columnsOf(name: string, body: unknown): string {
  const { column, columns, formula, count, sum, currencyColumn } = mapping(body);
  if (formula !== undefined || count !== undefined || sum !== undefined) return `\0${name}`;
  const own = Array.isArray(columns) ? columns.map(String) : [String(column ?? snakeName(name))];
  return [...own, ...(currencyColumn === undefined ? [] : [String(currencyColumn)])].join('\0').toLowerCase();
}

function mapping(value: unknown): Written {
  return isMapping(value) ? value : {};
}
