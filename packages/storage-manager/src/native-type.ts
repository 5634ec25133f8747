import { DEFAULT_SCALE } from './codec.js';
import type { ColumnShape, ColumnType, Dialect } from './contract.js';

/** How a managed column is declared. */
export function nativeType(dialect: Dialect, column: ColumnShape): string {
  const { type, length } = column;
  if (dialect === 'sqlite') {
    switch (type) {
      case 'text':
        return length === undefined ? 'TEXT' : `VARCHAR(${length})`;
      case 'integer':
        return 'INTEGER';
      case 'bigint':
        return 'BIGINT';
      case 'number':
        return 'REAL';
      case 'decimal':
        // Contains INT, so its affinity is INTEGER: it sorts and sums exactly, and introspection reads the scale back.
        return `SCALEDINT(${column.scale ?? DEFAULT_SCALE})`;
      case 'boolean':
        return 'BOOLEAN';
      case 'date':
        return 'DATE';
      case 'datetime':
        return 'DATETIME';
      case 'json':
        return 'JSON';
      case 'binary':
        return 'BLOB';
    }
  }
  switch (type) {
    case 'text':
      return length === undefined ? 'text' : `varchar(${length})`;
    case 'integer':
    case 'bigint':
      return 'bigint';
    case 'number':
      return 'double precision';
    case 'decimal':
      return `numeric(${length ?? 18 + (column.scale ?? DEFAULT_SCALE)},${column.scale ?? DEFAULT_SCALE})`;
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'datetime':
      return 'timestamptz(3)';
    case 'json':
      return 'jsonb';
    case 'binary':
      return 'bytea';
  }
}

/** Our type for a declared one. SQLite takes any word; its own rules of affinity decide where ours do not. */
export function columnType(dialect: Dialect, native: string): Pick<ColumnShape, 'type' | 'length' | 'scale'> {
  const word = native.toUpperCase().replace(/\(.*$/, '').replace(/\[\]$/, '').trim();
  const [first, second] = (/\(([^)]*)\)/.exec(native)?.[1] ?? '').split(',').map((part) => Number.parseInt(part, 10));
  const whole = first !== undefined && Number.isSafeInteger(first) ? first : undefined;
  const fraction = second !== undefined && Number.isSafeInteger(second) ? second : undefined;
  if (native.endsWith('[]')) return { type: 'json' };
  if (word === 'SCALEDINT') return { type: 'decimal', ...(whole === undefined ? {} : { scale: whole }) };
  const type = dialect === 'sqlite' ? sqliteType(word) : postgresType(word);
  if (type === 'text') return { type, ...(whole === undefined ? {} : { length: whole }) };
  if (type === 'decimal') {
    if (/MONEY|CURRENCY/.test(word)) return { type, scale: word === 'SMALLMONEY' || dialect === 'sqlite' ? 4 : 2 };
    // NUMERIC(10) is NUMERIC(10,0); NUMERIC alone says nothing.
    return { type, ...(whole === undefined ? {} : { length: whole, scale: fraction ?? 0 }) };
  }
  return { type };
}

function sqliteType(word: string): ColumnType {
  if (/BOOL|^BIT$/.test(word)) return 'boolean';
  if (/DATETIME|TIMESTAMP/.test(word)) return 'datetime';
  if (word === 'DATE') return 'date';
  if (/JSON/.test(word)) return 'json';
  if (/BIGINT|INT8/.test(word)) return 'bigint';
  if (/INT/.test(word)) return 'integer';
  if (/CHAR|CLOB|TEXT|STRING/.test(word)) return 'text';
  if (/BLOB|BINARY|IMAGE/.test(word)) return 'binary';
  if (/REAL|FLOA|DOUB/.test(word)) return 'number';
  if (/DEC|NUM|MONEY|CURRENCY/.test(word)) return 'decimal';
  return 'text';
}

function postgresType(word: string): ColumnType {
  if (/^(SMALLINT|INTEGER)$/.test(word)) return 'integer';
  if (word === 'BIGINT') return 'bigint';
  if (/^(REAL|DOUBLE PRECISION)$/.test(word)) return 'number';
  if (/^(NUMERIC|MONEY)$/.test(word)) return 'decimal';
  if (word === 'BOOLEAN') return 'boolean';
  if (word === 'DATE') return 'date';
  if (word.startsWith('TIMESTAMP')) return 'datetime';
  if (/^JSONB?$/.test(word)) return 'json';
  if (word === 'BYTEA') return 'binary';
  return 'text';
}

/** Whether a found column stores what the wanted one needs. */
export function sameStorage(dialect: Dialect, found: ColumnShape, wanted: ColumnShape): boolean {
  const native = columnType(dialect, nativeType(dialect, wanted));
  const width = (type: ColumnType): ColumnType => (type === 'bigint' ? 'integer' : type);
  if (width(found.type) !== width(native.type)) return false;
  if (found.type === 'decimal') return found.scale === native.scale;
  return found.type !== 'text' || found.length === wanted.length;
}
