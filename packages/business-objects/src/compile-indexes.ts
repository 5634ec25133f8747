import { nearest } from '@caruso/declarations';
import { type Draft, fault, type Path } from './draft.js';
import type { ModelIndex } from './model.js';
import type { IndexFile } from './model-file.js';

/** Compiles `indexes:` of a model file. */
export function compileIndexes(draft: Draft): ModelIndex[] {
  const indexes: ModelIndex[] = [];
  const seen = new Set<string>();
  for (const [at, index] of draft.file.indexes.entries()) {
    const path = ['indexes', at];
    const compiled = compileIndex(draft, index, path);
    if (compiled === undefined) continue;
    const id = index.on.join();
    if (seen.has(id)) wrong(draft, path, `there is an index on ${index.on.join(', ')} already`, 'remove one of them');
    seen.add(id);
    indexes.push(compiled);
  }
  return indexes;
}

function compileIndex(draft: Draft, index: IndexFile, path: Path): ModelIndex | undefined {
  const seen = new Set<string>();
  // Where the short form is written there is no `on`, and its place is that of the whole.
  const [whole, list] = [draft.locate([...path]), draft.locate([...path, 'on'])];
  const short = whole.line === list.line && whole.column === list.column;
  const attributes = index.on.flatMap((entry, at) => {
    const name = entry.replace(/^-/, '');
    const place = short ? [...path, at] : [...path, 'on', at];
    const attribute = draft.attributes.get(name);
    if (attribute === undefined) {
      const near = nearest(name, draft.attributes.keys());
      const remedy =
        near === undefined ? `attributes: ${[...draft.attributes.keys()].join(', ')}` : `did you mean '${near}'?`;
      return wrong(draft, place, `${draft.name} has no attribute '${name}'`, remedy);
    }
    if (attribute.kind !== 'stored')
      return wrong(draft, place, `'${name}' is computed`, 'name what it is computed from');
    if (['json', 'binary', 'tags'].includes(attribute.type))
      return wrong(draft, place, `${attribute.type} has no order, and no index`, `remove '${name}'`);
    if (seen.has(name)) return wrong(draft, place, `'${name}' is there twice`, 'remove it once');
    seen.add(name);
    return [{ attribute, descending: entry.startsWith('-') }];
  });
  return attributes.length < index.on.length ? undefined : { attributes, unique: index.unique };
}

function wrong(draft: Draft, path: Path, message: string, remedy: string): [] {
  fault(draft, path, 'MODEL_INDEX', message, remedy);
  return [];
}
