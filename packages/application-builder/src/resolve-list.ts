import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { z } from 'zod';
import type { Block, ListScreen } from './contract.js';
import { columns } from './default-layouts.js';
import type { ListLayout, ScreenBlock } from './screen.js';
import type { ScreenBook } from './screen-book.js';
import { fieldsAt, relationOf, relationsFor, say, type Viewer } from './viewer.js';

/** What a list query loads at most. */
const INCLUDED = 10;

export type ListBlock = Extract<z.infer<typeof Block>, { kind: 'list' }>;

/** A list screen for its viewer. */
export function resolveList(
  layout: ListLayout,
  object: ObjectDescription,
  viewer: Viewer,
  book: ScreenBook,
): z.infer<typeof ListScreen> {
  const shown = fieldsAt(viewer, object, layout.columns);
  const opens = book.opens(layout.opens, object.name, viewer);
  const wanted = layout.create.map((path) => ({ path, label: undefined }));
  const create = object.may.create ? fieldsAt(viewer, object, wanted) : [];
  return {
    kind: 'list',
    screen: layout.screen,
    label: layout.label === undefined ? object.labelPlural : say(viewer, layout.label),
    object: object.name,
    ...(layout.where === undefined ? {} : { where: layout.where }),
    include: included(viewer, object, shown),
    columns: shown,
    sort: sortable(layout.sort, shown, object),
    ...(opens === undefined ? {} : { opens }),
    restores: object.keepsDeleted === true && object.may.delete,
    create: create.filter(({ path, attribute }) => !path.includes('.') && !attribute.readOnly),
    ...(layout.empty === undefined ? {} : { empty: say(viewer, layout.empty) }),
  };
}

/** Records related to one, or a list of its own on the screen of one; undefined where the viewer may not see it. */
export function resolveListBlock(
  block: Extract<ScreenBlock, { kind: 'list' }>,
  owner: ObjectDescription,
  key: string,
  decoded: () => Record<string, unknown>,
  viewer: Viewer,
  book: ScreenBook,
): ListBlock | undefined {
  const object = viewer.objects.get(block.object);
  if (object === undefined) return undefined;
  const relation = block.relation === undefined ? undefined : relationOf(owner, block.relation);
  if (block.relation !== undefined && relation === undefined) return undefined;
  const shown = fieldsAt(viewer, object, block.columns ?? columns(object));
  const opens = book.opens(block.opens, object.name, viewer);
  const links = relation?.links;
  const filter =
    relation === undefined || links !== undefined ? undefined : wayBack(relation.by, owner, object, key, decoded);
  const conditions = [filter?.where, block.where].filter((each) => each !== undefined);
  const where = conditions.length > 1 ? conditions.map((each) => `(${each})`).join(' and ') : conditions[0];
  const label = block.label === undefined ? (relation?.label ?? object.labelPlural) : say(viewer, block.label);
  return {
    kind: 'list',
    label,
    object: object.name,
    ...(relation === undefined || links === undefined ? {} : { linked: linkedBy(relation.name, links, viewer) }),
    ...(where === undefined ? {} : { where }),
    ...(filter === undefined ? {} : { params: filter.params }),
    include: included(viewer, object, shown),
    columns: shown,
    sort: sortable(block.sort, shown, object),
    ...(opens === undefined ? {} : { opens }),
    create: block.create && object.may.create && (links === undefined || (links.may.link && links.bare)),
    ...(block.empty === undefined ? {} : { empty: say(viewer, block.empty) }),
  };
}

/** What the viewer may do with the links of a relation: those that say more are made and changed as records. */
function linkedBy(
  relation: string,
  { may, bare, through }: NonNullable<ObjectDescription['relations'][number]['links']>,
  viewer: Viewer,
): NonNullable<ListBlock['linked']> {
  const junction = through === undefined ? undefined : viewer.objects.get(through.object);
  if (bare) return { relation, link: may.link, unlink: may.unlink };
  const link = may.link && junction?.may.create === true;
  return { relation, link, unlink: may.unlink, ...(link && through !== undefined ? { junction: through } : {}) };
}

/**
 * The condition that holds for the records that lead back to one. One reference is compared with the key as a whole; several
 * attributes each with its part.
 */
function wayBack(
  by: readonly string[],
  owner: ObjectDescription,
  object: ObjectDescription,
  key: string,
  decoded: () => Record<string, unknown>,
): { where: string; params: Record<string, unknown> } {
  const [first = ''] = by;
  const parameter = (index: number): string => {
    let name = `key${index + 1}`;
    // A parameter must not hide an attribute.
    while ([...object.attributes, ...object.relations].some((each) => each.name === name)) name = `${name}_`;
    return name;
  };
  const back = object.attributes.find(({ name }) => name === first);
  if (by.length === 1 && back?.to === owner.name) {
    return { where: `${first} = ${parameter(0)}`, params: { [parameter(0)]: key } };
  }
  const parts = decoded();
  const conditions = by.map((name, index) => `${name} = ${parameter(index)}`);
  const params = by.map((_, index) => [parameter(index), parts[owner.key[index] ?? '']] as const);
  return { where: conditions.join(' and '), params: Object.fromEntries(params) };
}

function included(viewer: Viewer, object: ObjectDescription, fields: readonly { path: string }[]): string[] {
  const paths = fields.map(({ path }) => path);
  return relationsFor(viewer, object, paths).slice(0, INCLUDED);
}

/** Criteria over what the viewer may see. */
function sortable(sort: readonly string[], shown: readonly { path: string }[], object: ObjectDescription): string[] {
  const known = new Set([...shown.map(({ path }) => path), ...object.attributes.map(({ name }) => name)]);
  return sort.filter((each) => known.has(each.replace(/^-/, '')));
}
