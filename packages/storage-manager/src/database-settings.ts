import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { Dialect } from './contract.js';
import { databaseMisdeclared, databaseUrlInvalid } from './errors.js';

/** One entry under `databases:`; a plain url is a managed database. */
export const DatabaseDeclaration = z.union([
  z.string(),
  z.strictObject({
    url: z.string(),
    managed: z.boolean().default(true),
    /** Connections at most, of a server. */
    pool: z.number().int().min(1).max(200).optional(),
  }),
]);
export type DatabaseDeclaration = z.input<typeof DatabaseDeclaration>;

/** A declaration, resolved. */
export interface DatabaseSettings {
  name: string;
  dialect: Dialect;
  managed: boolean;
  /** SQLite: a file or `:memory:`. PostgreSQL: the url without `schema`. MariaDB: the url. */
  location: string;
  /** PostgreSQL: the schema that holds the tables; the server's default where absent. Of others' databases a list, `sales,archive`. */
  schema: string | undefined;
  pool: number;
  /** For people; holds no password. */
  where: string;
}

/** Resolves `databases:`; throws DATABASE_URL_INVALID, DATABASE_MAIN_MISSING. */
export function resolveDatabases(declared: Record<string, DatabaseDeclaration>, folder: string): DatabaseSettings[] {
  const settings = Object.entries(declared).map(([name, entry]) => resolveDatabase(name, entry, folder));
  if (!settings.some((database) => database.name === 'main' && database.managed)) {
    throw databaseMisdeclared(settings.map((database) => database.name));
  }
  return settings;
}

function resolveDatabase(name: string, entry: DatabaseDeclaration, folder: string): DatabaseSettings {
  const { url, managed = true, pool = 10 } = typeof entry === 'string' ? { url: entry } : entry;
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path === '') throw databaseUrlInvalid(name, 'it names no file');
    const location = path === ':memory:' || isAbsolute(path) ? path : resolve(folder, path);
    return { name, dialect: 'sqlite', managed, location, schema: undefined, pool: 1, where: location };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    if (!URL.canParse(url)) throw databaseUrlInvalid(name, 'it is not a well-formed url');
    const parsed = new URL(url);
    const schema = parsed.searchParams.get('schema') ?? undefined;
    parsed.searchParams.delete('schema');
    if (schema !== undefined && !/^[A-Za-z_]\w{0,62}(?:,[A-Za-z_]\w{0,62}){0,15}$/.test(schema))
      throw databaseUrlInvalid(name, 'its schema is no plain name, and no list of them');
    if (managed && schema?.includes(',') === true) {
      throw databaseUrlInvalid(name, 'Caruso keeps its tables in one schema');
    }
    const where = `${parsed.hostname}:${parsed.port === '' ? '5432' : parsed.port}${parsed.pathname}${schema === undefined ? '' : ` schema ${schema}`}`;
    return { name, dialect: 'postgres', managed, location: parsed.href, schema, pool, where };
  }
  if (/^(mariadb|mysql):\/\//.test(url)) {
    if (!URL.canParse(url)) throw databaseUrlInvalid(name, 'it is not a well-formed url');
    const parsed = new URL(url);
    if (parsed.pathname.length < 2) throw databaseUrlInvalid(name, 'it names no database');
    const where = `${parsed.hostname}:${parsed.port === '' ? '3306' : parsed.port}${parsed.pathname}`;
    // A second one watches over the first (see event-horizon.ts).
    return {
      name,
      dialect: 'mariadb',
      managed,
      location: parsed.href,
      schema: undefined,
      pool: Math.max(pool, 2),
      where,
    };
  }
  // The url itself may hold a password, so only its scheme is shown.
  throw databaseUrlInvalid(name, `'${/^[a-z0-9+]*/i.exec(url)?.[0] ?? ''}:' is not known`);
}

/** Makes the folder of a managed SQLite file. */
export function prepareFolder(settings: DatabaseSettings): void {
  if (settings.dialect === 'sqlite' && settings.managed && settings.location !== ':memory:') {
    mkdirSync(dirname(settings.location), { recursive: true });
  }
}
