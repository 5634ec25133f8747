import { toDecimal } from './arithmetic.js';
import type { Decimal } from './decimal.js';
import { valueError } from './errors.js';
import type { Integer } from './integer.js';
import type { OrderOperator } from './node.js';
import { read, readMoney, typeOfRaw } from './value.js';
import { isList, isNumeric, isObject, sameType, typeName, type ValueType } from './value-type.js';

type Test = (left: never, right: never) => boolean;

const TESTS: Record<OrderOperator, (left: number | bigint | string, right: number | bigint | string) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** The test of `< <= > >=` for two inside values that are not null; undefined when the types have no order. */
export function ordering(operator: OrderOperator, left: ValueType, right: ValueType): Test | undefined {
  if (left === 'null' || right === 'null') return () => false;
  const test = TESTS[operator];
  if (left === 'any' || right === 'any') return dynamicOrdering(operator, left, right);
  if (isNumeric(left) && isNumeric(right)) {
    if (left === 'integer' && right === 'integer') return test;
    return (a: Decimal | Integer, b: Decimal | Integer) =>
      typeof a === 'number' && typeof b === 'number' ? test(a, b) : test(toDecimal(a).cmp(toDecimal(b)), 0);
  }
  // texts by code unit; dates as 'YYYY-MM-DD' sort as text; datetimes and durations are milliseconds
  if (left === right && (left === 'text' || left === 'date' || left === 'datetime' || left === 'duration')) return test;
  return undefined;
}

/** The test of `=` for two inside values that are not null; undefined when the types can never be equal. */
export function equality(left: ValueType, right: ValueType): Test | undefined {
  if (left === 'null' || right === 'null') return () => false;
  if (left === 'any' || right === 'any') return dynamicEquality(left, right);
  if (isNumeric(left) && isNumeric(right)) {
    if (left === right && left !== 'decimal') return (a: Integer, b: Integer) => a === b;
    return (a: Decimal | Integer, b: Decimal | Integer) =>
      typeof a === 'number' && typeof b === 'number' ? a === b : toDecimal(a).eq(toDecimal(b));
  }
  if (isList(left) && isList(right)) {
    const test = equality(left.list, right.list);
    const { list: leftItem } = left;
    const { list: rightItem } = right;
    if (test === undefined) return undefined;
    const same = (x: unknown, y: unknown) => x === y || (x !== null && y !== null && test(x as never, y as never));
    return (a: readonly unknown[], b: readonly unknown[]) =>
      a.length === b.length && a.every((item, index) => same(read(leftItem, item), read(rightItem, b[index])));
  }
  if (!sameType(left, right) || isObject(left)) return undefined;
  if (left === 'money') {
    return (a: unknown, b: unknown) => {
      const [x, y] = [readMoney(a), readMoney(b)];
      return x !== undefined && y !== undefined && x.currency === y.currency && x.amount.eq(y.amount);
    };
  }
  return (a: unknown, b: unknown) => a === b;
}

function dynamicOrdering(operator: OrderOperator, left: ValueType, right: ValueType): Test {
  return (a: unknown, b: unknown) => {
    const leftType = left === 'any' ? typeOfRaw(a, right) : left;
    const rightType = right === 'any' ? typeOfRaw(b, leftType) : right;
    const test = leftType === 'any' || rightType === 'any' ? undefined : ordering(operator, leftType, rightType);
    if (test === undefined) {
      const message = `'${operator}' has no meaning for ${typeName(leftType)} and ${typeName(rightType)}`;
      throw valueError(message, 'compare values of the same type');
    }
    return test(inside(left, leftType, a), inside(right, rightType, b));
  };
}

/** Values of different types are different, as far as only their values tell. */
function dynamicEquality(left: ValueType, right: ValueType): Test {
  return (a: unknown, b: unknown) => {
    const leftType = left === 'any' ? typeOfRaw(a, right) : left;
    const rightType = right === 'any' ? typeOfRaw(b, leftType) : right;
    const test = equality(leftType, rightType);
    return test?.(inside(left, leftType, a), inside(right, rightType, b)) ?? false;
  };
}

function inside(declared: ValueType, found: ValueType, value: unknown): never {
  return (declared === 'any' ? read(found, value) : value) as never;
}
