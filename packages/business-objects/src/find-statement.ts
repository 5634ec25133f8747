import { compile, type Expression, type Schema, type ValueType } from '@caruso/expressions';
import { mayUse, type ObjectAccess } from './access.js';
import { rootFrame, translateCondition } from './condition.js';
import { compileConditionSchema } from './condition-schema.js';
import type { SortCriterion } from './cursor.js';
import { columnSql } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import {
  attributeUnknown,
  attributeUnsuitable,
  expressionRefused,
  parameterInvalid,
  searchImpossible,
} from './errors.js';
import { type Attribute, type ModelObject, searchedAttributes, storedAttributes } from './model.js';
import { type Frame, liveRow } from './scope.js';
import { constant, joinSql, raw, type Sql, sql } from './sql.js';
import { sqlTypeOf } from './sql-value.js';
import { likePattern } from './translate-call.js';
import { anyRule, attributeValue, pathValue } from './translate-path.js';
import { Untranslatable } from './untranslatable.js';
import { readSearch, type SearchTerm } from './words.js';

export interface Filter {
  /** Records that were deleted: with the others, or alone. Default: unseen. */
  deleted?: 'also' | 'only' | undefined;
  where?: string | undefined;
  params?: Readonly<Record<string, unknown>> | undefined;
  search?: string | undefined;
}

/** Everything a caller's filter and rights say of the rows of an object, as SQL parts over the frame's table. */
export function filterSql(caller: Caller, frame: Frame, access: ObjectAccess, filter: Filter): Sql[] {
  const { object } = frame.scope;
  const parts: Sql[] = [];
  const live = liveRow(frame.scope);
  if (live === undefined && filter.deleted === 'only') parts.push(raw('(1 = 0)'));
  if (live !== undefined && filter.deleted !== 'also')
    parts.push(filter.deleted === 'only' ? sql`not (${live})` : live);
  if (live !== undefined && filter.deleted !== undefined && access.deleteRules !== undefined) {
    const restorable = anyRule(frame, frame.scope, known(frame, access.deleteRules));
    parts.push(filter.deleted === 'only' ? restorable : sql`(${live} or ${restorable})`);
  }
  if (access.rules !== undefined) parts.push(anyRule(frame, frame.scope, frame.site.rules(object.name) ?? []));
  if (filter.where !== undefined && filter.where.trim() !== '')
    parts.push(whereSql(caller, frame, filter.where, filter.params ?? {}));
  if (filter.search !== undefined && filter.search.trim() !== '') parts.push(searchSql(frame, access, filter.search));
  return parts;
}

/** Of some rules of the frame's object those that grant anything to this caller. */
function known(frame: Frame, rules: readonly Expression[]): readonly Expression[] {
  const granting = new Set(frame.site.rules(frame.scope.object.name) ?? rules);
  return rules.filter((rule) => granting.has(rule));
}

/** `where a and b`, or nothing. */
export function whereAll(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql`` : sql`where ${joinSql(parts, ' and ')}`;
}

function whereSql(caller: Caller, frame: Frame, where: string, params: Readonly<Record<string, unknown>>): Sql {
  const { object } = frame.scope;
  const schema = schemaFor(caller, object, params);
  const compiled = compile(where, schema, { expects: 'boolean' });
  if (!compiled.ok) throw expressionRefused(`the condition over ${object.labelPlural}`, where, compiled.faults);
  const translated = translateCondition(compiled.expression, frame);
  if ('fault' in translated)
    throw expressionRefused(`the condition over ${object.labelPlural}`, where, [translated.fault]);
  return translated.sql;
}

/** What a condition of the caller may name: what the caller sees, and the parameters, whose types what they meet tells. */
export function schemaFor(caller: Caller, object: ModelObject, params: Readonly<Record<string, unknown>>): Schema {
  const base = compileConditionSchema(caller, object);
  const variables: Record<string, ValueType> = { ...base.variables };
  for (const name of Object.keys(params)) {
    if (Object.hasOwn(base.variables, name))
      throw parameterInvalid(name, `has the name of an attribute of ${object.name}`);
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))
      throw parameterInvalid(name.slice(0, 64), 'has a name that no condition can use');
    variables[name] = 'any';
  }
  return { variables, ...(base.objects === undefined ? {} : { objects: base.objects }) };
}

/** Every term must be met by the searchable attributes that the caller sees (see words.ts for what a search may say). */
function searchSql(frame: Frame, access: ObjectAccess, search: string): Sql {
  const { scope, site } = frame;
  const { object } = scope;
  const searched = searchedAttributes(object);
  const attributes = searched.filter((attribute) => access.visible.has(attribute.name));
  if (attributes.length === 0) throw searchImpossible(object.name);
  const terms = readSearch(search);
  // The index holds the words of all of them, so it is not for who may not see all.
  if (object.wordColumn !== undefined && attributes.length === searched.length)
    return indexedSearch(frame, object.wordColumn, terms);
  const each = terms.map(({ text, without }) => {
    const pattern = likePattern('search')(`%${text.replace(/[\\%_]/g, (char) => `\\${char}`)}%`);
    const hits = attributes.flatMap((attribute) =>
      attribute.columns.map((column) =>
        site.dialect.like(columnSql(site.dialect, object.managed, scope.alias, column), constant(pattern)),
      ),
    );
    const hit = sql`(${joinSql(hits, ' or ')})`;
    return without ? sql`${hit} is not true` : hit;
  });
  return each.length === 0 ? sql`(1 = 1)` : joinSql(each, ' and ');
}

function indexedSearch(frame: Frame, column: string, terms: readonly SearchTerm[]): Sql {
  const { scope, site } = frame;
  const known = terms.filter(({ words }) => words.length > 0);
  const query = (some: readonly SearchTerm[]): Sql =>
    site.dialect.hasWords(scope.alias, scope.object.table, column, constant(site.dialect.wordQuery(some)));
  const wanted = known.filter(({ without }) => !without);
  const parts = known.filter(({ without }) => without).map((term) => sql`(${query([term])}) is not true`);
  if (wanted.length > 0) parts.unshift(query(wanted));
  return parts.length === 0 ? sql`(1 = 1)` : joinSql(parts, ' and ');
}

/** The order a caller asks for, ended by the key; without a key by every column, and then there is no last criterion to page by. */
export function sortCriteria(
  frame: Frame,
  access: ObjectAccess,
  caller: Caller,
  sort: readonly string[],
): SortCriterion[] {
  const { scope, site } = frame;
  const { object } = scope;
  const criteria = sort.flatMap((entry) => {
    const descending = entry.startsWith('-');
    const path = descending ? entry.slice(1) : entry;
    return sortValues(frame, access, caller, path).map((value) => ({ value, descending }));
  });
  const columns =
    object.keyColumns.length > 0
      ? object.keyColumns
      : storedAttributes(object).flatMap((attribute) => attribute.columns);
  for (const column of columns) {
    const type = sqlTypeOf(column);
    if (type === undefined) continue;
    const text = columnSql(site.dialect, object.managed, scope.alias, column);
    if (criteria.some(({ value }) => value.sql.text === text.text)) continue;
    const nullable = column.nullable || !object.managed;
    criteria.push({
      value: { kind: 'scalar', sql: text, type, scale: column.scale ?? 0, nullable },
      descending: false,
    });
  }
  return criteria;
}

/** The values of `name` or `customer.name`, as far as the caller may see each step. */
export function sortValues(frame: Frame, access: ObjectAccess, caller: Caller, path: string): SortCriterion['value'][] {
  const { object } = frame.scope;
  checkPath(caller, object, access, path);
  const [root = '', ...attributes] = path.split('.');
  const node = {
    kind: 'path',
    root,
    attributes,
    attributeOffsets: [],
    local: false,
    offset: 0,
    length: path.length,
    type: 'any',
  } as const;
  try {
    const own = attributes.length === 0 ? object.attributes.get(root) : undefined;
    const value = own === undefined ? pathValue(node, frame) : attributeValue(node, frame, frame.scope, own);
    if (value.kind === 'scalar') return [value];
    if (value.kind === 'money') return [value.amount];
    if (value.kind === 'reference') return [...value.parts];
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    throw attributeUnsuitable(object.name, path, 'be sorted or grouped by', error.message);
  }
  throw attributeUnsuitable(object.name, path, 'be sorted or grouped by', 'its values have no order');
}

function checkPath(caller: Caller, object: ModelObject, access: ObjectAccess, path: string): void {
  let at: { object: ModelObject; access: ObjectAccess } | undefined = { object, access };
  for (const step of path.split('.').slice(0, 6)) {
    const attribute: Attribute | undefined =
      at?.access.visible.has(step) === true ? at.object.attributes.get(step) : undefined;
    if (at !== undefined && attribute === undefined) {
      const known = [...at.object.attributes.keys()].filter((name) => at?.access.visible.has(name));
      throw attributeUnknown(at.object.name, step.slice(0, 80), known, 'sort or group by');
    }
    if (attribute !== undefined && at !== undefined && !mayUse(attribute, at.access))
      throw attributeUnsuitable(at.object.name, step, 'be sorted or grouped by', 'it is sensitive');
    const target: ModelObject | undefined =
      attribute?.to === undefined ? undefined : caller.state.model.objects.get(attribute.to);
    at = target === undefined ? undefined : { object: target, access: caller.access.of(target) };
  }
}

/** A frame over an object for this caller, with the shapes of the parameters at hand. */
export function frameFor(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  params: Readonly<Record<string, unknown>>,
): Frame {
  return rootFrame(engine.site(caller, object, params), object, true);
}
