import type { Folder } from '@caruso/declarations';
import type { ModelerObject } from './contract.js';
import {
  isInherited,
  type Members,
  mapping,
  membersOf,
  placeOf,
  readObjects,
  textsOf,
  type Written,
  type WrittenObject,
} from './written-model.js';

/** An object as its files say it, for drawing and form. */
export function describeWritten(object: WrittenObject, managed: (database: string) => boolean): ModelerObject {
  const said = ['object', 'attributes', 'relations', 'rights'];
  const rest = Object.fromEntries(Object.entries(object.value).filter(([key]) => !said.includes(key)));
  const database = String(rest['database'] ?? 'main');
  const writtenBy = rest['written by'];
  const members = (kind: Members) =>
    [...membersOf(object, kind)].map(([name, body]: [string, Written]) => ({
      name,
      body,
      at: placeOf(object, [kind, name]),
      inherited: isInherited(object, kind, name),
    }));
  return {
    name: object.name,
    label: typeof rest['label'] === 'string' ? rest['label'] : object.name.replace(/([a-z0-9])([A-Z])/g, '$1 $2'),
    file: object.file,
    at: placeOf(object, ['object']),
    inherited: object.below,
    database,
    managed: managed(database),
    writtenBy: typeof writtenBy === 'string' ? writtenBy : null,
    attributes: members('attributes'),
    relations: members('relations'),
    rights: mapping(object.value['rights']),
    rest,
  };
}

/** The model of a folder as its files say it. Pure. */
export function describeModel(folder: Folder): ModelerObject[] {
  const { databases } = folder.manifest;
  const texts = textsOf(folder.sources('model'), folder.layers.at(-1)?.name ?? '.');
  return readObjects(texts).map((object) => describeWritten(object, (name) => databases[name]?.managed ?? true));
}
