import type { Expression, Node } from '@caruso/expressions';
import type { SqlDialect } from './dialect.js';
import type { Column, ModelObject } from './model.js';
import { identifier, joinSql, raw, type Sql, sql } from './sql.js';
import type { Shape, SqlValue } from './sql-value.js';

/** Numbers the tables of one statement. */
export class Aliases {
  #next = 0;
  next(): string {
    return `t${this.#next++}`;
  }
}

/** A table in a statement, under an alias, with the to-one tables that were joined to it. */
export class Scope {
  readonly alias: string;
  readonly object: ModelObject;
  /** The table that joins hang on; of a joined table, the root of its select. */
  readonly root: Scope;
  readonly joins: Sql[] = [];
  readonly joined = new Map<string, Scope>();

  constructor(aliases: Aliases, object: ModelObject, root?: Scope) {
    this.alias = aliases.next();
    this.object = object;
    this.root = root ?? this;
  }

  /** `from "table" t0 left join ...` as far as joins are known now. */
  from(): Sql {
    const table = sql`from ${raw(tableName(this.object))} ${raw(this.alias)}`;
    return this.joins.length === 0 ? table : sql`${table} ${joinSql(this.joins, ' ')}`;
  }
}

export function tableName(object: ModelObject): string {
  return object.schema === undefined
    ? identifier(object.table)
    : `${identifier(object.schema)}.${identifier(object.table)}`;
}

/** Holds for rows that were not deleted; undefined where the rows of deleted records are not kept. */
export function liveRow({ object, alias }: Pick<Scope, 'object' | 'alias'>): Sql | undefined {
  return object.deletedColumn === undefined ? undefined : raw(`${alias}.${identifier(object.deletedColumn)} = ''`);
}

/** A condition on rows of a scope, and that they were not deleted. */
export function andLive(condition: Sql, scope: Pick<Scope, 'object' | 'alias'>): Sql {
  const live = liveRow(scope);
  return live === undefined ? condition : sql`${condition} and ${live}`;
}

/** Equality of columns of two tables, pairwise. */
export function linked(
  left: string,
  leftColumns: readonly Column[],
  right: string,
  rightColumns: readonly Column[],
): Sql {
  const pairs = leftColumns.map((column, index) => {
    const other = rightColumns[index]?.name ?? '';
    return raw(`${left}.${identifier(column.name)} = ${right}.${identifier(other)}`);
  });
  return joinSql(pairs, ' and ');
}

/** Where tables are, and what is known of the values that come with a query. */
export interface Site {
  readonly dialect: SqlDialect;
  readonly objects: ReadonlyMap<string, ModelObject>;
  /** Objects out of service, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /** The shape of a parameter of the query, undefined where there is none of that name. */
  parameter(name: string): Shape | undefined;
  /** The shape of an attribute of the user. */
  user(name: string): Shape;
  /** Conditions of which one must hold for a row of the object to be seen by the caller; undefined: all rows are seen. */
  rules(object: string): readonly Expression[] | undefined;
}

/** One place in a tree that is being translated: what its names mean there. */
export interface Frame {
  readonly site: Site;
  readonly aliases: Aliases;
  readonly scope: Scope;
  /** Names under which an expression speaks of the row itself. */
  readonly names: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, Scope>;
  /** Rows of other objects are only seen as far as the caller may. Rules and roll-ups see all. */
  readonly guarded: boolean;
  /** SQL that is true exactly where the node is true, else false or null. */
  truth(node: Node, frame: Frame): Sql;
  value(node: Node, frame: Frame): SqlValue;
}
