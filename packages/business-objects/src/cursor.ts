import { createHash } from 'node:crypto';
import type { SqlDialect } from './dialect.js';
import { cursorInvalid } from './errors.js';
import { instant, isDay } from './open-value.js';
import { bind, joinSql, raw, type Sql, sql } from './sql.js';
import type { Scalar, SqlType } from './sql-value.js';

/** One criterion of an order; nulls come last, whichever way it runs. */
export interface SortCriterion {
  readonly value: Scalar;
  readonly descending: boolean;
}

/** Where a page ended: the criteria's values of its last row, or, without a key, how many rows came before. */
export type Cursor = { readonly values: readonly unknown[] } | { readonly offset: number };

/** Names the query a cursor belongs to; another one refuses it. */
export function querySignature(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

export function writeCursor(signature: string, cursor: Cursor): string {
  const payload = 'offset' in cursor ? { q: signature, o: cursor.offset } : { q: signature, v: cursor.values };
  return Buffer.from(JSON.stringify(payload)).toString('base64url');
}

/** Reads and checks a cursor. Throws CURSOR_INVALID. */
export function readCursor(
  text: string,
  signature: string,
  criteria: readonly SortCriterion[] | undefined,
  dialect: SqlDialect,
): Cursor {
  const payload = parse(text);
  if (payload === undefined) throw cursorInvalid('it cannot be read');
  if (payload['q'] !== signature) throw cursorInvalid('it belongs to another query');
  const { o: offset, v: values } = payload;
  if (criteria === undefined) {
    if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0 && offset <= 1_000_000)
      return { offset };
    throw cursorInvalid('it holds no position');
  }
  if (!Array.isArray(values) || values.length !== criteria.length)
    throw cursorInvalid('it does not hold the values of the order');
  const checked = values.map((value: unknown, index) => {
    const criterion = criteria[index];
    const canonical = criterion === undefined ? undefined : checkedValue(criterion.value.type, dialect, value);
    if (canonical === undefined) throw cursorInvalid(`value ${index + 1} is of another type`);
    return canonical;
  });
  return { values: checked };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A value in the canonical form of the dialect, as the select gave it. */
function checkedValue(type: SqlType, dialect: SqlDialect, value: unknown): unknown {
  if (value === null) return null;
  switch (type) {
    case 'text':
      return typeof value === 'string' && !value.includes('\0') ? value : undefined;
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : undefined;
    case 'datetime': {
      const iso = instant(value);
      return iso === undefined ? undefined : dialect.instant(iso);
    }
    case 'boolean':
      return value === dialect.boolean(true) || value === dialect.boolean(false) ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'decimal':
      if (dialect.name === 'sqlite') return whole(value);
      return typeof value === 'string' && /^-?\d{1,100}(?:\.\d{1,100})?$/.test(value) ? value : undefined;
    case 'integer':
    case 'duration':
      return whole(value);
  }
}

function whole(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}

const PREFIX = '#after';

/** The cursor's values under the names that {@link afterSql} binds; no caller's parameter can have them, since they come last. */
export function cursorParameters(values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(values.map((value, index) => [`${PREFIX}${index}`, value]));
}

/** Holds for the rows behind a cursor. */
export function afterSql(criteria: readonly SortCriterion[], values: readonly unknown[], dialect: SqlDialect): Sql {
  const alternatives: Sql[] = [];
  const equals: Sql[] = [];
  for (const [index, { value, descending }] of criteria.entries()) {
    const bound = boundTo(value, index, dialect);
    const isNull = values[index] === null;
    // Behind a null comes nothing: nulls are last.
    if (!isNull) {
      const beyond = sql`${dialect.ordered(value)} ${raw(descending ? '<' : '>')} ${bound}`;
      const later = value.nullable ? sql`(${beyond} or ${value.sql} is null)` : beyond;
      alternatives.push(equals.length === 0 ? later : sql`(${joinSql([...equals, later], ' and ')})`);
    }
    equals.push(isNull ? sql`${value.sql} is null` : sql`${value.sql} = ${bound}`);
  }
  if (alternatives.length === 0) return raw('(1 = 0)');
  const behind = sql`(${joinSql(alternatives, ' or ')})`;
  const [first] = criteria;
  if (first === undefined || first.value.nullable || criteria.length === 1) return behind;
  // Follows from the others, and tells the database where in an index to begin.
  const from = sql`${dialect.ordered(first.value)} ${raw(first.descending ? '<=' : '>=')} ${boundTo(first.value, 0, dialect)}`;
  return sql`(${from} and ${behind})`;
}

function boundTo(value: Scalar, index: number, dialect: SqlDialect): Sql {
  return dialect.typed(value.type, bind({ kind: 'parameter', name: `${PREFIX}${index}`, encode: (given) => given }));
}

/** `order by` of the criteria. */
export function orderSql(criteria: readonly SortCriterion[], dialect: SqlDialect): Sql {
  const parts = criteria.map(({ value, descending }) => {
    const direction = descending ? 'desc' : 'asc';
    const ordered = dialect.ordered(value);
    return value.nullable ? dialect.nullsLast(ordered, direction) : sql`${ordered} ${raw(direction)}`;
  });
  return sql`order by ${joinSql(parts, ', ')}`;
}
