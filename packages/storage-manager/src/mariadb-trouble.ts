import { driverError, type Trouble } from './adapter.js';
import type { ViolationDetails } from './errors.js';

type Kind = ViolationDetails['kind'];

/** Numbers of MariaDB's errors that say a constraint does not hold. */
const CONSTRAINTS: Readonly<Record<number, Kind>> = {
  1062: 'unique',
  1451: 'foreign key',
  1452: 'foreign key',
  1048: 'required',
  1364: 'required',
  4025: 'check',
  // A value that does not fit its column: too long, out of range, of the wrong form.
  1406: 'check',
  1264: 'check',
  1292: 'check',
  1366: 'check',
};

/** A view, or a column of one, that cannot be changed, inserted into or deleted from. */
const VIEWS = new Set([1288, 1348, 1393, 1394, 1395, 1423, 1443, 1471]);

/** Lock wait, deadlock, statement time, and our own of the pool. */
const TIMEOUTS = new Set([1205, 1213, 1969, 3024]);

/** Access denied, unknown database, too many connections, shutdown, killed. */
const UNREACHABLE = new Set([1040, 1044, 1045, 1049, 1053, 1129, 1130, 1203, 1226, 1698, 1927, 2002, 2003, 2006, 2013]);

/** What kind of trouble an error of mysql2 is. */
export function classifyMariadb(error: unknown): Trouble {
  const { code, message: reason, fields } = driverError(error);
  const number = typeof fields['errno'] === 'number' ? fields['errno'] : 0;
  const kind = CONSTRAINTS[number];
  if (kind !== undefined) return { kind: 'constraint', details: { kind, ...placeOf(reason, fields) } };
  if (TIMEOUTS.has(number) || code === 'POOL_TIMEOUT') return { kind: 'timeout', reason };
  if (
    UNREACHABLE.has(number) ||
    fields['fatal'] === true ||
    code === 'SERVER_UNSUITABLE' ||
    (/^(E[A-Z]+$|PROTOCOL_)/.test(code) && !code.startsWith('ER_')) ||
    /closed state|Pool is closed/.test(reason)
  ) {
    return { kind: 'unreachable', reason: reason === '' ? (code === '' ? 'no answer' : code) : reason };
  }
  if (VIEWS.has(number)) return { kind: 'view', reason };
  // It would quote the statement from there on, values and all.
  return { kind: 'failed', reason: number === 1064 ? 'the statement has an error of syntax' : reason };
}

/** Names stand between backticks, or, with ANSI_QUOTES, between double quotes. */
const FOREIGN = /[`"]([^`"]*)[`"], CONSTRAINT [`"]([^`"]*)[`"] FOREIGN KEY \(([^)]*)\)/;
const CHECK = /CONSTRAINT [`"]([^`"]*)[`"] failed for (?:[`"][^`"]*[`"]\.)?[`"]([^`"]*)[`"]/;
const COLUMN = /(?:[Cc]olumn|Field) (?:[`"][^`"]*[`"]\.)*['`"]([^'`"]*)['`"]/;

function placeOf(
  reason: string,
  fields: Record<string, unknown>,
): { table?: string | undefined; columns?: string[] | undefined; constraint?: string | undefined } {
  const { table, columns } = fields;
  if (typeof table === 'string' && Array.isArray(columns))
    return { table, columns: columns.map(String), constraint: /for key '(.+)'$/.exec(reason)?.[1] };
  const foreign = FOREIGN.exec(reason);
  if (foreign !== null) {
    const named = foreign[3]?.split(',').map((name) => name.trim().slice(1, -1));
    return { table: foreign[1], columns: named, constraint: foreign[2] };
  }
  const check = CHECK.exec(reason);
  if (check !== null) return { table: check[2], constraint: check[1] };
  const column = COLUMN.exec(reason)?.[1];
  return column === undefined ? {} : { columns: [column] };
}
