import type { ColumnShape, ColumnType, StorageApi, TableShape } from '@caruso/storage-manager/contract';

function column(name: string, type: ColumnType, nullable = false): ColumnShape {
  return { name, type, nullable };
}

function table(name: string, columns: ColumnShape[], primaryKey: string, indexes: string[][] = []): TableShape {
  return { name, kind: 'table', columns, primaryKey: [primaryKey], uniques: [], indexes, foreignKeys: [] };
}

/**
 * Users and sessions are no business objects: what holds password hashes can be reached through no query of the model.
 */
const tables: TableShape[] = [
  table(
    'caruso_user',
    [
      { ...column('sign_in', 'text'), length: 60 },
      column('name', 'text'),
      column('email', 'text', true),
      column('roles', 'json'),
      column('attributes', 'json'),
      column('active', 'boolean'),
      column('password', 'text'),
      column('changed_at', 'datetime'),
    ],
    'sign_in',
  ),
  table(
    'caruso_session',
    [
      // Of the token only its SHA-256 is kept: who reads the database cannot use a session of it.
      { ...column('token_hash', 'text'), length: 64 },
      { ...column('sign_in', 'text'), length: 60 },
      column('opened_at', 'datetime'),
      column('expires_at', 'datetime'),
    ],
    'token_hash',
    [['sign_in'], ['expires_at']],
  ),
];

/** Makes the tables where they are missing. */
export async function ensureTables(storage: StorageApi): Promise<void> {
  await storage.migrate(await storage.plan('main', tables));
}
