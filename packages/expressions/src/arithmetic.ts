import { addToDate, checkedInstant, daysBetween } from './calendar.js';
import { checked, type Decimal, divide, parseDecimal, remainder } from './decimal.js';
import { ExpressionError, valueError } from './errors.js';
import {
  addIntegers,
  type Integer,
  multiplyIntegers,
  parseInteger,
  remainderOfIntegers,
  subtractIntegers,
} from './integer.js';
import { longestText } from './limits.js';
import type { ArithmeticOperator } from './node.js';
import { read, readAs, typeOfRaw, write } from './value.js';
import { isNumeric, typeName, unify, type ValueType } from './value-type.js';

/** What an operator does with two inside values that are not null. */
export interface Operation {
  readonly type: ValueType;
  readonly run: (left: never, right: never) => unknown;
}

/**
 * The operation for two types, undefined when there is none. It is the one table that both the checker (for the type) and
 * the evaluator (for the result) read. Mixed numbers widen: integer, decimal, number; a quotient of integers is a decimal.
 */
export function arithmetic(operator: ArithmeticOperator, left: ValueType, right: ValueType): Operation | undefined {
  if (left === 'null') return right === 'null' ? { type: 'null', run: () => null } : arithmetic(operator, right, right);
  if (right === 'null') return arithmetic(operator, left, left) ?? arithmetic(operator, left, 'duration');
  if (left === 'any' || right === 'any') return dynamic(operator, left, right);
  if (isNumeric(left) && isNumeric(right)) return numeric(operator, left, right);
  switch (`${left} ${operator} ${right}`) {
    case 'text + text':
      return { type: 'text', run: joined };
    case 'date + duration':
      return { type: 'date', run: addToDate };
    case 'duration + date':
      return { type: 'date', run: (a: number, b: string) => addToDate(b, a) };
    case 'date - duration':
      return { type: 'date', run: (a: string, b: number) => addToDate(a, -b) };
    case 'date - date':
      return { type: 'duration', run: (a: string, b: string) => daysBetween(b, a) };
    case 'datetime - datetime':
      return { type: 'duration', run: (a: number, b: number) => a - b };
    case 'datetime + duration':
    case 'duration + datetime':
      return { type: 'datetime', run: (a: number, b: number) => checkedInstant(a + b) };
    case 'datetime - duration':
      return { type: 'datetime', run: (a: number, b: number) => checkedInstant(a - b) };
    case 'duration + duration':
      return { type: 'duration', run: (a: number, b: number) => finite(a + b) };
    case 'duration - duration':
      return { type: 'duration', run: (a: number, b: number) => finite(a - b) };
    case 'duration / duration':
      return { type: 'number', run: (a: number, b: number) => (b === 0 ? null : finite(a / b)) };
  }
  if (operator === '*' && left === 'duration' && isNumeric(right)) {
    return { type: 'duration', run: (a: number, b: Decimal | Integer) => finite(Math.round(a * Number(b))) };
  }
  if (operator === '*' && isNumeric(left) && right === 'duration') {
    return { type: 'duration', run: (a: Decimal | Integer, b: number) => finite(Math.round(Number(a) * b)) };
  }
  if (operator === '/' && left === 'duration' && isNumeric(right)) {
    const run = (a: number, b: Decimal | Integer) => (Number(b) === 0 ? null : finite(Math.round(a / Number(b))));
    return { type: 'duration', run };
  }
  return undefined;
}

function numeric(operator: ArithmeticOperator, left: ValueType, right: ValueType): Operation {
  const type = operator === '/' && left === 'integer' && right === 'integer' ? 'decimal' : unify(left, right);
  if (type === 'integer') return { type, run: integerRun(operator) };
  if (type === 'number') {
    const run = numberRun(operator);
    return { type, run: (a: Decimal | Integer, b: Decimal | Integer) => run(Number(a), Number(b)) };
  }
  const run = decimalRun(operator);
  return { type: 'decimal', run: (a: Decimal | Integer, b: Decimal | Integer) => run(toDecimal(a), toDecimal(b)) };
}

/** A text that is doubled again and again would fill the memory. */
function joined(a: string, b: string): string {
  if (a.length + b.length <= longestText) return a + b;
  const message = `a text of ${a.length + b.length} characters is longer than ${longestText}`;
  throw new ExpressionError('EXPRESSION_LIMIT', message, 'put together less');
}

function integerRun(operator: ArithmeticOperator): (a: Integer, b: Integer) => unknown {
  if (operator === '+') return addIntegers;
  if (operator === '-') return subtractIntegers;
  return operator === '*' ? multiplyIntegers : remainderOfIntegers;
}

function numberRun(operator: ArithmeticOperator): (a: number, b: number) => unknown {
  if (operator === '+') return (a, b) => finite(a + b);
  if (operator === '-') return (a, b) => finite(a - b);
  if (operator === '*') return (a, b) => finite(a * b);
  return operator === '/' ? (a, b) => (b === 0 ? null : finite(a / b)) : (a, b) => (b === 0 ? null : finite(a % b));
}

function decimalRun(operator: ArithmeticOperator): (a: Decimal, b: Decimal) => unknown {
  if (operator === '+') return (a, b) => checked(a.plus(b));
  if (operator === '-') return (a, b) => checked(a.minus(b));
  if (operator === '*') return (a, b) => checked(a.times(b));
  return operator === '/' ? divide : remainder;
}

/** A Decimal as it is; an integer or number as the decimal of its shortest form. */
export function toDecimal(value: Decimal | Integer): Decimal {
  if (typeof value === 'object') return value;
  const decimal = parseDecimal(value);
  if (decimal === undefined)
    throw valueError(`${value} passes the range of decimals`, 'check the values it comes from');
  return decimal;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value + 0;
  throw valueError('a number passes the range of floating point', 'check the values it is calculated from');
}

/** With a side of type any, the operation is chosen for each evaluation, by the values. */
function dynamic(operator: ArithmeticOperator, left: ValueType, right: ValueType): Operation {
  if (left === 'decimal' || right === 'decimal') {
    const run = decimalRun(operator);
    const place = `what '${operator}' joins with a decimal`;
    const side = (type: ValueType, value: unknown) =>
      (type === 'any' ? readAs('decimal', value, place) : value) as Decimal;
    return { type: 'decimal', run: (a: unknown, b: unknown) => run(side(left, a), side(right, b)) };
  }
  const run = (a: unknown, b: unknown) => {
    const known = left === 'any' ? right : left;
    const leftType = left === 'any' ? typeOfRaw(a, hint(operator, known)) : left;
    const rightType = right === 'any' ? typeOfRaw(b, hint(operator, known)) : right;
    const operation = arithmetic(operator, leftType, rightType);
    if (operation === undefined) {
      const message = `'${operator}' has no meaning for ${typeName(leftType)} and ${typeName(rightType)}`;
      throw valueError(message, 'use values of types that go together, or text(x) to join texts');
    }
    const x = left === 'any' ? read(leftType, a) : a;
    const y = right === 'any' ? read(rightType, b) : b;
    const result = operation.run(x as never, y as never);
    // raw numbers are JS numbers, so is what is calculated from them alone
    return operation.type === 'decimal' && result !== null ? Number(result) : write(operation.type, result);
  };
  return { type: 'any', run };
}

/** Beside a duration, a number is a factor under * and /, else milliseconds; beside a date, a number is a duration. */
function hint(operator: ArithmeticOperator, known: ValueType): ValueType {
  if (known === 'duration') return operator === '*' || operator === '/' ? 'any' : 'duration';
  return known;
}

/** The operation of a leading minus. */
export function negation(type: ValueType): Operation | undefined {
  if (type === 'integer') return { type, run: (value: Integer) => subtractIntegers(0, value) };
  if (type === 'decimal') return { type, run: (value: Decimal) => value.neg() };
  if (type === 'number' || type === 'duration') return { type, run: (value: number) => -value + 0 };
  if (type === 'null') return { type, run: () => null };
  if (type !== 'any') return undefined;
  const run = (value: unknown) => {
    const integer = parseInteger(value);
    if (integer !== undefined) return subtractIntegers(0, integer);
    const number = read('number', value);
    if (typeof number === 'number') return -number;
    throw valueError(`'-' has no meaning for ${typeName(typeOfRaw(value, 'any'))}`, 'use it before a number');
  };
  return { type, run };
}
