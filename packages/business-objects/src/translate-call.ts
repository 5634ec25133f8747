import { type CallNode, compileLike, ExpressionError, type LiteralNode, type Node } from '@caruso/expressions';
import { ordered, scaled, truthValue, typed } from './dialect.js';
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
    const text = dialect === 'sqlite' ? raw(value === true ? '1' : '0') : raw(value === true ? 'true' : 'false');
    return { kind: 'scalar', sql: text, type: told, scale: 0, nullable: false, literal: value };
  }
  const places = told === 'decimal' ? (String(value).split('.')[1]?.length ?? 0) : 0;
  const encoded = encodeAs(told, dialect, places, value);
  if (encoded === undefined)
    throw new Untranslatable(node, 'the database cannot hold this value', 'use a smaller number');
  return {
    kind: 'scalar',
    sql: typed(dialect, told, constant(encoded)),
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
      return done('date', typed(dialect, 'date', bind({ kind: 'today' })), false);
    case 'now':
      return done('datetime', typed(dialect, 'datetime', bind({ kind: 'now' })), false);
    case 'size':
      if (first !== undefined && first.type !== 'text') return help.count(first, frame);
      return done(
        'integer',
        dialect === 'sqlite'
          ? sql`length(${text(node, first, frame).sql})`
          : sql`char_length(${text(node, first, frame).sql})`,
      );
    case 'lower':
    case 'upper': {
      const given = text(node, first, frame).sql;
      const name = raw(node.name);
      return done(
        'text',
        dialect === 'sqlite' ? sql`caruso_${name}(${given})` : sql`${name}(${given} collate "und-x-icu")`,
      );
    }
    case 'year':
    case 'month':
    case 'day':
      return done('integer', dayPart(node, first, frame));
    case 'date': {
      const day = operand(node, first, frame, 'date');
      if (day.type === 'date') return day;
      const given = day.literal;
      if (day.type === 'text' && typeof given === 'string')
        return { ...done('date', typed(dialect, 'date', constant(given)), false), literal: given };
      break;
    }
    case 'datetime': {
      const given = operand(node, first, frame, 'text').literal;
      const encoded = encodeAs('datetime', dialect, 0, given);
      if (encoded !== undefined) return done('datetime', typed(dialect, 'datetime', constant(encoded)), false);
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
  return { kind: 'scalar', sql: truthValue(frame.site.dialect, condition), type: 'boolean', scale: 0, nullable: false };
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

/** Case is ignored by the rules of Unicode: SQLite asks a function of ours, PostgreSQL its ICU collation. */
export function likeSql(frame: Frame, subject: Sql, pattern: Sql): Sql {
  return frame.site.dialect === 'sqlite'
    ? sql`caruso_like(${subject}, ${pattern}) = 1`
    : sql`lower(${subject} collate "und-x-icu") like ${pattern}::text`;
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
    return likeSql(frame, value.sql, bind({ kind: given.from, name: given.name, encode }));
  }
  if (given?.kind === 'scalar' && typeof given.literal === 'string') {
    return likeSql(frame, value.sql, constant(likePattern('pattern')(given.literal)));
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
  const sqlite = frame.site.dialect === 'sqlite';
  if (node.name === 'contains') return sqlite ? sql`instr(${whole}, ${part}) > 0` : sql`strpos(${whole}, ${part}) > 0`;
  if (node.name === 'startsWith')
    return sqlite ? sql`substr(${whole}, 1, length(${part})) = ${part}` : sql`starts_with(${whole}, ${part})`;
  return sqlite
    ? sql`(length(${whole}) >= length(${part}) and substr(${whole}, length(${whole}) - length(${part}) + 1) = ${part})`
    : sql`right(${whole}, char_length(${part})) = ${part}`;
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
  if (frame.site.dialect === 'postgres') return sql`extract(${raw(node.name)} from ${value.sql})::bigint`;
  const [from, length] = node.name === 'year' ? [1, 4] : node.name === 'month' ? [6, 2] : [9, 2];
  return sql`cast(substr(${value.sql}, ${from}, ${length}) as integer)`;
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
  if (value.type === 'integer' || value.scale <= given) return scaled(dialect, value, Math.max(value.scale, given));
  if (dialect === 'postgres') return { ...value, sql: sql`round(${value.sql}, ${given})`, scale: given };
  const unit = 10 ** (value.scale - given);
  const half = unit / 2;
  const text = sql`case when ${value.sql} < 0 then -((${half} - ${value.sql}) / ${unit}) else (${value.sql} + ${half}) / ${unit} end`;
  return { ...value, type: 'decimal', sql: text, scale: given };
}

/** Null where one of both is, as min() and max() of the language. */
function extreme(node: CallNode, left: Scalar, right: Scalar, frame: Frame): Scalar {
  const [a, b] = unified(node, left, right, frame);
  const operator = raw(node.name === 'min' ? '<=' : '>=');
  const { dialect } = frame.site;
  const text = sql`case when ${a.sql} is null or ${b.sql} is null then null when ${ordered(dialect, a)} ${operator} ${ordered(dialect, b)} then ${a.sql} else ${b.sql} end`;
  return { kind: 'scalar', sql: text, type: a.type, scale: a.scale, nullable: a.nullable || b.nullable };
}
