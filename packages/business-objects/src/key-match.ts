import { columnIsOne } from './dialect.js';
import { decodeKeyParts } from './key.js';
import type { Column, ModelObject } from './model.js';
import { encodeAs } from './open-value.js';
import type { Frame } from './scope.js';
import { constant, joinSql, type Sql, sql } from './sql.js';
import { sqlTypeOf } from './sql-value.js';

/**
 * Holds for rows of the frame's table whose `columns` hold one of these encoded keys of `keyed`; undefined where no key can be matched.
 */
export function matchingKeys(
  frame: Frame,
  columns: readonly Column[],
  keyed: ModelObject,
  keys: readonly string[],
  alias = frame.scope.alias,
): Sql | undefined {
  const { dialect, objects } = frame.site;
  const { scope } = frame;
  const tuples = keys.flatMap((key) => {
    const parts = decodeKeyParts(objects, keyed, key);
    if (parts === undefined) return [];
    const encoded = parts.map((part, index) => {
      const column = columns[index];
      const type = column === undefined ? undefined : sqlTypeOf(column);
      return type === undefined || column === undefined
        ? undefined
        : { type, value: encodeAs(type, dialect, column.scale ?? 0, part) };
    });
    return encoded.some((part) => part?.value === undefined) ? [] : [encoded];
  });
  if (tuples.length === 0) return undefined;
  const values = tuples.map((tuple) => tuple.map((part) => dialect.typed(part?.type ?? 'text', constant(part?.value))));
  const test = (column: Column, among: readonly Sql[]) =>
    columnIsOne(dialect, scope.object.managed, alias, column, among);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined)
    return test(
      only,
      values.map(([value]) => value ?? constant(null)),
    );
  const alternatives = values.map((tuple) => {
    const pairs = columns.map((column, index) => test(column, [tuple[index] ?? constant(null)]));
    return sql`(${joinSql(pairs, ' and ')})`;
  });
  return sql`(${joinSql(alternatives, ' or ')})`;
}
