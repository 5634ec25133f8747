import { nearest } from '@caruso/declarations';
import { compileAttribute } from './compile-attribute.js';
import { type Draft, type DraftRelation, fault, newDraft } from './draft.js';
import type { Attribute } from './model.js';
import { type AttributeBody, ModelFile, type RelationBody } from './model-file.js';
import { relationLabel, singular, snakeName } from './name.js';

type Databases = Readonly<Record<string, { managed: boolean }>> | undefined;

/** The name of the table of links that a relation has to itself; no object can have it. */
function linksName(object: string, relation: string): string {
  return `${object}.${relation}`;
}

/** Tables of links that relations have to themselves (`table:`), as objects of two references that are the key. */
export function compileLinkTables(drafts: ReadonlyMap<string, Draft>, databases: Databases): Map<string, Draft> {
  const links = new Map<string, Draft>();
  for (const draft of drafts.values()) {
    for (const [name, body] of Object.entries(draft.file.relations)) {
      const target = drafts.get(body.many);
      if (body.table === undefined || target === undefined || draft.attributes.has(name)) continue;
      if (databases !== undefined && body.database !== undefined && !Object.hasOwn(databases, body.database)) {
        const near = nearest(body.database, Object.keys(databases));
        const remedy =
          near === undefined
            ? `declared in caruso.yaml: ${Object.keys(databases).join(', ')}`
            : `did you mean '${near}'?`;
        const message = `no database '${body.database}' is declared`;
        fault(draft, ['relations', name, 'database'], 'MODEL_DATABASE_UNKNOWN', message, remedy);
        continue;
      }
      links.set(linksName(draft.name, name), linkTable(draft, name, body, target, databases));
    }
  }
  refuseShared(drafts, links);
  return links;
}

function linkTable(draft: Draft, name: string, body: RelationBody, target: Draft, databases: Databases): Draft {
  const database = body.database ?? draft.file.database;
  const from = snakeName(draft.name);
  const other = snakeName(target === draft ? singular(name) : target.name);
  const to = other === from ? `other_${other}` : other;
  const reference = (of: Draft, columns: readonly string[] | undefined, fallback: string): AttributeBody => ({
    to: of.name,
    key: true,
    ...(columns?.length === 1 || columns === undefined
      ? { column: columns?.[0] ?? fallback }
      : { columns: [...columns] }),
  });
  const table = body.table === true ? `${from}_${snakeName(name)}` : body.table;
  // Named after object and relation, it is renamed with either.
  const former = [draft.file.was ?? draft.name, body.was ?? name].map(snakeName).join('_');
  const at = (path: readonly (string | number)[]) =>
    draft.locate(['relations', name, ...(path[0] === 'attributes' ? path.slice(1, 2) : path.slice(0, 1))]);
  const links = newDraft({
    file: {
      ...ModelFile.parse({ object: 'Links' }),
      object: linksName(draft.name, name),
      database,
      ...(body.schema === undefined ? {} : { schema: body.schema }),
      ...(table === undefined ? {} : { table }),
      ...(former === table || body.table !== true ? {} : { was: former }),
      attributes: {
        from: reference(draft, body.from, from),
        to: reference(target, body.to, to),
      },
    },
    // It has no file of its own: what is wrong with it is wrong with the relation.
    locate: Object.assign(at, { key: at, within: at }),
    managed: databases?.[database]?.managed ?? true,
    faults: [],
  });
  for (const [end, of, columns] of [
    ['from', draft, body.from],
    ['to', target, body.to],
  ] as const) {
    const attribute = compileAttribute(links, end, links.file.attributes[end] ?? {});
    // Where the object was renamed its column was, too, unless somebody named it; columns of a composite key are not told apart.
    const single =
      Object.values(of.file.attributes).filter(({ key }) => key !== undefined && key !== false).length === 1;
    const former = of.file.was === undefined || columns !== undefined || !single ? undefined : snakeName(of.file.was);
    links.attributes.set(end, { ...attribute, was: former });
  }
  return links;
}

/** In a managed database a table belongs to one object or one relation. */
function refuseShared(drafts: ReadonlyMap<string, Draft>, links: ReadonlyMap<string, Draft>): void {
  const place = ({ file, name }: Draft) =>
    JSON.stringify([file.database, file.schema ?? '', (file.table ?? snakeName(name)).toLowerCase()]);
  const owners = new Map([...drafts.values()].map((draft) => [place(draft), draft.name]));
  for (const draft of links.values()) {
    if (!draft.managed) continue;
    const owner = owners.get(place(draft));
    if (owner !== undefined) {
      const message = `table '${draft.file.table}' holds ${owner} already`;
      const [object, relation] = owner.split('.');
      const remedy =
        relation === undefined
          ? `say through: ${object} instead, or name another table`
          : `if it is the other direction of the same links, say inverse: ${relation}; else name another table`;
      fault(draft, ['table'], 'MODEL_TABLE_TWICE', message, remedy);
    }
    owners.set(place(draft), draft.name);
  }
}

/** Over the rows of an object, or of a table of links, that refer to both sides. */
export function throughJunction(
  drafts: ReadonlyMap<string, Draft>,
  links: ReadonlyMap<string, Draft>,
  draft: Draft,
  name: string,
  body: RelationBody,
  target: Draft,
): DraftRelation | undefined {
  const own = body.through === undefined;
  const junction = own ? links.get(linksName(draft.name, name)) : drafts.get(body.through ?? '');
  if (junction === undefined) {
    // Of a table without a draft it was told why.
    if (own) return undefined;
    const near = nearest(body.through ?? '', drafts.keys());
    const remedy = near === undefined ? `the model has ${[...drafts.keys()].join(', ')}` : `did you mean '${near}'?`;
    const message = `the model has no object '${body.through}' to lead through`;
    fault(draft, ['relations', name, 'through'], 'MODEL_OBJECT_UNKNOWN', message, remedy);
    return undefined;
  }
  const ends = own ? { from: ['from'], to: ['to'] } : { from: body.from, to: body.to };
  const taken = new Set([...(ends.from ?? []), ...(ends.to ?? [])]);
  const from = reference(draft, name, 'from', ends.from, draft, junction, taken);
  if (from !== undefined) taken.add(from.name);
  const to = from === undefined ? undefined : reference(draft, name, 'to', ends.to, target, junction, taken);
  if (from === undefined || to === undefined) return undefined;
  const ownColumns = draft.keyColumns ?? [];
  const otherColumns = target.keyColumns ?? [];
  // What has no key, or a circle of keys, was told where it is.
  if (from.columns.length === 0 || to.columns.length === 0) return undefined;
  const says = [...junction.attributes.values()].filter(
    (attribute) => attribute.kind === 'stored' && attribute !== from && attribute !== to && !attribute.generated,
  );
  const through = { junction, from, to, bare: says.length === 0 };
  return { name, label: relationLabel(body.label ?? name), to: target.name, by: [], ownColumns, otherColumns, through };
}

/** The junction's reference to one side: the one that is named, or the only one that leads there. */
function reference(
  draft: Draft,
  name: string,
  end: 'from' | 'to',
  said: readonly string[] | undefined,
  side: Draft,
  junction: Draft,
  taken: ReadonlySet<string>,
): Attribute | undefined {
  const path = ['relations', name];
  const leading = [...junction.attributes.values()].filter(
    (attribute) => attribute.kind === 'stored' && attribute.to === side.name,
  );
  if (said !== undefined) {
    const [only = ''] = said;
    const found = said.length === 1 ? leading.find((attribute) => attribute.name === only) : undefined;
    if (found !== undefined) return found;
    const near = nearest(
      only,
      leading.map((attribute) => attribute.name),
    );
    const remedy =
      near === undefined ? `${junction.name} needs '${only}: { to: ${side.name} }'` : `did you mean '${near}'?`;
    const message = `${junction.name} has no reference '${said.join(', ')}' to ${side.name}`;
    fault(draft, [...path, end], 'MODEL_ATTRIBUTE_UNKNOWN', message, remedy);
    return undefined;
  }
  const free = leading.filter((attribute) => !taken.has(attribute.name));
  const [only, second] = free;
  // A relation from an object to itself needs to say which reference is which.
  const ambiguous = second !== undefined;
  if (only !== undefined && !ambiguous) return only;
  const names = leading.map((attribute) => attribute.name).join(', ');
  const message = ambiguous
    ? `'${name}' leads through ${junction.name}, which has several references to ${side.name}: ${names}`
    : `'${name}' leads through ${junction.name}, which has no ${leading.length > 0 ? 'other ' : ''}reference to ${side.name}`;
  const remedy = ambiguous
    ? `say which leads here with from: and which to ${draft.file.relations[name]?.many} with to:`
    : `add '${snakeName(side.name)}: { to: ${side.name} }' to ${junction.name}`;
  const code = ambiguous ? 'MODEL_JUNCTION_AMBIGUOUS' : 'MODEL_JUNCTION';
  fault(draft, [...path, 'through'], code, message, remedy);
  return undefined;
}

/** The other direction of a many-to-many relation of the other object. */
export function inverseOf(draft: Draft, name: string, body: RelationBody, target: Draft): DraftRelation | undefined {
  const path = ['relations', name, 'inverse'];
  const wanted = body.inverse ?? '';
  const other = target.file.relations[wanted];
  const found = target.relations.get(wanted);
  if (other === undefined) {
    const near = nearest(wanted, Object.keys(target.file.relations));
    const remedy =
      near === undefined ? `name a many-to-many relation of ${target.name} that leads here` : `did you mean '${near}'?`;
    fault(draft, path, 'MODEL_RELATION_UNKNOWN', `${target.name} has no relation '${wanted}'`, remedy);
    return undefined;
  }
  const wrong =
    other.many !== draft.name
      ? `leads to ${other.many}, not to ${draft.name}`
      : other.by !== undefined
        ? 'is no many-to-many relation'
        : other.inverse !== undefined
          ? 'is the other direction of a relation itself'
          : undefined;
  if (wrong !== undefined) {
    const remedy = `name a many-to-many relation of ${target.name} to ${draft.name} that has through: or table:`;
    fault(draft, path, 'MODEL_RELATION', `${target.name}.${wanted} ${wrong}`, remedy);
    return undefined;
  }
  // What is wrong with the other one is told there.
  if (found?.through === undefined) return undefined;
  const { from, to } = found.through;
  const through = { ...found.through, from: to, to: from };
  return {
    name,
    label: relationLabel(body.label ?? name),
    to: target.name,
    by: [],
    ownColumns: found.otherColumns,
    otherColumns: found.ownColumns,
    through,
  };
}
