import { createHash } from 'node:crypto';
import type { ColumnShape, DatabaseSchema, ForeignKey, TableShape } from './contract.js';
import { COMPOSITE_NAME, parseDefault } from './ddl.js';
import { groupRows } from './group-rows.js';
import type { Read } from './introspect-sqlite.js';
import { columnType } from './native-type.js';
import { WORD_COLUMN } from './word-index.js';

const RELATIONS = `
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
         n.nspname = current_schema() as here, case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any(current_schemas(false)) and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
  order by n.nspname, c.relname`;

const COLUMNS = `
  select a.attrelid::text as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as native, not a.attnotnull as nullable,
         pg_get_expr(d.adbin, d.adrelid) as by_default, a.attidentity <> '' as identity, a.attgenerated <> '' as computed,
         y.typtype::text as kind,
         (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = a.atttypid) as labels
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  join pg_type y on y.oid = a.atttypid
  join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and n.nspname = any(current_schemas(false)) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  order by a.attrelid, a.attnum`;

const INDEXES = `
  select i.indrelid::text as oid, ic.relname as name, i.indisunique as "unique", i.indisprimary as "primary",
         pg_get_indexdef(i.indexrelid) as definition, i.indpred is null and i.indexprs is null as plain,
         (select json_agg(a.attname order by k.place) from unnest(i.indkey::int[]) with ordinality k(attnum, place)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.place <= i.indnkeyatts) as columns
  from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any(current_schemas(false)) order by i.indrelid, ic.relname`;

const FOREIGN_KEYS = `
  select k.conrelid::text as oid, k.conname as name, o.relname as other, nullif(m.nspname, current_schema()) as other_schema, pg_get_constraintdef(k.oid) as definition,
         (select json_agg(a.attname order by p.place) from unnest(k.conkey) with ordinality p(attnum, place)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.attnum) as columns,
         (select json_agg(a.attname order by p.place) from unnest(k.confkey) with ordinality p(attnum, place)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.attnum) as refers
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class o on o.oid = k.confrelid join pg_namespace m on m.oid = o.relnamespace
  where k.contype = 'f' and n.nspname = any(current_schemas(false)) order by k.conrelid, k.conname`;

/** Reads the schemas of a PostgreSQL database that are on the search path out of its catalogue. */
export async function introspectPostgres(database: string, read: Read): Promise<DatabaseSchema> {
  const relations = await read(RELATIONS);
  const columns = groupRows(await read(COLUMNS), 'oid');
  const indexes = groupRows(await read(INDEXES), 'oid');
  const foreignKeys = groupRows(await read(FOREIGN_KEYS), 'oid');
  const hash = createHash('sha256');
  const tables = relations.map((relation): TableShape => {
    const oid = String(relation['oid']);
    const ofTable = (rows: Map<string, Record<string, unknown>[]>): Record<string, unknown>[] => rows.get(oid) ?? [];
    // Object ids differ from server to server; all else is the definition.
    const { oid: _, ...definition } = relation;
    hash.update(
      JSON.stringify([definition, ofTable(columns), ofTable(indexes), ofTable(foreignKeys)], (key, value: unknown) =>
        key === 'oid' ? undefined : value,
      ),
    );
    const plain = ofTable(indexes).filter((index) => index['plain'] === true);
    const columnsOf = (wanted: (index: Record<string, unknown>) => boolean): string[][] =>
      plain.filter(wanted).map((index) => names(index['columns']));
    const words = ofTable(indexes).some((index) =>
      String(index['definition']).includes(`USING gin (to_tsvector('simple'::regconfig, ${WORD_COLUMN}))`),
    );
    const named = plain
      .map((index) => ({ name: String(index['name']), columns: names(index['columns']) }))
      .filter(({ name }) => COMPOSITE_NAME.test(name));
    return {
      name: String(relation['name']),
      ...(relation['here'] === true ? {} : { schema: String(relation['schema']) }),
      kind: relation['kind'] === 'v' || relation['kind'] === 'm' ? 'view' : 'table',
      columns: ofTable(columns).map(columnShape),
      primaryKey: columnsOf((index) => index['primary'] === true)[0] ?? [],
      uniques: columnsOf((index) => index['unique'] === true && index['primary'] !== true),
      indexes: columnsOf((index) => index['unique'] !== true),
      ...(named.length === 0 ? {} : { named }),
      ...(words ? { words: WORD_COLUMN } : {}),
      foreignKeys: ofTable(foreignKeys).map(foreignKey),
    };
  });
  return { database, dialect: 'postgres', tables, hash: hash.digest('hex') };
}

/** A JSON list of names, which the adapter hands on as text. */
function names(json: unknown): string[] {
  return typeof json === 'string' ? (JSON.parse(json) as string[]) : [];
}

/** Types whose values we write. All else (arrays, tsvector, ranges, intervals, domains, types of extensions) is read only. */
const WRITTEN =
  /^(smallint|integer|bigint|real|double precision|numeric(\(.*\))?|boolean|date|timestamp(\(\d\))? with(out)? time zone|jsonb?|bytea|text|character varying(\(\d+\))?|character\(\d+\)|name|uuid|citext)$/;

function columnShape(row: Record<string, unknown>): ColumnShape {
  const native = String(row['native']);
  const source = typeof row['by_default'] === 'string' ? row['by_default'] : undefined;
  const computed = row['computed'] === true;
  const identity = row['identity'] === true || (!computed && source?.startsWith('nextval(') === true);
  const byDefault = computed ? undefined : parseDefault(source);
  return {
    name: String(row['name']),
    ...columnType('postgres', native.replace('character varying', 'varchar')),
    nativeType: native,
    nullable: row['nullable'] === true,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(typeof row['labels'] === 'string' ? { values: names(row['labels']) } : {}),
    ...(row['kind'] === 'e' || WRITTEN.test(native) ? {} : { writable: false as const }),
    ...(computed ? { generated: 'computed' as const } : identity ? { generated: 'identity' as const } : {}),
  };
}

function foreignKey(row: Record<string, unknown>): ForeignKey {
  const schema = row['other_schema'];
  const references = {
    table: String(row['other']),
    ...(typeof schema === 'string' ? { schema } : {}),
    columns: names(row['refers']),
  };
  return { columns: names(row['columns']), references };
}
