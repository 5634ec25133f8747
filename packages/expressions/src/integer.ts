import { valueError } from './errors.js';

/** A whole number: a JS number while that is exact, else a bigint. */
export type Integer = number | bigint;

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

/** The one form of an integer, or undefined when it is none or does not fit 64 bits. */
export function parseInteger(value: unknown): Integer | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  if (typeof value !== 'bigint' || value > MAX || value < MIN) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function fitted(value: bigint): Integer {
  const integer = parseInteger(value);
  if (integer === undefined)
    throw valueError('an integer passes 64 bits', 'calculate with decimals, for example 1.0 * x');
  return integer;
}

export function addIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return fitted(BigInt(left) + BigInt(right));
}

export function subtractIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return fitted(BigInt(left) - BigInt(right));
}

export function multiplyIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return fitted(BigInt(left) * BigInt(right));
}

/** Takes the sign of the dividend, as in CEL and SQL; null for a zero divisor. */
export function remainderOfIntegers(left: Integer, right: Integer): Integer | null {
  if (right === 0) return null;
  if (typeof left === 'number' && typeof right === 'number') return (left % right) + 0;
  return fitted(BigInt(left) % BigInt(right));
}
