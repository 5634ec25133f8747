import type { Column, ModelObject } from './model.js';
import type { Sql } from './sql.js';

/** Types a single SQL value has. A duration is whole milliseconds. */
export type SqlType = 'text' | 'integer' | 'decimal' | 'number' | 'boolean' | 'date' | 'datetime' | 'duration';

/** One value, in the canonical form of the dialect (see dialect.ts). */
export interface Scalar {
  readonly kind: 'scalar';
  readonly sql: Sql;
  readonly type: SqlType;
  /** Digits behind the point: on SQLite a decimal is a whole number of units of the last place. */
  readonly scale: number;
  readonly nullable: boolean;
  /** The literal it was made of. */
  readonly literal?: string | number | bigint | boolean;
  /** Of a column whose canonical form no index knows: see `indexTest`. */
  readonly byIndex?: (values: readonly Sql[]) => Sql;
}

/** A parameter or an attribute of the user, whose type is told by what it meets. */
export interface Open {
  readonly kind: 'open';
  readonly from: 'parameter' | 'user';
  readonly name: string;
  readonly shape: Shape;
  /** Which element, where the value is a list that was taken apart. */
  readonly index?: number;
}

/** What is known of an open value before it is bound; part of the key under which a statement is kept. */
export type Shape = 'null' | 'text' | 'integer' | 'number' | 'boolean' | 'other' | `list ${number}`;

/** A row of another object, by the columns that hold its key. */
export interface Reference {
  readonly kind: 'reference';
  readonly object: ModelObject;
  readonly parts: readonly Scalar[];
}

interface MoneyValue {
  readonly kind: 'money';
  readonly amount: Scalar;
  readonly currency: Scalar;
}

/** Something that can be asked for null alone: JSON, binary. */
interface Opaque {
  readonly kind: 'opaque';
  readonly sql: Sql;
  readonly what: string;
}

interface NullValue {
  readonly kind: 'null';
}

export type SqlValue = Scalar | Open | Reference | MoneyValue | Opaque | NullValue;

export function shapeOf(value: unknown): Shape {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  return Array.isArray(value) ? `list ${value.length}` : 'other';
}

/** The type of a column as SQL values know it; undefined for what cannot be compared. */
export function sqlTypeOf(column: Column): SqlType | undefined {
  switch (column.type) {
    case 'text':
      return 'text';
    case 'integer':
    case 'bigint':
      return 'integer';
    case 'json':
    case 'binary':
      return undefined;
    default:
      return column.type;
  }
}
