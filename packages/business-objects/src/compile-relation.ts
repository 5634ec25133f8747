import { nearest } from '@caruso/declarations';
import { inverseOf, throughJunction } from './compile-junction.js';
import { type Draft, type DraftRelation, fault, keyFault } from './draft.js';
import type { RelationBody } from './model-file.js';
import { ADDRESSES, relationLabel, withoutAddress } from './name.js';

/** The keys of a relation that say how it leads there. */
const WAYS = ['by', 'through', 'table', 'inverse'] as const;
/** Which of the other keys go with each. */
const DETAILS: Readonly<Record<(typeof WAYS)[number], readonly (keyof RelationBody)[]>> = {
  by: [],
  through: ['from', 'to'],
  table: ['from', 'to', 'database', 'schema', 'was'],
  inverse: [],
};

/**
 * Fills in the to-many relations, once all columns are known.
 *
 * @param links tables of links, by `Object.relation`
 */
export function resolveRelations(drafts: ReadonlyMap<string, Draft>, links: ReadonlyMap<string, Draft>): void {
  const inverse: (() => void)[] = [];
  for (const draft of drafts.values()) {
    for (const [name, body] of Object.entries(draft.file.relations)) {
      const path = ['relations', name];
      if (ADDRESSES.has(name)) {
        keyFault(draft, path, 'MODEL_NAME', ...withoutAddress(name));
        continue;
      }
      if (draft.attributes.has(name)) {
        fault(draft, path, 'MODEL_RELATION', `'${name}' is an attribute already`, 'give the relation another name');
        continue;
      }
      const target = drafts.get(body.many);
      if (target === undefined) {
        const near = nearest(body.many, drafts.keys());
        const remedy =
          near === undefined ? `the model has ${[...drafts.keys()].join(', ')}` : `did you mean '${near}'?`;
        fault(draft, [...path, 'many'], 'MODEL_OBJECT_UNKNOWN', `the model has no object '${body.many}'`, remedy);
        continue;
      }
      if (!saysOneWay(draft, name, body)) continue;
      const add = (relation: DraftRelation | undefined) => {
        if (relation !== undefined) draft.relations.set(name, relation);
      };
      // Another relation's other direction waits until that one is known; its place in the order of the file stays its own.
      if (body.inverse !== undefined) inverse.push(() => add(inverseOf(draft, name, body, target)));
      else if (body.by !== undefined) add(direct(draft, name, body, body.by, target));
      else add(throughJunction(drafts, links, draft, name, body, target));
    }
  }
  for (const resolve of inverse) resolve();
  for (const draft of drafts.values()) inOrder(draft);
}

/** Relations stand in the order of the file, whenever they were found. */
function inOrder(draft: Draft): void {
  const found = new Map(draft.relations);
  draft.relations.clear();
  for (const name of Object.keys(draft.file.relations)) {
    const relation = found.get(name);
    if (relation !== undefined) draft.relations.set(name, relation);
  }
}

function saysOneWay(draft: Draft, name: string, body: RelationBody): boolean {
  const path = ['relations', name];
  const said = WAYS.filter((way) => body[way] !== undefined);
  const [way, other] = said;
  if (way === undefined || other !== undefined) {
    const message =
      way === undefined
        ? `'${name}' does not say how it leads to ${body.many}`
        : `'${name}' has both ${way} and ${other}, each of which says how it leads to ${body.many}`;
    const remedy = `name the reference of ${body.many} with by:, or for many-to-many an object with through: or a table of links with table:`;
    fault(draft, other === undefined ? path : [...path, other], 'MODEL_RELATION', message, remedy);
    return false;
  }
  const stray = (['from', 'to', 'database', 'schema', 'was'] as const).find(
    (key) => body[key] !== undefined && !DETAILS[way].includes(key),
  );
  if (stray === undefined) return true;
  const needed = WAYS.filter((each) => DETAILS[each].includes(stray)).join(': or ');
  fault(
    draft,
    [...path, stray],
    'MODEL_RELATION',
    `'${stray}' goes with ${needed}:, which '${name}' does not have`,
    `remove it, or say ${needed}:`,
  );
  return false;
}

/** Over a reference of the other object. */
function direct(
  draft: Draft,
  name: string,
  body: RelationBody,
  by: readonly string[],
  target: Draft,
): DraftRelation | undefined {
  const path = ['relations', name, 'by'];
  const attributes = by.map((each) => target.attributes.get(each));
  const missing = by.find((_, index) => attributes[index]?.kind !== 'stored');
  if (missing !== undefined) {
    const near = nearest(missing, target.attributes.keys());
    const message = `${target.name} has no stored attribute '${missing}' that leads back`;
    const remedy =
      near === undefined
        ? `name the attribute of ${target.name} that refers to ${draft.name}`
        : `did you mean '${near}'?`;
    fault(draft, path, 'MODEL_ATTRIBUTE_UNKNOWN', message, remedy);
    return undefined;
  }
  const otherColumns = attributes.flatMap((attribute) => attribute?.columns ?? []);
  const ownColumns = draft.keyColumns ?? [];
  const [only] = attributes;
  const wrongTarget = attributes.length === 1 && only?.to !== undefined && only.to !== draft.name;
  if (wrongTarget || otherColumns.length !== ownColumns.length || ownColumns.length === 0) {
    const leads = wrongTarget ? `leads to ${only.to}` : `has ${otherColumns.length} columns`;
    const message = `${target.name}.${by.join(', ')} ${leads}, not the ${ownColumns.length} of the key of ${draft.name}`;
    fault(draft, path, 'MODEL_RELATION', message, `name the reference of ${target.name} to ${draft.name}`);
    return undefined;
  }
  return {
    name,
    label: relationLabel(body.label ?? name),
    to: target.name,
    by,
    ownColumns,
    otherColumns,
    through: undefined,
  };
}
