import type { Node } from '@caruso/expressions';
import { floating } from './dialect.js';
import { decodeKeyParts } from './key.js';
import { encodeOpen } from './open-value.js';
import type { Frame } from './scope.js';
import { bind, constant, joinSql, raw, type Sql, sql } from './sql.js';
import type { Open, Reference, Scalar, SqlType, SqlValue } from './sql-value.js';
import { tagPattern } from './tags.js';
import { Untranslatable } from './untranslatable.js';

const FALSE = raw('(1 = 0)');
const TRUE = raw('(1 = 1)');

/** Gives an open value the type of what it meets, or, where that is open too, the type its shape tells. */
export function close(open: Open, frame: Frame, type: SqlType | undefined, scale: number): Scalar | { kind: 'null' } {
  if (open.shape === 'null') return { kind: 'null' };
  const own: SqlType =
    open.shape === 'integer' || open.shape === 'number' || open.shape === 'boolean' ? open.shape : 'text';
  // A number beside an integer may have a fraction; then the comparison is in floating point.
  const told = type === 'integer' && open.shape === 'number' ? 'number' : (type ?? own);
  const kind = open.from === 'user' ? 'user' : 'parameter';
  const encode = elementOf(open, encodeOpen(open.name, told, frame.site.dialect, scale));
  const bound = frame.site.dialect.typed(told, bind({ kind, name: open.name, encode }));
  return { kind: 'scalar', sql: bound, type: told, scale: told === 'decimal' ? scale : 0, nullable: false };
}

function elementOf(open: Open, encode: (value: unknown) => unknown): (value: unknown) => unknown {
  const { index } = open;
  return index === undefined ? encode : (value) => encode(Array.isArray(value) ? value[index] : null);
}

/** Both as scalars of one type and scale; undefined where one is null. */
function pair(node: Node, left: SqlValue, right: SqlValue, frame: Frame): [Scalar, Scalar] | undefined {
  const a = left.kind === 'open' ? close(left, frame, typeOf(right), scaleOf(right)) : left;
  const b = right.kind === 'open' ? close(right, frame, typeOf(a), scaleOf(a)) : right;
  if (a.kind === 'null' || b.kind === 'null') return undefined;
  if (a.kind !== 'scalar' || b.kind !== 'scalar') {
    const what = a.kind === 'scalar' ? b : a;
    const name = what.kind === 'opaque' ? what.what : what.kind;
    throw new Untranslatable(
      node,
      `${name} is compared in a way the database does not know`,
      'compare one attribute of it, or ask for null',
    );
  }
  return unified(node, a, b, frame);
}

/** Numbers of different kinds brought to one. */
export function unified(node: Node, a: Scalar, b: Scalar, frame: Frame): [Scalar, Scalar] {
  if (a.type === 'number' || b.type === 'number') {
    if (isNumeric(a) && isNumeric(b)) return [floating(frame.site.dialect, a), floating(frame.site.dialect, b)];
  } else if (a.type === 'decimal' || b.type === 'decimal') {
    if (isNumeric(a) && isNumeric(b)) {
      const scale = Math.max(a.scale, b.scale);
      return [frame.site.dialect.scaled(a, scale), frame.site.dialect.scaled(b, scale)];
    }
  } else if (a.type === b.type) return [a, b];
  throw new Untranslatable(
    node,
    `${a.type} and ${b.type} are not compared in the database`,
    'compare values of one type',
  );
}

function isNumeric(value: Scalar): boolean {
  return value.type === 'integer' || value.type === 'decimal' || value.type === 'number';
}

function typeOf(value: SqlValue): SqlType | undefined {
  return value.kind === 'scalar' ? value.type : undefined;
}

function scaleOf(value: SqlValue): number {
  return value.kind === 'scalar' ? value.scale : 0;
}

/** `=` and `<>`, null being equal to null alone. */
export function equality(node: Node, left: SqlValue, right: SqlValue, frame: Frame, wanted: boolean): Sql {
  const one = isNull(left) ? right : isNull(right) ? left : undefined;
  if (one !== undefined) return nullTest(one, wanted);
  if (left.kind === 'reference' || right.kind === 'reference')
    return referenceEquality(node, left, right, frame, wanted);
  if (left.kind === 'money' && right.kind === 'money') {
    const amounts = equality(node, left.amount, right.amount, frame, true);
    const both = sql`(${amounts} and ${equality(node, left.currency, right.currency, frame, true)})`;
    return wanted ? both : sql`${both} is not true`;
  }
  const operands = pair(node, left, right, frame);
  if (operands === undefined) return nullTest(left, wanted);
  const [a, b] = operands;
  const { dialect } = frame.site;
  if (wanted) {
    const equal = a.nullable && b.nullable ? dialect.equal(a.sql, b.sql) : sql`${a.sql} = ${b.sql}`;
    return isGiven(right) ? narrowed(a, b.sql, equal) : isGiven(left) ? narrowed(b, a.sql, equal) : equal;
  }
  return a.nullable || b.nullable ? dialect.different(a.sql, b.sql) : sql`${a.sql} <> ${b.sql}`;
}

/** Whether the value comes with the condition or the query: no row can change how it is compared with a column as it lies there. */
function isGiven(value: SqlValue): boolean {
  return value.kind === 'open' || (value.kind === 'scalar' && value.literal !== undefined);
}

/** A test of equality, found by an index also where the canonical form of the column has none. */
function narrowed(column: Scalar, given: Sql, equal: Sql): Sql {
  return column.byIndex === undefined ? equal : sql`(${column.byIndex([given])} and ${equal})`;
}

function isNull(value: SqlValue): boolean {
  return value.kind === 'null' || (value.kind === 'open' && value.shape === 'null');
}

function nullTest(value: SqlValue, wanted: boolean): Sql {
  const test = wanted ? raw('is null') : raw('is not null');
  switch (value.kind) {
    case 'null':
      return wanted ? TRUE : FALSE;
    case 'open':
      return (value.shape === 'null') === wanted ? TRUE : FALSE;
    case 'reference':
      return sql`${value.parts[0]?.sql ?? raw('null')} ${test}`;
    case 'money':
      return sql`${value.amount.sql} ${test}`;
    default:
      return sql`${value.sql} ${test}`;
  }
}

/** References are equal when their keys are; a key may be given as its text. */
function referenceEquality(node: Node, left: SqlValue, right: SqlValue, frame: Frame, wanted: boolean): Sql {
  const [reference, other] = left.kind === 'reference' ? [left, right] : [right as Reference, left];
  let condition: Sql;
  if (other.kind === 'reference') {
    if (other.object.name !== reference.object.name) {
      throw new Untranslatable(
        node,
        `a ${reference.object.name} is never a ${other.object.name}`,
        'compare references to one object',
      );
    }
    const pairs = reference.parts.map((part, index) => {
      const mate = other.parts[index] ?? part;
      return part.nullable && mate.nullable
        ? frame.site.dialect.equal(part.sql, mate.sql)
        : sql`${part.sql} = ${mate.sql}`;
    });
    condition = joinSql(pairs, ' and ');
  } else if (other.kind === 'open' || (other.kind === 'scalar' && typeof other.literal === 'string')) {
    condition = keyEquality(reference, other, frame);
  } else {
    throw new Untranslatable(
      node,
      'a reference is compared with what is no key',
      'compare it with a key as text, or with a reference',
    );
  }
  return wanted ? sql`(${condition})` : sql`(${condition}) is not true`;
}

/** Each key column against its part of an encoded key; a text that is no key of the object meets no row. */
function keyEquality(reference: Reference, key: Open | Scalar, frame: Frame): Sql {
  const { dialect, objects } = frame.site;
  const pairs = reference.parts.map((part, index) => {
    const encode = (value: unknown): unknown => {
      const parts = decodeKeyParts(objects, reference.object, value);
      return parts === undefined ? null : encodeOpen('key', part.type, dialect, part.scale)(parts[index]);
    };
    const value =
      key.kind === 'open'
        ? bind({ kind: key.from, name: key.name, encode: elementOf(key, encode) })
        : constant(encode(key.literal));
    const given = dialect.typed(part.type, value);
    return narrowed(part, given, sql`${part.sql} = ${given}`);
  });
  return joinSql(pairs, ' and ');
}

/** `< <= > >=`: false where a side is null. */
export function order(node: Node, operator: string, left: SqlValue, right: SqlValue, frame: Frame): Sql {
  const operands = pair(node, left, right, frame);
  if (operands === undefined) return FALSE;
  const [a, b] = operands;
  const { dialect } = frame.site;
  return sql`${dialect.ordered(a)} ${raw(operator)} ${dialect.ordered(b)}`;
}

/** `'vip' in tags`: the tag is written there, or comes with the query. */
export function hasTag(node: Node, tag: SqlValue, tags: Sql, frame: Frame): Sql {
  const { dialect } = frame.site;
  const whole = sql`coalesce(${tags}, '')`;
  const holds = (pattern: Sql): Sql => dialect.contains(whole, dialect.typed('text', pattern));
  if (tag.kind === 'null') return FALSE;
  if (tag.kind === 'scalar' && typeof tag.literal === 'string') return holds(constant(tagPattern(tag.literal)));
  if (tag.kind === 'open') {
    const encode = encodeOpen(tag.name, 'text', dialect, 0);
    const pattern = elementOf(tag, (value) => {
      const text = encode(value);
      return typeof text === 'string' ? tagPattern(text) : null;
    });
    return holds(bind({ kind: tag.from, name: tag.name, encode: pattern }));
  }
  throw new Untranslatable(
    node,
    'a tag is looked for that is no text of the condition',
    "write 'vip' in tags, or give it as a parameter",
  );
}

/** `x in [a, b]` and `x in parameter`. */
export function membership(node: Node, needle: SqlValue, items: readonly SqlValue[], frame: Frame): Sql {
  if (items.length === 0) return FALSE;
  const tests = items.map((item) => equality(node, needle, item, frame, true));
  return sql`(${joinSql(tests, ' or ')})`;
}
