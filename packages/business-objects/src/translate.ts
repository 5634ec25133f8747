import type { BinaryNode, MacroNode, Node, PathNode, UnaryNode } from '@caruso/expressions';
import { andLive, type Frame, Scope } from './scope.js';
import { raw, type Sql, sql } from './sql.js';
import type { Open, Scalar, SqlValue } from './sql-value.js';
import { arithmetic } from './translate-arithmetic.js';
import { call, literal, textCondition } from './translate-call.js';
import { close, equality, hasTag, membership, order, unified } from './translate-compare.js';
import { anyRule, pathText, pathValue, relatedObject, relatedRow, walk } from './translate-path.js';
import { Untranslatable } from './untranslatable.js';

const MOST_ITEMS = 500;

/**
 * A condition as SQL that is true exactly where the condition is; where it is false, SQL may say null, which `where` takes for false.
 * What negates says `is not true`. Throws Untranslatable.
 */
export function truth(node: Node, frame: Frame): Sql {
  switch (node.kind) {
    case 'literal':
      return raw(node.value === true ? '(1 = 1)' : '(1 = 0)');
    case 'unary':
      if (node.operator === 'not') return sql`(${truth(node.operand, frame)}) is not true`;
      break;
    case 'binary':
      return comparison(node, frame);
    case 'ternary':
      return sql`case when ${truth(node.condition, frame)} then ${truth(node.whenTrue, frame)} else ${truth(node.whenFalse, frame)} end`;
    case 'macro':
      return macro(node, frame);
    case 'call': {
      const test = textCondition(node, frame);
      if (test !== undefined) return test;
      break;
    }
    default:
      break;
  }
  const found = value(node, frame);
  if (found.kind === 'null') return raw('(1 = 0)');
  const scalar = found.kind === 'open' ? close(found, frame, 'boolean', 0) : found;
  if (scalar.kind === 'null') return raw('(1 = 0)');
  if (scalar.kind !== 'scalar' || scalar.type !== 'boolean') {
    throw new Untranslatable(node, 'this is no condition for the database', 'compare it with a value');
  }
  return frame.site.dialect.truth(scalar.sql);
}

function comparison(node: BinaryNode, frame: Frame): Sql {
  switch (node.operator) {
    case 'and':
    case 'or': {
      const left = truth(node.left, frame);
      return sql`(${left} ${raw(node.operator)} ${truth(node.right, frame)})`;
    }
    case '=':
    case '<>': {
      const left = value(node.left, frame);
      return equality(node, left, value(node.right, frame), frame, node.operator === '=');
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const left = value(node.left, frame);
      return order(node, node.operator, left, value(node.right, frame), frame);
    }
    case 'in': {
      const list = node.right.kind === 'path' ? value(node.right, frame) : undefined;
      if (list?.kind === 'opaque' && list.what === 'tags')
        return hasTag(node, value(node.left, frame), list.sql, frame);
      return membership(node, value(node.left, frame), items(node.right, frame), frame);
    }
    default:
      throw new Untranslatable(node, `'${node.operator}' gives no condition`, 'compare it with a value');
  }
}

/** The elements of a list that is written out or given as a parameter. */
function items(node: Node, frame: Frame): SqlValue[] {
  if (node.kind === 'list') return node.items.map((item) => value(item, frame));
  if (node.kind === 'path') {
    const list = pathValue(node, frame);
    if (list.kind === 'open' && list.shape.startsWith('list ')) return elements(node, list);
    if (list.kind === 'open') return [];
  }
  throw new Untranslatable(
    node,
    'the database looks only into lists that are written out or given as a parameter',
    'write x.exists(y, y = ...) for a relation',
  );
}

function elements(node: Node, list: Open): SqlValue[] {
  const length = Number(list.shape.slice('list '.length));
  if (length > MOST_ITEMS)
    throw new Untranslatable(
      node,
      `'${list.name}' has ${length} elements, more than ${MOST_ITEMS}`,
      'ask in several steps',
    );
  return Array.from({ length }, (_, index): SqlValue => ({ ...list, shape: 'other', index }));
}

/** The value of a node. Throws Untranslatable. */
export function value(node: Node, frame: Frame): SqlValue {
  switch (node.kind) {
    case 'literal':
      return literal(node, frame);
    case 'path':
      return pathValue(node, frame);
    case 'unary':
      return node.operator === 'not' ? condition(node, frame) : negated(node, frame);
    case 'binary':
      return '+-*/%'.includes(node.operator)
        ? arithmetic(node, value(node.left, frame), value(node.right, frame), frame)
        : condition(node, frame);
    case 'ternary':
      return choice(
        node,
        truth(node.condition, frame),
        value(node.whenTrue, frame),
        value(node.whenFalse, frame),
        frame,
      );
    case 'call':
      return call(node, frame, { count: countOf, choice });
    case 'macro':
      if (node.name === 'exists' || node.name === 'all' || node.name === 'exists_one') return condition(node, frame);
      throw new Untranslatable(node, `${node.name}() gives a list`, 'use exists(), all() or size()');
    case 'list':
    case 'select':
    case 'index':
      throw new Untranslatable(node, 'the database cannot compute this', 'use attributes, comparisons and exists()');
  }
}

function condition(node: Node, frame: Frame): Scalar {
  const text = frame.site.dialect.truthValue(truth(node, frame));
  return { kind: 'scalar', sql: text, type: 'boolean', scale: 0, nullable: false };
}

function negated(node: UnaryNode, frame: Frame): Scalar {
  const operand = value(node.operand, frame);
  const numeric = operand.kind === 'scalar' && ['integer', 'decimal', 'number', 'duration'].includes(operand.type);
  if (operand.kind !== 'scalar' || !numeric)
    throw new Untranslatable(node, "'-' is given no number", "use '-' before a number");
  return { ...operand, sql: sql`(-${operand.sql})` };
}

/** `condition ? a : b`, both brought to one type. */
function choice(node: Node, when: Sql, whenTrue: SqlValue, whenFalse: SqlValue, frame: Frame): SqlValue {
  const told = whenTrue.kind === 'scalar' ? whenTrue : whenFalse.kind === 'scalar' ? whenFalse : undefined;
  const a = whenTrue.kind === 'open' ? close(whenTrue, frame, told?.type, told?.scale ?? 0) : whenTrue;
  const b = whenFalse.kind === 'open' ? close(whenFalse, frame, told?.type, told?.scale ?? 0) : whenFalse;
  if (a.kind === 'null' && b.kind === 'null') return a;
  if (a.kind === 'scalar' && b.kind === 'null')
    return { ...a, nullable: true, sql: sql`case when ${when} then ${a.sql} end` };
  if (a.kind === 'null' && b.kind === 'scalar')
    return { ...b, nullable: true, sql: sql`case when ${when} then null else ${b.sql} end` };
  if (a.kind !== 'scalar' || b.kind !== 'scalar')
    throw new Untranslatable(node, 'the database chooses between single values only', 'name one attribute');
  const [x, y] = unified(node, a, b, frame);
  return {
    kind: 'scalar',
    sql: sql`case when ${when} then ${x.sql} else ${y.sql} end`,
    type: x.type,
    scale: x.scale,
    nullable: x.nullable || y.nullable,
  };
}

/** The rows of a to-many relation as a scope of their own, with the condition that links them. */
function relatedRows(node: Node, frame: Frame): { scope: Scope; where: Sql; inner: Frame } {
  if (node.kind === 'macro' && node.name === 'filter') {
    const rows = relatedRows(node.list, frame);
    const inner = withLocal(rows.inner, node.variable, rows.scope);
    return { ...rows, where: sql`${rows.where} and ${truth(node.body, inner)}` };
  }
  if (node.kind !== 'path')
    throw new Untranslatable(node, 'this is no to-many relation', 'ask a relation of the model');
  const many = lastStep(node, frame);
  const relation = many.scope.object.relations.get(many.name);
  if (relation === undefined) {
    throw new Untranslatable(
      node,
      `'${pathText(node)}' is no to-many relation of ${many.scope.object.name}`,
      'ask a relation of the model',
    );
  }
  const target = relatedObject(node, frame, many.scope.object, relation.name, relation.to);
  const scope = new Scope(frame.aliases, target);
  const link = andLive(relatedRow(node, frame, many.scope, relation, scope), scope);
  const rules = frame.guarded ? frame.site.rules(target.name) : undefined;
  const where = rules === undefined ? link : sql`${link} and ${anyRule(frame, scope, rules)}`;
  return { scope, where, inner: frame };
}

/** The row on which the last step of a path is asked. */
function lastStep(node: PathNode, frame: Frame): { scope: Scope; name: string } {
  const { scope, steps } = walk(node, frame);
  const [name = '', ...beyond] = steps;
  if (beyond.length > 0)
    throw new Untranslatable(node, `'${pathText(node)}' is no to-many relation`, 'ask a relation of the model');
  return { scope, name };
}

function withLocal(frame: Frame, name: string, scope: Scope): Frame {
  return { ...frame, locals: new Map([...frame.locals, [name, scope]]) };
}

function macro(node: MacroNode, frame: Frame): Sql {
  const rows = relatedRows(node.list, frame);
  const body = truth(node.body, withLocal(rows.inner, node.variable, rows.scope));
  switch (node.name) {
    case 'exists':
      return sql`exists (select 1 ${rows.scope.from()} where ${rows.where} and ${body})`;
    case 'all':
      return sql`not exists (select 1 ${rows.scope.from()} where ${rows.where} and (${body}) is not true)`;
    case 'exists_one':
      return sql`(select count(*) ${rows.scope.from()} where ${rows.where} and ${body}) = 1`;
    default:
      throw new Untranslatable(node, `${node.name}() gives a list, no condition`, 'use exists() or all()');
  }
}

/** `cases.size()` and `cases.filter(c, ...).size()`. */
function countOf(node: Node, frame: Frame): Scalar {
  const rows = relatedRows(node, frame);
  return {
    kind: 'scalar',
    sql: sql`(select count(*) ${rows.scope.from()} where ${rows.where})`,
    type: 'integer',
    scale: 0,
    nullable: false,
  };
}
