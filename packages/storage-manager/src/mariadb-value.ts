import { escape } from 'mysql2';

/** By code point, blanks at the end included, as on SQLite and under "C" on PostgreSQL. */
export const MARIADB_COLLATION = 'utf8mb4_nopad_bin';

/** A column of a row as the driver hands it over. */
interface Field {
  type: string;
  length: number;
  string(): string | null;
  buffer(): Buffer | null;
}

/** Values as SQLite and PostgreSQL give them: numbers that fit, instants as ISO UTC, text for all that a JavaScript value would bend. */
export function mariadbValue(field: Field, next: () => unknown): unknown {
  switch (field.type) {
    case 'DATETIME':
    case 'TIMESTAMP': {
      const text = field.string();
      return text === null ? null : isoInstant(text);
    }
    case 'NEWDECIMAL':
    case 'DECIMAL':
    case 'DATE':
    case 'NEWDATE':
    case 'TIME':
      return field.string();
    case 'BIT': {
      const bits = field.buffer();
      return bits === null ? null : Number(BigInt(`0x${bits.toString('hex') || '0'}`));
    }
    default:
      return next();
  }
}

/** '2026-01-05 09:30:00.5', which is UTC, as ISO with milliseconds; what is no instant (a legacy zero date) stays as it is. */
function isoInstant(text: string): string {
  const time = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

/** An ISO instant as a literal of MariaDB, which knows no zones. */
export function mariadbInstant(iso: string): string {
  return iso.replace('T', ' ').replace(/Z$/, '');
}

/** Literals and names stay as they are; `?` is the next value; `\?` and `\\` in a name or outside of quotes stand for themselves. */
const PARTS = /'(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`|"(?:[^"]|"")*"|\\[\\?]|\?/g;

/**
 * A statement's text with its values in it, escaped by the driver. Only single values are taken: what is an object or a list is refused,
 * since the driver would write it as several expressions.
 *
 * @example
 * mariadbText('select "really\\?" from t where a = ?', ["O'Hara"]); // select "really?" from t where a = 'O\'Hara'
 */
export function mariadbText(text: string, bindings: readonly unknown[]): string {
  let index = 0;
  return text.replace(PARTS, (part) => {
    if (part === '?') return literal(bindings[index++]);
    if (part.startsWith('\\')) return part.slice(1);
    return part.startsWith('"') ? part.replace(/\\([\\?])/g, '$1') : part;
  });
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return escape(mariadbInstant(value.toISOString()));
  // An empty X'' is a text of its own kind to some functions; as a cast it is what it says.
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return escape(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
  }
  throw new TypeError(
    `a statement was given ${Array.isArray(value) ? 'a list' : `a ${typeof value}`} where a single value belongs`,
  );
}
