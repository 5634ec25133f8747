import { nearest } from '@caruso/declarations';
import { type Draft, fault } from './draft.js';
import type { Column } from './model.js';
import { snakeName } from './name.js';

/**
 * Fills in the columns of references, and the columns of each key; a key may lead through references of its own.
 *
 * @param links tables of links, which nothing refers to
 */
export function resolveReferences(drafts: ReadonlyMap<string, Draft>, links: Iterable<Draft>): void {
  const path: string[] = [];
  const keyOf = (draft: Draft): readonly Column[] => {
    if (draft.keyColumns !== undefined) return draft.keyColumns;
    path.push(draft.name);
    const columns: Column[] = [];
    for (const attribute of draft.attributes.values()) {
      if (!attribute.key) continue;
      if (attribute.to !== undefined) resolve(draft, attribute.name);
      columns.push(...attribute.columns);
    }
    path.pop();
    draft.keyColumns = columns;
    return columns;
  };
  const resolve = (draft: Draft, name: string): void => {
    const attribute = draft.attributes.get(name);
    if (attribute?.to === undefined || attribute.columns.length > 0) return;
    const at = ['attributes', name, 'to'];
    const target = drafts.get(attribute.to);
    if (target === undefined) {
      const near = nearest(attribute.to, drafts.keys());
      const remedy = near === undefined ? `the model has ${[...drafts.keys()].join(', ')}` : `did you mean '${near}'?`;
      fault(
        draft,
        at,
        'MODEL_OBJECT_UNKNOWN',
        `'${name}' leads to ${attribute.to}, which the model does not have`,
        remedy,
      );
      return;
    }
    if (path.includes(target.name) && target.keyColumns === undefined) {
      const circle = [...path.slice(path.indexOf(target.name)), target.name].join(' -> ');
      fault(draft, at, 'MODEL_KEY_CYCLE', `keys lead in a circle: ${circle}`, 'give one of them a key of its own');
      return;
    }
    const leaves = keyOf(target);
    if (leaves.length === 0) {
      fault(
        draft,
        at,
        'MODEL_KEY_MISSING',
        `'${name}' leads to ${target.name}, which has no key`,
        `give ${target.name} a key`,
      );
      return;
    }
    const body = draft.file.attributes[name];
    const single = body?.column ?? snakeName(name);
    const names = body?.columns ?? (leaves.length === 1 ? [single] : leaves.map((leaf) => `${single}_${leaf.name}`));
    if (names.length !== leaves.length) {
      const wanted = leaves.map((leaf) => leaf.name).join(', ');
      const message = `'${name}' has ${names.length} columns, but the key of ${target.name} has ${leaves.length} (${wanted})`;
      fault(draft, ['attributes', name], 'MODEL_COLUMNS', message, 'name one column for each, in that order');
      return;
    }
    // Length and null are of the referring column; how the value is coded is of the key it holds.
    attribute.columns = leaves.map((leaf, index) => ({
      ...leaf,
      name: names[index] ?? leaf.name,
      nullable: !attribute.required,
    }));
  };
  for (const draft of [...drafts.values(), ...links]) {
    for (const name of draft.attributes.keys()) resolve(draft, name);
    keyOf(draft);
  }
}
