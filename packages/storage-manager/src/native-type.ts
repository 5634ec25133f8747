import { DEFAULT_SCALE } from './codec.js';
import type { ColumnShape, ColumnType, Dialect } from './contract.js';

/** Longest text that MariaDB keeps in the row and takes into a key; a row of varchars holds 65 535 bytes. */
const MARIADB_SHORT = 255;
/** InnoDB's keys hold 3072 bytes, four for a character. */
const MARIADB_KEY = 700;

/**
 * How a managed column is declared.
 *
 * @param inKey whether it is part of the table's key or of a foreign key, which MariaDB makes of no long text
 */
export function nativeType(dialect: Dialect, column: ColumnShape, inKey = false): string {
  const { type, length } = column;
  if (dialect === 'mariadb') return mariadbNative(column, inKey);
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

function mariadbNative({ type, length, scale }: ColumnShape, inKey: boolean): string {
  switch (type) {
    case 'text':
      if (inKey) return `varchar(${Math.min(length ?? MARIADB_SHORT, MARIADB_KEY)})`;
      return length === undefined || length > MARIADB_SHORT ? 'longtext' : `varchar(${length})`;
    case 'integer':
    case 'bigint':
      return 'bigint';
    case 'number':
      return 'double';
    case 'decimal':
      return `decimal(${length ?? 18 + (scale ?? DEFAULT_SCALE)},${scale ?? DEFAULT_SCALE})`;
    case 'boolean':
      return 'tinyint(1)';
    case 'date':
      return 'date';
    case 'datetime':
      return 'datetime(3)';
    case 'json':
      return 'json';
    case 'binary':
      return 'longblob';
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
  const type = TYPES[dialect](word, native);
  if (type === 'text' && /^(ENUM|SET)$/.test(word)) return { type };
  if (type === 'text') return { type, ...(whole === undefined ? {} : { length: whole }) };
  if (type === 'decimal') {
    if (/MONEY|CURRENCY/.test(word)) return { type, scale: word === 'SMALLMONEY' || dialect === 'sqlite' ? 4 : 2 };
    // NUMERIC(10) is NUMERIC(10,0); NUMERIC alone says nothing.
    return { type, ...(whole === undefined ? {} : { length: whole, scale: fraction ?? 0 }) };
  }
  return { type };
}

const TYPES: Readonly<Record<Dialect, (word: string, native: string) => ColumnType>> = {
  sqlite: sqliteType,
  postgres: postgresType,
  mariadb: mariadbType,
};

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

function mariadbType(word: string, native: string): ColumnType {
  if (/^(tinyint|bit)\(1\)/i.test(native)) return 'boolean';
  if (/^(TINYINT|SMALLINT|MEDIUMINT|INT|YEAR|BIT)\b/.test(word)) return 'integer';
  if (/^BIGINT\b/.test(word)) return 'bigint';
  if (/^(FLOAT|DOUBLE)\b/.test(word)) return 'number';
  if (/^DECIMAL\b/.test(word)) return 'decimal';
  if (word === 'DATE') return 'date';
  if (/^(DATETIME|TIMESTAMP)$/.test(word)) return 'datetime';
  if (word === 'JSON') return 'json';
  if (/BLOB$|BINARY$/.test(word)) return 'binary';
  return 'text';
}

/** Whether a found column stores what the wanted one needs. */
export function sameStorage(dialect: Dialect, found: ColumnShape, wanted: ColumnShape): boolean {
  const native = columnType(dialect, nativeType(dialect, wanted));
  const width = (type: ColumnType): ColumnType => (type === 'bigint' ? 'integer' : type);
  if (width(found.type) !== width(native.type)) return false;
  if (found.type === 'decimal') return found.scale === native.scale;
  if (found.type !== 'text') return true;
  // On MariaDB a text that is, or once was, part of a key has another length than one that is not.
  const keyed = columnType(dialect, nativeType(dialect, wanted, true));
  return found.length === native.length || found.length === keyed.length;
}
