import type { Node, PathNode } from '@caruso/expressions';
import { columnSql, indexTest } from './dialect.js';
import type { Attribute, Column, ManyRelation, ModelObject, Through } from './model.js';
import { variableName } from './name.js';
import { andLive, type Frame, linked, liveRow, Scope, tableName } from './scope.js';
import { constant, identifier, joinSql, raw, type Sql, sql } from './sql.js';
import { type Scalar, type SqlValue, sqlTypeOf } from './sql-value.js';
import { Untranslatable } from './untranslatable.js';

/** The row a path begins at, and the attributes still to go. */
function start(node: PathNode, frame: Frame): { scope: Scope; steps: readonly string[] } | undefined {
  const local = frame.locals.get(node.root);
  if (local !== undefined) return { scope: local, steps: node.attributes };
  const { object } = frame.scope;
  if (object.attributes.has(node.root) || object.relations.has(node.root)) {
    return { scope: frame.scope, steps: [node.root, ...node.attributes] };
  }
  return frame.names.has(node.root) ? { scope: frame.scope, steps: node.attributes } : undefined;
}

/** Follows the references of a path as far as they lead; gives the row there and the steps that are left. */
export function walk(node: PathNode, frame: Frame): { scope: Scope; steps: readonly string[] } {
  const from = start(node, frame);
  if (from === undefined)
    throw new Untranslatable(node, `'${pathText(node)}' is not of the model`, 'name an attribute');
  let { scope, steps } = from;
  for (;;) {
    const [step = '', ...more] = steps;
    const attribute = scope.object.attributes.get(step);
    if (attribute?.to === undefined || more.length === 0) return { scope, steps };
    scope = joinTo(node, frame, scope, attribute);
    steps = more;
  }
}

/** The value of `status`, `customer.segment`, `case.customer.segment`, a parameter or `user.region`. */
export function pathValue(node: PathNode, frame: Frame): SqlValue {
  if (start(node, frame) === undefined) return openValue(node, frame);
  const { scope, steps } = walk(node, frame);
  const [step, ...more] = steps;
  if (step === undefined) return { kind: 'reference', object: scope.object, parts: keyParts(frame, scope) };
  const attribute = scope.object.attributes.get(step);
  if (attribute === undefined) {
    throw new Untranslatable(
      node,
      `'${pathText(node)}' is a list`,
      'ask it something: .exists(x, ...), .all(x, ...) or .size()',
    );
  }
  const value = attributeValue(node, frame, scope, attribute);
  return more.length === 0 ? value : partOf(node, value, more);
}

export function pathText(node: PathNode): string {
  return [node.root, ...node.attributes].join('.');
}

function openValue(node: PathNode, frame: Frame): SqlValue {
  if (node.root === 'user' && frame.site.parameter('user') === undefined) {
    const [name = '', ...deeper] = node.attributes;
    if (deeper.length === 0 && name !== '') return { kind: 'open', from: 'user', name, shape: frame.site.user(name) };
  }
  const shape = frame.site.parameter(node.root);
  if (shape !== undefined && node.attributes.length === 0)
    return { kind: 'open', from: 'parameter', name: node.root, shape };
  const remedy = 'give the value as a parameter of its own';
  throw new Untranslatable(node, `'${pathText(node)}' is not a single value`, remedy);
}

/** `total.amount` and `total.currency`. */
function partOf(node: PathNode, value: SqlValue, steps: readonly string[]): SqlValue {
  const [part, ...more] = steps;
  if (value.kind === 'money' && more.length === 0) {
    if (part === 'amount') return value.amount;
    if (part === 'currency') return value.currency;
  }
  throw new Untranslatable(
    node,
    `'${pathText(node)}' lies within a value the database does not look into`,
    'use a stored attribute',
  );
}

/** The table a reference leads to, joined once for each way that leads there. */
function joinTo(node: Node, frame: Frame, scope: Scope, attribute: Attribute): Scope {
  const known = scope.joined.get(attribute.name);
  if (known !== undefined) return known;
  const target = relatedObject(node, frame, scope.object, attribute.name, attribute.to ?? '');
  const joined = new Scope(frame.aliases, target, scope.root);
  scope.joined.set(attribute.name, joined);
  const link = andLive(linked(scope.alias, attribute.columns, joined.alias, target.keyColumns), joined);
  const rule = frame.guarded ? visibleRow(frame, joined) : undefined;
  const on = rule === undefined ? link : sql`${link} and ${rule}`;
  scope.root.joins.push(sql`left join ${raw(tableName(target))} ${raw(joined.alias)} on ${on}`);
  return joined;
}

/** The other end of a relation, which must be in the same database. */
export function relatedObject(node: Node, frame: Frame, object: ModelObject, name: string, to: string): ModelObject {
  const target = frame.site.objects.get(to);
  if (target === undefined) throw new Untranslatable(node, `the model has no object '${to}'`, 'correct the model');
  const reason = frame.site.refused.get(to);
  if (reason !== undefined)
    throw new Untranslatable(node, `${to} is out of service: ${reason}`, 'correct the model file');
  if (target.database !== object.database) {
    const message = `${object.name}.${name} leads from database '${object.database}' to ${to} in '${target.database}', and one statement cannot reach both`;
    throw new Untranslatable(node, message, `list ${to} first and pass its keys as a parameter: ${name} in keys`);
  }
  return target;
}

/** Holds for rows of a scope that a to-many relation of the holder's row leads to. */
export function relatedRow(node: Node, frame: Frame, holder: Scope, relation: ManyRelation, row: Scope): Sql {
  const { through } = relation;
  if (through === undefined) return linked(row.alias, relation.otherColumns, holder.alias, relation.ownColumns);
  const { junction } = through;
  const reason = frame.site.refused.get(junction.name);
  if (reason !== undefined)
    throw new Untranslatable(node, `${junction.name} is out of service: ${reason}`, 'correct the model file');
  if (junction.database !== row.object.database) {
    const message = `the links of ${holder.object.name}.${relation.name} are in database '${junction.database}', and one statement cannot reach both`;
    throw new Untranslatable(node, message, `list what ${relation.name} leads to by itself`);
  }
  return linkedRow(frame, relation, through, row.alias, (link) =>
    linked(link, through.from.columns, holder.alias, relation.ownColumns),
  );
}

/**
 * Holds for rows whose key is at the far end of a link that counts.
 *
 * @param from what holds for the near end of the link, whose alias it is given
 */
export function linkedRow(
  frame: Frame,
  relation: ManyRelation,
  through: Through,
  row: string,
  from: (link: string) => Sql,
): Sql {
  const link = new Scope(frame.aliases, through.junction);
  const conditions = joinSql([from(link.alias), ...linkFilters(frame, link)], ' and ');
  const key = columnList(row, relation.otherColumns);
  const tuple = relation.otherColumns.length === 1 ? key : sql`(${key})`;
  return sql`${tuple} in (select ${columnList(link.alias, through.to.columns)} ${link.from()} where ${conditions})`;
}

/** Which links count: those not deleted and, where their object has rights of its own, those that the caller may read. */
export function linkFilters(frame: Frame, link: Scope): Sql[] {
  const live = liveRow(link);
  const rules = frame.guarded && link.object.rights !== undefined ? frame.site.rules(link.object.name) : undefined;
  return [...(live === undefined ? [] : [live]), ...(rules === undefined ? [] : [anyRule(frame, link, rules)])];
}

function columnList(alias: string, columns: readonly Column[]): Sql {
  return raw(columns.map(({ name }) => `${alias}.${identifier(name)}`).join(', '));
}

/** Holds for rows of a joined table that the caller may see. */
function visibleRow(frame: Frame, scope: Scope): Sql | undefined {
  const rules = frame.site.rules(scope.object.name);
  if (rules === undefined) return undefined;
  const row = new Scope(frame.aliases, scope.object);
  const condition = anyRule(frame, row, rules);
  const link = linked(row.alias, scope.object.keyColumns, scope.alias, scope.object.keyColumns);
  return sql`exists (select 1 ${row.from()} where ${link} and ${condition})`;
}

/** True where one of the rules is, for the row of a scope; without rules, never. */
export function anyRule(frame: Frame, scope: Scope, rules: readonly { tree: Node }[]): Sql {
  const names = new Set([variableName(scope.object.name)]);
  const inner: Frame = { ...frame, scope, names, locals: new Map(), guarded: false };
  const conditions = rules.map((rule) => frame.truth(rule.tree, inner));
  return conditions.length === 0 ? raw('(1 = 0)') : sql`(${joinSql(conditions, ' or ')})`;
}

/** An attribute of the row of a scope. */
export function attributeValue(node: Node, frame: Frame, scope: Scope, attribute: Attribute): SqlValue {
  if (attribute.kind === 'formula') return formulaValue(node, frame, scope, attribute);
  if (attribute.kind === 'roll-up') return rollUpValue(node, frame, scope, attribute);
  if (attribute.to !== undefined) {
    const target = frame.site.objects.get(attribute.to);
    const parts = attribute.columns.map((column) => columnScalar(frame, scope, column));
    if (target !== undefined) return { kind: 'reference', object: target, parts };
  }
  const [column, currency] = attribute.columns;
  if (column === undefined)
    throw new Untranslatable(node, `${scope.object.name}.${attribute.name} is not stored`, 'correct the model');
  if (attribute.type === 'money')
    return money(
      frame,
      columnScalar(frame, scope, column),
      currency && columnScalar(frame, scope, currency),
      attribute,
    );
  if (sqlTypeOf(column) === undefined || attribute.type === 'tags') {
    return {
      kind: 'opaque',
      sql: columnSql(frame.site.dialect, scope.object.managed, scope.alias, column),
      what: attribute.type === 'tags' ? 'tags' : column.type,
    };
  }
  return columnScalar(frame, scope, column);
}

function money(frame: Frame, amount: Scalar, currency: Scalar | undefined, attribute: Attribute): SqlValue {
  const fixed = attribute.currency ?? '';
  const said = frame.site.dialect.typed('text', constant(fixed));
  // Money that is not there has no currency either.
  const text = amount.nullable ? sql`case when ${amount.sql} is null then null else ${said} end` : said;
  const stated: Scalar = { kind: 'scalar', sql: text, type: 'text', scale: 0, nullable: amount.nullable };
  return { kind: 'money', amount, currency: currency ?? stated };
}

function columnScalar(frame: Frame, scope: Scope, column: Column): Scalar {
  const { dialect } = frame.site;
  // A row that a left join did not find has nulls everywhere.
  const nullable = column.nullable || scope.root !== scope;
  const { managed } = scope.object;
  const byIndex = indexTest(dialect, managed, scope.alias, column);
  return {
    kind: 'scalar',
    sql: columnSql(dialect, managed, scope.alias, column),
    type: sqlTypeOf(column) ?? 'text',
    scale: column.scale ?? 0,
    nullable,
    ...(byIndex && { byIndex }),
  };
}

function keyParts(frame: Frame, scope: Scope): Scalar[] {
  return scope.object.keyColumns.map((column) => columnScalar(frame, scope, column));
}

/** A formula is translated in place of the attribute. */
function formulaValue(node: Node, frame: Frame, scope: Scope, attribute: Attribute): SqlValue {
  const place = `${scope.object.name}.${attribute.name}`;
  if (attribute.formula === undefined)
    throw new Untranslatable(node, `the formula of ${place} has a fault`, 'correct the model');
  const inner: Frame = { ...frame, scope, names: new Set(), locals: new Map() };
  try {
    return frame.value(attribute.formula.tree, inner);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    throw new Untranslatable(
      node,
      `the formula of ${place} cannot be computed in the database: ${error.message}`,
      error.remedy,
    );
  }
}

/** A count or sum over the rows that lead back, whoever may see them. */
function rollUpValue(node: Node, frame: Frame, scope: Scope, attribute: Attribute): SqlValue {
  const { rollUp } = attribute;
  const relation = rollUp === undefined ? undefined : scope.object.relations.get(rollUp.relation);
  if (rollUp === undefined || relation === undefined) {
    throw new Untranslatable(
      node,
      `the roll-up ${scope.object.name}.${attribute.name} has a fault`,
      'correct the model',
    );
  }
  const target = relatedObject(node, frame, scope.object, relation.name, relation.to);
  const row = new Scope(frame.aliases, target);
  const inner: Frame = { ...frame, scope: row, names: new Set([relation.name]), locals: new Map(), guarded: false };
  const figure = rollUpFigure(node, inner, attribute);
  const link = andLive(relatedRow(node, { ...frame, guarded: false }, scope, relation, row), row);
  const where = rollUp.where === undefined ? link : sql`${link} and ${frame.truth(rollUp.where.tree, inner)}`;
  const whole: Scalar = { ...figure, sql: sql`(select ${figure.sql} ${row.from()} where ${where})` };
  return attribute.type === 'money' ? money(frame, whole, undefined, attribute) : whole;
}

/** `count(*)` or `coalesce(sum(x), 0)` over the rows of the frame's scope. */
export function rollUpFigure(node: Node, frame: Frame, attribute: Attribute): Scalar {
  const { rollUp } = attribute;
  if (rollUp?.of === undefined)
    return { kind: 'scalar', sql: raw('count(*)'), type: 'integer', scale: 0, nullable: false };
  const of = frame.scope.object.attributes.get(rollUp.of);
  if (of === undefined) throw new Untranslatable(node, `there is no '${rollUp.of}' to sum`, 'correct the model');
  const value = attributeValue(node, frame, frame.scope, of);
  const summed = value.kind === 'money' ? value.amount : value;
  if (summed.kind !== 'scalar') throw new Untranslatable(node, `'${rollUp.of}' cannot be summed`, 'sum a number');
  const exact = summed.type === 'decimal' ? frame.site.dialect.scaled(summed, attribute.scale ?? summed.scale) : summed;
  const total = sql`coalesce(sum(${exact.sql}), 0)`;
  const whole = summed.type === 'integer' ? frame.site.dialect.wholeSum(total) : total;
  return { kind: 'scalar', sql: whole, type: exact.type, scale: exact.scale, nullable: false };
}
