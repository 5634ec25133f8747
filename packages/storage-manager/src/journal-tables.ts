import type { ColumnShape, ColumnType, Dialect, TableShape } from './contract.js';

/** The tables the storage manager keeps in main, in the form of any wanted table. */

function column(name: string, type: ColumnType, options: Partial<ColumnShape> = {}): ColumnShape {
  return { name, type, nullable: false, ...options };
}

function table(
  name: string,
  columns: ColumnShape[],
  primaryKey: string[],
  indexes: string[][] = [],
  uniques: string[][] = [],
): TableShape {
  return { name, kind: 'table', columns, primaryKey, uniques, indexes, foreignKeys: [] };
}

export const ledgerTable = table(
  'caruso_migration',
  [
    column('id', 'text'),
    column('at', 'datetime'),
    column('database', 'text'),
    column('statement', 'text'),
    column('summary', 'text'),
    /** `begun` while a step runs on a database whose DDL commits by itself, then `done`. */
    column('state', 'text', { default: 'done', length: 10 }),
  ],
  ['id'],
);

/** MariaDB's locks outlive the unit of work, all but those of rows: a row for each name that `StorageApi.lock` was given. */
const lockTable = table('caruso_lock', [column('name', 'text')], ['name']);

/** What main holds of ours beside the ledger. */
export function ownTables(dialect: Dialect): TableShape[] {
  return [ledgerTable, ...journalTables, ...(dialect === 'mariadb' ? [lockTable] : [])];
}

const journalTables: TableShape[] = [
  table(
    'caruso_event',
    [
      column('seq', 'bigint', { generated: 'identity' }),
      column('id', 'text'),
      column('type', 'text'),
      column('subject_object', 'text', { nullable: true }),
      column('subject_key', 'text', { nullable: true }),
      column('at', 'datetime'),
      column('actor_kind', 'text'),
      column('actor_id', 'text'),
      column('call', 'text'),
      column('data', 'json'),
      column('changes', 'json'),
      column('audience', 'json'),
      column('process', 'text'),
    ],
    ['seq'],
    [
      ['subject_object', 'subject_key', 'seq'],
      ['type', 'seq'],
    ],
    [['id']],
  ),
  table(
    'caruso_cursor',
    [
      column('consumer', 'text'),
      column('seq', 'bigint'),
      column('attempts', 'integer', { default: 0 }),
      column('at', 'datetime'),
      column('holder', 'text', { nullable: true }),
      column('held_until', 'bigint', { default: 0 }),
    ],
    ['consumer'],
  ),
  table(
    'caruso_dead_letter',
    [
      column('id', 'text'),
      column('consumer', 'text'),
      column('seq', 'bigint'),
      column('error', 'text'),
      column('at', 'datetime'),
    ],
    ['id'],
    [['consumer', 'seq']],
  ),
  table('caruso_intent', [column('id', 'text'), column('at', 'text'), column('databases', 'text')], ['id']),
];
