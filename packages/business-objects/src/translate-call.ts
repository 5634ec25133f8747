import { type CallNode, compileLike, ExpressionError, type LiteralNode, type Node } from '@caruso/expressions';
import { parameterInvalid } from './errors.js';
import { encodeAs } from './open-value.js';
import type { Frame } from './scope.js';
import { bind, constant, raw, type Sql, sql } from './sql.js';
import type { Scalar, SqlType, SqlValue } from './sql-value.js';
import { close, unified } from './translate-compare.js';
import { Untranslatable } from './untranslatable.js';

/** What calls need of the translator around them. */
export interface CallHelp {
  count(node: Node, frame: Frame): Scalar;
  choice(node: Node, when: Sql, whenTrue: SqlValue, whenFalse: SqlValue, frame: Frame): SqlValue;
}

export function literal(node: LiteralNode, frame: Frame): SqlValue {
  const { dialect } = frame.site;
  const { value, type } = node;
  if (value === null) return { kind: 'null' };
  const told = type as SqlType;
  if (told === 'boolean') {
    return {
      kind: 'scalar',
      sql: dialect.truthLiteral(value === true),
      type: told,
      scale: 0,
      nullable: false,
      literal: value,
    };
  }
  const places = told === 'decimal' ? (String(value).split('.')[1]?.length ?? 0) : 0;
  const encoded = encodeAs(told, dialect, places, value);
  if (encoded === undefined)
    throw new Untranslatable(node, 'the database cannot hold this value', 'use a smaller number');
  return {
    kind: 'scalar',
    sql: dialect.typed(told, constant(encoded)),
    type: told,
    scale: places,
    nullable: false,
    literal: value,
  };
}

/** A function of the language in SQL; those a database computes otherwise than we do are refused. */
export function call(node: CallNode, frame: Frame, help: CallHelp): SqlValue {
  const { dialect } = frame.site;
  const [first, second] = node.args;
  const test = textCondition(node, frame);
  if (test !== undefined) return boolean(frame, test);
  const done = (type: SqlType, text: Sql, nullable = true, scale = 0): Scalar => ({
    kind: 'scalar',
    sql: text,
    type,
    scale,
    nullable,
  });
  switch (node.name) {
    case 'today':
      return done('date', dialect.typed('date', bind({ kind: 'today' })), false);
    case 'now':
      return done('datetime', dialect.typed('datetime', bind({ kind: 'now' })), false);
    case 'size':
      if (first !== undefined && first.type !== 'text') return help.count(first, frame);
      return done('integer', dialect.length(text(node, first, frame).sql));
    case 'lower':
    case 'upper':
      return done('text', dialect.cased(node.name, text(node, first, frame).sql));
    case 'year':
    case 'month':
    case 'day':
      return done('integer', dayPart(node, first, frame));
    case 'date': {
      const day = operand(node, first, frame, 'date');
      if (day.type === 'date') return day;
      const given = day.literal;
      if (day.type === 'text' && typeof given === 'string')
        return { ...done('date', dialect.typed('date', constant(given)), false), literal: given };
      break;
    }
    case 'datetime': {
      const given = operand(node, first, frame, 'text').literal;
      const encoded = encodeAs('datetime', dialect, 0, given);
      if (encoded !== undefined) return done('datetime', dialect.typed('datetime', constant(encoded)), false);
      break;
    }
    case 'coalesce': {
      const [head, ...rest] = node.args.map((arg) => frame.value(arg, frame));
      return rest.reduce((before, next) => coalesce(node, before, next, frame), head ?? { kind: 'null' });
    }
    case 'abs': {
      const number = operand(node, first, frame, 'number');
      if (['integer', 'decimal', 'number', 'duration'].includes(number.type))
        return { ...number, sql: sql`abs(${number.sql})` };
      break;
    }
    case 'round':
      return rounded(node, operand(node, first, frame, 'decimal'), second, frame);
    case 'min':
    case 'max': {
      const [head, ...rest] = node.args.map((arg) => operand(node, arg, frame, undefined));
      if (head === undefined) break;
      return rest.reduce((best, next) => extreme(node, best, next, frame), head);
    }
  }
  throw new Untranslatable(
    node,
    `${node.name}() is not computed by the database here`,
    'keep it out of the condition, or store its result in an attribute',
  );
}

function boolean(frame: Frame, condition: Sql): Scalar {
  return { kind: 'scalar', sql: frame.site.dialect.truthValue(condition), type: 'boolean', scale: 0, nullable: false };
}

/** A function that is a condition, as one. */
export function textCondition(node: CallNode, frame: Frame): Sql | undefined {
  if (node.name === 'like') return like(node, frame);
  return ['contains', 'startsWith', 'endsWith'].includes(node.name) ? textTest(node, frame) : undefined;
}

function operand(node: CallNode, arg: Node | undefined, frame: Frame, told: SqlType | undefined): Scalar {
  const value = arg === undefined ? undefined : frame.value(arg, frame);
  const closed = value?.kind === 'open' ? close(value, frame, told, 0) : value;
  if (closed?.kind === 'scalar') return closed;
  throw new Untranslatable(arg ?? node, `${node.name}() is given no single value`, 'give it an attribute');
}

function text(node: CallNode, arg: Node | undefined, frame: Frame): Scalar {
  const value = operand(node, arg, frame, 'text');
  if (value.type === 'text') return value;
  throw new Untranslatable(arg ?? node, `${node.name}() is given ${value.type}, no text`, 'give it a text attribute');
}

/** A pattern as the database wants it; a backslash at the end stands for itself. */
export function likePattern(name: string): (value: unknown) => unknown {
  return (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string' || value.includes('\0')) throw parameterInvalid(name, 'should be a text pattern');
    try {
      compileLike(value);
    } catch (error) {
      if (error instanceof ExpressionError) throw parameterInvalid(name, `is refused: ${error.message}`);
      throw error;
    }
    const lone = (/\\+$/.exec(value)?.[0].length ?? 0) % 2 === 1;
    return (lone ? `${value}\\` : value).toLowerCase();
  };
}

function like(node: CallNode, frame: Frame): Sql {
  const [subject, pattern] = node.args;
  const value = text(node, subject, frame);
  const given = pattern === undefined ? undefined : frame.value(pattern, frame);
  if (given?.kind === 'null') return raw('(1 = 0)');
  if (given?.kind === 'open') {
    const encode = likePattern(given.name);
    return frame.site.dialect.like(value.sql, bind({ kind: given.from, name: given.name, encode }));
  }
  if (given?.kind === 'scalar' && typeof given.literal === 'string') {
    return frame.site.dialect.like(value.sql, constant(likePattern('pattern')(given.literal)));
  }
  throw new Untranslatable(
    pattern ?? node,
    'the pattern of like() is not known beforehand',
    'write the pattern out, or give it as a parameter',
  );
}

function textTest(node: CallNode, frame: Frame): Sql {
  const whole = text(node, node.args[0], frame).sql;
  const part = text(node, node.args[1], frame).sql;
  const { dialect } = frame.site;
  if (node.name === 'contains') return dialect.contains(whole, part);
  return node.name === 'startsWith' ? dialect.startsWith(whole, part) : dialect.endsWith(whole, part);
}

function dayPart(node: CallNode, arg: Node | undefined, frame: Frame): Sql {
  const value = operand(node, arg, frame, 'date');
  if (value.type !== 'date') {
    throw new Untranslatable(
      node,
      `${node.name}() of a ${value.type} depends on the time zone`,
      'compare it with datetimes, from (inclusive) and to (exclusive)',
    );
  }
  return frame.site.dialect.datePart(node.name as 'year' | 'month' | 'day', value.sql);
}

function coalesce(node: Node, before: SqlValue, next: SqlValue, frame: Frame): SqlValue {
  const told = before.kind === 'scalar' ? before : next.kind === 'scalar' ? next : undefined;
  const a = before.kind === 'open' ? close(before, frame, told?.type, told?.scale ?? 0) : before;
  const b = next.kind === 'open' ? close(next, frame, told?.type, told?.scale ?? 0) : next;
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind !== 'scalar' || b.kind !== 'scalar')
    throw new Untranslatable(node, 'coalesce() is given no single values', 'name attributes');
  const [x, y] = unified(node, a, b, frame);
  return {
    kind: 'scalar',
    sql: sql`coalesce(${x.sql}, ${y.sql})`,
    type: x.type,
    scale: x.scale,
    nullable: x.nullable && y.nullable,
  };
}

/** Half away from zero. */
function rounded(node: CallNode, value: Scalar, places: Node | undefined, frame: Frame): Scalar {
  const given = places?.kind === 'literal' ? Number(places.value) : 0;
  if ((places !== undefined && places.kind !== 'literal') || value.type === 'number') {
    throw new Untranslatable(
      node,
      'the database rounds decimals to places that are written out',
      'write round(amount, 2)',
    );
  }
  const { dialect } = frame.site;
  if (value.type === 'integer' || value.scale <= given) return dialect.scaled(value, Math.max(value.scale, given));
  return { ...value, type: 'decimal', sql: dialect.rounded(value, given), scale: given };
}

/** Null where one of both is, as min() and max() of the language. */
function extreme(node: CallNode, left: Scalar, right: Scalar, frame: Frame): Scalar {
  const [a, b] = unified(node, left, right, frame);
  const operator = raw(node.name === 'min' ? '<=' : '>=');
  const { dialect } = frame.site;
  const text = sql`case when ${a.sql} is null or ${b.sql} is null then null when ${dialect.ordered(a)} ${operator} ${dialect.ordered(b)} then ${a.sql} else ${b.sql} end`;
  return { kind: 'scalar', sql: text, type: a.type, scale: a.scale, nullable: a.nullable || b.nullable };
}
