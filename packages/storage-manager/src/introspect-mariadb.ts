import { createHash } from 'node:crypto';
import type { ColumnShape, DatabaseSchema, ForeignKey, TableShape } from './contract.js';
import { COMPOSITE_NAME, parseDefault } from './ddl.js';
import { groupRows } from './group-rows.js';
import type { Read } from './introspect-sqlite.js';
import { columnType } from './native-type.js';
import { WORD_COLUMN } from './word-index.js';

const TABLES = `
  select t.table_name as name, t.table_type as kind, v.view_definition as definition
  from information_schema.tables t
  left join information_schema.views v on v.table_schema = t.table_schema and v.table_name = t.table_name
  where t.table_schema = database() and t.table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
  order by t.table_name`;

const COLUMNS = `
  select c.table_name as holder, c.column_name as name, c.column_type as native, c.is_nullable as nullable,
         c.column_default as by_default, c.extra as extra, c.collation_name as collation, c.character_set_name as charset, c.generation_expression as formula
  from information_schema.columns c where c.table_schema = database() order by c.table_name, c.ordinal_position`;

/** A column of type JSON is a long text with a check. */
const JSON_CHECKS = `
  select table_name as holder, check_clause as clause from information_schema.check_constraints
  where constraint_schema = database() and check_clause like 'json\\_valid(%' order by table_name, constraint_name`;

const INDEXES = `
  select s.table_name as holder, s.index_name as name, s.non_unique as others, s.column_name as \`column\`, s.sub_part as part,
         s.index_type as type
  from information_schema.statistics s where s.table_schema = database() order by s.table_name, s.index_name, s.seq_in_index`;

const FOREIGN_KEYS = `
  select k.table_name as holder, k.constraint_name as name, k.column_name as \`column\`, k.referenced_table_name as other,
         k.referenced_column_name as refers, r.delete_rule as on_delete, r.update_rule as on_update
  from information_schema.key_column_usage k
  join information_schema.referential_constraints r
    on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
  where k.table_schema = database() and k.referenced_table_schema = database()
  order by k.table_name, k.constraint_name, k.ordinal_position`;

type Rows = Record<string, unknown>[];

/** Reads the schema of a MariaDB database out of information_schema. */
export async function introspectMariadb(database: string, read: Read): Promise<DatabaseSchema> {
  const relations = await read(TABLES);
  const columns = groupRows(await read(COLUMNS), 'holder');
  const checks = groupRows(await read(JSON_CHECKS), 'holder');
  const indexes = groupRows(await read(INDEXES), 'holder');
  const foreignKeys = groupRows(await read(FOREIGN_KEYS), 'holder');
  const hash = createHash('sha256');
  const tables = relations.map((relation): TableShape => {
    const name = String(relation['name']);
    const ofTable = (rows: Map<string, Rows>): Rows => rows.get(name) ?? [];
    hash.update(JSON.stringify([relation, ofTable(columns), ofTable(checks), ofTable(indexes), ofTable(foreignKeys)]));
    const json = new Set(
      ofTable(checks).map((check) => /^json_valid\([`"](.+)[`"]\)$/i.exec(String(check['clause']))?.[1]),
    );
    const view = relation['kind'] === 'VIEW';
    const keys = grouped(ofTable(indexes));
    const whole = (rows: Rows): boolean => rows.every((row) => row['part'] === null);
    const searched = keys.filter(([, rows]) => rows[0]?.['type'] !== 'FULLTEXT' && rows[0]?.['type'] !== 'SPATIAL');
    const words = keys.some(([, rows]) => rows[0]?.['type'] === 'FULLTEXT' && columnsOf(rows).join() === WORD_COLUMN);
    const named = searched
      .map(([index, rows]) => ({ name: index, columns: columnsOf(rows) }))
      .filter((index) => COMPOSITE_NAME.test(index.name));
    const unique = (rows: Rows): boolean => Number(rows[0]?.['others']) === 0;
    return {
      name,
      kind: view ? 'view' : 'table',
      columns: ofTable(columns).map((row) => columnShape(row, json)),
      primaryKey: searched.filter(([index]) => index === 'PRIMARY').map(([, rows]) => columnsOf(rows))[0] ?? [],
      // Unique in its beginning is more than unique, so it is no key.
      uniques: searched
        .filter(([index, rows]) => index !== 'PRIMARY' && unique(rows) && whole(rows))
        .map(([, rows]) => columnsOf(rows)),
      indexes: searched.filter(([, rows]) => !unique(rows)).map(([, rows]) => columnsOf(rows)),
      ...(named.length === 0 ? {} : { named }),
      ...(words ? { words: WORD_COLUMN } : {}),
      foreignKeys: grouped(ofTable(foreignKeys)).map(([, rows]) => foreignKey(rows)),
    };
  });
  return { database, dialect: 'mariadb', tables, hash: hash.digest('hex') };
}

function grouped(rows: Rows): [string, Rows][] {
  return [...groupRows(rows, 'name')];
}

function columnsOf(rows: Rows): string[] {
  return rows.map((row) => String(row['column']));
}

/** Types we read, but do not write. */
const UNWRITTEN = /^(geometry|point|linestring|polygon|multi\w+|geometrycollection|set\(|bit\((?!1\)))/i;

/** `enum('a','it''s')` as its values. */
function enumValues(native: string): string[] {
  return [...native.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = '']) => value.replaceAll("''", "'"));
}

function narrowOf({ charset, collation }: Record<string, unknown>): Pick<ColumnShape, 'narrow'> {
  if (typeof charset !== 'string' || typeof collation !== 'string' || charset === 'utf8mb4') return {};
  return { narrow: { charset, collation } };
}

function columnShape(row: Record<string, unknown>, json: ReadonlySet<string | undefined>): ColumnShape {
  const name = String(row['name']);
  const native = json.has(name) ? 'json' : String(row['native']);
  const extra = String(row['extra']);
  const computed = typeof row['formula'] === 'string' || /GENERATED/i.test(extra);
  const byDefault = computed ? undefined : defaultOf(row['by_default'], native);
  return {
    name,
    ...columnType('mariadb', native),
    nativeType: native,
    nullable: row['nullable'] === 'YES',
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...narrowOf(row),
    ...(/^enum\(/i.test(native) ? { values: enumValues(native) } : {}),
    ...(UNWRITTEN.test(native) ? { writable: false as const } : {}),
    ...(computed
      ? { generated: 'computed' as const }
      : /auto_increment/i.test(extra)
        ? { generated: 'identity' as const }
        : {}),
  };
}

/** MariaDB writes a default as an expression: `'text'`, `12`, `NULL`, `current_timestamp()`. */
function defaultOf(text: unknown, native: string): string | number | boolean | undefined {
  if (typeof text !== 'string' || text === 'NULL') return undefined;
  const value = parseDefault(text.replaceAll('\\\\', '\\'));
  return columnType('mariadb', native).type === 'boolean' && typeof value === 'number' ? value !== 0 : value;
}

function foreignKey(rows: Rows): ForeignKey {
  return {
    columns: columnsOf(rows),
    references: { table: String(rows[0]?.['other']), columns: rows.map((row) => String(row['refers'])) },
  };
}
