import type { BinaryNode } from '@caruso/expressions';
import { floating } from './dialect.js';
import type { Frame } from './scope.js';
import { raw, type Sql, sql } from './sql.js';
import type { Scalar, SqlType, SqlValue } from './sql-value.js';
import { close } from './translate-compare.js';
import { Untranslatable } from './untranslatable.js';

const DAY = 86_400_000;
/** A decimal of more places would leave 64 bits on SQLite. */
const MOST_PLACES = 9;

/** `+ - * / %` over numbers, dates, datetimes, durations and texts; null where a side is null. */
export function arithmetic(node: BinaryNode, left: SqlValue, right: SqlValue, frame: Frame): SqlValue {
  const a = left.kind === 'open' ? close(left, frame, told(node.operator, right), scale(right)) : left;
  const b = right.kind === 'open' ? close(right, frame, told(node.operator, a), scale(a)) : right;
  if (a.kind === 'null' || b.kind === 'null') return { kind: 'null' };
  if (a.kind !== 'scalar' || b.kind !== 'scalar')
    throw new Untranslatable(node, `'${node.operator}' is given no single values`, 'name attributes');
  const nullable = a.nullable || b.nullable;
  const result = (type: SqlType, text: Sql, places = 0): Scalar => ({
    kind: 'scalar',
    sql: sql`(${text})`,
    type,
    scale: places,
    nullable,
  });
  const { dialect } = frame.site;
  const operator = raw(node.operator);
  switch (`${a.type} ${node.operator} ${b.type}`) {
    case 'text + text':
      return result('text', sql`${a.sql} || ${b.sql}`);
    case 'datetime - datetime':
      return result('duration', sql`${dialect.milliseconds(a.sql)} - ${dialect.milliseconds(b.sql)}`);
    case 'datetime + duration':
    case 'datetime - duration':
      return result('datetime', dialect.fromMilliseconds(sql`${dialect.milliseconds(a.sql)} ${operator} ${b.sql}`));
    case 'duration + datetime':
      return result('datetime', dialect.fromMilliseconds(sql`${a.sql} + ${dialect.milliseconds(b.sql)}`));
    case 'date - date':
      return result('duration', dialect.betweenDates(a.sql, b.sql));
    case 'date + duration':
    case 'date - duration':
      return result('date', shifted(node, frame, a, node.operator, b));
    case 'duration + date':
      return result('date', shifted(node, frame, b, '+', a));
    case 'duration + duration':
    case 'duration - duration':
      return result('duration', sql`${a.sql} ${operator} ${b.sql}`);
    case 'duration * integer':
    case 'integer * duration':
      return result('duration', sql`${a.sql} * ${b.sql}`);
  }
  return numeric(node, a, b, frame, result);
}

/** The type that an open operand takes beside another. */
function told(operator: string, other: SqlValue): SqlType | undefined {
  if (other.kind !== 'scalar') return undefined;
  if (other.type === 'date' || other.type === 'datetime') return operator === '-' ? other.type : 'duration';
  return other.type;
}

function scale(value: SqlValue): number {
  return value.kind === 'scalar' ? value.scale : 0;
}

/** A day moved by whole days; a duration that has none is refused when it is known. */
function shifted(node: BinaryNode, frame: Frame, date: Scalar, operator: string, by: Scalar): Sql {
  if (typeof by.literal !== 'number' || by.literal % DAY !== 0) {
    throw new Untranslatable(
      node,
      'the database moves a date by whole days that are written out',
      'write 3d, or compare with today() on the other side',
    );
  }
  const days = (operator === '-' ? -by.literal : by.literal) / DAY;
  return frame.site.dialect.shiftedDate(date.sql, days);
}

function numeric(
  node: BinaryNode,
  a: Scalar,
  b: Scalar,
  frame: Frame,
  result: (type: SqlType, text: Sql, places?: number) => Scalar,
): SqlValue {
  const { dialect } = frame.site;
  const kinds = new Set([a.type, b.type]);
  if ([...kinds].some((kind) => kind !== 'integer' && kind !== 'decimal' && kind !== 'number')) {
    throw new Untranslatable(
      node,
      `the database does not know ${a.type} ${node.operator} ${b.type}`,
      'compare attributes without calculating',
    );
  }
  const operator = raw(node.operator);
  if (kinds.has('number') && node.operator !== '%') {
    const [x, y] = [floating(dialect, a), floating(dialect, b)];
    if (node.operator === '/') return { ...result('number', sql`${x.sql} / nullif(${y.sql}, 0)`), nullable: true };
    return result('number', sql`${x.sql} ${operator} ${y.sql}`);
  }
  if (node.operator === '/' || kinds.has('number')) {
    throw new Untranslatable(
      node,
      `'${node.operator}' of these would be rounded differently by each database`,
      'multiply the other side of the comparison instead',
    );
  }
  if (!kinds.has('decimal')) {
    if (node.operator === '%') return { ...result('integer', sql`${a.sql} % nullif(${b.sql}, 0)`), nullable: true };
    return result('integer', sql`${a.sql} ${operator} ${b.sql}`);
  }
  const places = node.operator === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale);
  if (places > MOST_PLACES)
    throw new Untranslatable(node, `the result has ${places} digits behind the point`, 'round an operand');
  if (node.operator === '*') return result('decimal', sql`${a.sql} * ${b.sql}`, places);
  const [x, y] = [dialect.scaled(a, places), dialect.scaled(b, places)];
  if (node.operator === '%')
    return { ...result('decimal', sql`${x.sql} % nullif(${y.sql}, 0)`, places), nullable: true };
  return result('decimal', sql`${x.sql} ${operator} ${y.sql}`, places);
}
