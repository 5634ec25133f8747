import { Decimal } from 'decimal.js';
import { valueError } from './errors.js';

const DIGITS = 400;

/**
 * Enough significant digits to make sums and products of two decimals of 400 digits before and after the point exact; the
 * bounds on the exponent keep '1e9000000' from filling the memory.
 */
const Exact = Decimal.clone({
  precision: 4 * DIGITS,
  rounding: Decimal.ROUND_HALF_UP,
  maxE: 2 * DIGITS,
  minE: -2 * DIGITS,
});
/** Quotients need not end; 34 significant digits as in IEEE 754 decimal128. */
const Quotient = Decimal.clone({ precision: 34, rounding: Decimal.ROUND_HALF_UP, maxE: 2 * DIGITS, minE: -2 * DIGITS });

const PLAIN = /^[+-]?\d{1,400}(?:\.\d{1,400})?$/;

/** Reads a decimal: plain text ('12.50') or a finite number, by its shortest form (0.1 is 0.1). Undefined if neither. */
export function parseDecimal(value: unknown): Decimal | undefined {
  if (typeof value === 'string') return PLAIN.test(value) ? new Exact(value) : undefined;
  if (typeof value === 'bigint') return parseDecimal(value.toString());
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return new Exact(value);
}

/** The decimal of a literal, which may have an exponent; undefined out of range. */
export function parseLiteral(text: string): Decimal | undefined {
  const decimal = new Exact(text);
  return decimal.isFinite() && PLAIN.test(decimal.toFixed()) ? decimal : undefined;
}

/** The shortest exact form, never with an exponent: '12.5'. */
export function formatDecimal(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

export function checked(value: Decimal): Decimal {
  if (value.isFinite()) return value;
  throw valueError(`a decimal passes ${2 * DIGITS} digits`, 'check the values it is calculated from');
}

/** Null for a zero divisor: a ratio of nothing is unknown. */
export function divide(left: Decimal, right: Decimal): Decimal | null {
  if (right.isZero()) return null;
  return new Exact(checked(new Quotient(left).div(right)));
}

export function remainder(left: Decimal, right: Decimal): Decimal | null {
  return right.isZero() ? null : checked(left.mod(right));
}

/** Half away from zero, as in commerce and as PostgreSQL's numeric rounds. */
export function roundTo(value: Decimal, places: number): Decimal {
  return value.toDecimalPlaces(places, Decimal.ROUND_HALF_UP);
}

export type { Decimal };
