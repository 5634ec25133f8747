import type { StorageApi } from '@caruso/storage-manager/contract';
import { rootFrame } from './condition.js';
import { readLegacyDate } from './date-format.js';
import { dialectOf, type SqlDialect } from './dialect.js';
import { encodeKeyParts } from './key.js';
import type { Attribute, Column, CompiledModel, ManyRelation, ModelObject } from './model.js';
import { storedAttributes } from './model.js';
import type { Frame, Site } from './scope.js';
import { identifier, raw, type Sql, sql } from './sql.js';
import { readTags } from './tags.js';
import { attributeValue } from './translate-path.js';

/** A row as a statement of ours gives it. */
export type Row = Record<string, unknown>;

/** Attributes that are wanted, and of references the attributes of what they lead to. */
export type Wanted = Map<string, Wanted>;

/** How rows of an object become values: made once for a set of attributes. */
export interface ReadPlan {
  readonly object: ModelObject;
  /** What follows `select`, for the table under alias t0. */
  readonly select: Sql;
  readonly stored: readonly { readonly name: string; readonly read: (row: Row) => unknown }[];
  /** Encoded keys of the row and of what leads back to it, for roll-ups of other databases. */
  readonly remote: readonly { readonly attribute: Attribute; readonly relation: ManyRelation }[];
  /** In an order in which each finds what it needs. */
  readonly formulas: readonly Attribute[];
  /** What formulas read through references. */
  readonly references: ReadonlyMap<string, ReadPlan>;
  /** References that formulas read through, to objects that are out of service. */
  readonly unreachable: readonly string[];
  /** Names of the selected columns that make up the version of a legacy row. */
  readonly hashed: readonly string[];
}

export interface PlanParts {
  model: CompiledModel;
  storage: Pick<StorageApi, 'decode' | 'dialect'>;
  site(object: ModelObject): Site;
}

/** Adds dotted paths to what is wanted. */
function wantPath(wanted: Wanted, path: readonly string[]): void {
  let level = wanted;
  for (const step of path) {
    let next = level.get(step);
    if (next === undefined) {
      next = new Map();
      level.set(step, next);
    }
    level = next;
  }
}

/** Plans the reading of attributes of one object. `whole` selects all stored columns, for versions. */
export function planReading(parts: PlanParts, object: ModelObject, wanted: Wanted, whole: boolean): ReadPlan {
  const frame = rootFrame(parts.site(object), object, false);
  const columns = new Map<string, string>();
  const selected: Sql[] = [];
  const select = (column: Column): string => {
    let alias = columns.get(column.name);
    if (alias === undefined) {
      alias = `c${columns.size}`;
      columns.set(column.name, alias);
      selected.push(raw(`t0.${identifier(column.name)} as ${alias}`));
    }
    return alias;
  };
  const stored: ReadPlan['stored'][number][] = [];
  const remote: ReadPlan['remote'][number][] = [];
  const formulas: Attribute[] = [];
  const needs = new Map<string, Wanted>();
  const done = new Set<string>();

  const take = (name: string, deeper: Wanted): void => {
    const attribute = object.attributes.get(name);
    if (attribute === undefined) return;
    if (attribute.to !== undefined && deeper.size > 0) mergeInto(needs, name, deeper);
    if (done.has(name)) return;
    done.add(name);
    if (attribute.kind === 'stored') {
      stored.push({ name, read: reader(parts, object, attribute, attribute.columns.map(select)) });
    } else if (attribute.kind === 'roll-up' && isRefused(parts.model, object, attribute)) {
      // Of rows that cannot be read nothing is known.
      stored.push({ name, read: () => null });
    } else if (attribute.kind === 'roll-up') {
      const local = localRollUp(frame, attribute);
      if (local === undefined) {
        const relation = object.relations.get(attribute.rollUp?.relation ?? '');
        if (relation !== undefined) remote.push({ attribute, relation });
        for (const key of object.key) take(key.name, new Map());
      } else {
        const alias = `r${selected.length}`;
        selected.push(sql`${local.sql} as ${raw(alias)}`);
        stored.push({ name, read: figureReader(parts, object, attribute, alias) });
      }
    } else {
      for (const path of attribute.formula?.dependencies ?? []) {
        const tree: Wanted = new Map();
        const [first = '', ...rest] = path.split('.');
        wantPath(tree, rest);
        const used = object.attributes.get(first);
        // a reference without further steps is compared with null: its key will do
        take(first, used?.to === undefined ? new Map() : tree);
        if (used?.to !== undefined) mergeInto(needs, first, tree);
      }
      if (attribute.formula !== undefined) formulas.push(attribute);
    }
  };
  for (const key of object.key) take(key.name, new Map());
  for (const [name, deeper] of wanted) take(name, deeper);
  const hashed =
    whole && !object.managed ? storedAttributes(object).flatMap((attribute) => attribute.columns.map(select)) : [];
  if (whole && object.deletedColumn !== undefined) selected.push(raw(`t0.${identifier(object.deletedColumn)} as d`));
  if (whole && object.versionColumn !== undefined) selected.push(raw(`t0.${identifier(object.versionColumn)} as v`));

  const references = new Map<string, ReadPlan>();
  const unreachable: string[] = [];
  for (const [name, deeper] of needs) {
    const target = parts.model.objects.get(object.attributes.get(name)?.to ?? '');
    if (target === undefined) continue;
    if (parts.model.refused.has(target.name)) unreachable.push(name);
    else references.set(name, planReading(parts, target, deeper, false));
  }
  const list = selected.length === 0 ? raw('1 as c0') : join(selected);
  return { object, select: list, stored, remote, formulas, references, unreachable, hashed: [...new Set(hashed)] };
}

function isRefused({ refused }: CompiledModel, object: ModelObject, attribute: Attribute): boolean {
  const relation = object.relations.get(attribute.rollUp?.relation ?? '');
  return refused.has(relation?.to ?? '') || refused.has(relation?.through?.junction.name ?? '');
}

function join(parts: readonly Sql[]): Sql {
  return parts.reduce((all, next) => sql`${all}, ${next}`);
}

function mergeInto(needs: Map<string, Wanted>, name: string, deeper: Wanted): void {
  const merge = (into: Wanted, from: Wanted): void => {
    for (const [step, rest] of from) {
      const there = into.get(step) ?? new Map();
      into.set(step, there);
      merge(there, rest);
    }
  };
  const known = needs.get(name) ?? new Map();
  needs.set(name, known);
  merge(known, deeper);
}

/** A roll-up as a subquery; undefined where its rows, or the links to them, are in another database. */
function localRollUp(frame: Frame, attribute: Attribute): { sql: Sql } | undefined {
  const { object } = frame.scope;
  const relation = object.relations.get(attribute.rollUp?.relation ?? '');
  const target = relation === undefined ? undefined : frame.site.objects.get(relation.to);
  if (target === undefined || target.database !== object.database) return undefined;
  const links = relation?.through?.junction.database ?? object.database;
  if (links !== object.database) return undefined;
  const value = attributeValue(attribute.rollUp?.where?.tree ?? NOTHING, frame, frame.scope, attribute);
  return { sql: value.kind === 'money' ? value.amount.sql : value.kind === 'scalar' ? value.sql : raw('null') };
}

const NOTHING = { kind: 'literal', value: null, type: 'null', offset: 0, length: 0 } as const;

/** Reads one attribute out of a row. */
function reader(
  parts: PlanParts,
  object: ModelObject,
  attribute: Attribute,
  aliases: readonly string[],
): (row: Row) => unknown {
  const { storage, model } = parts;
  const reads = attribute.columns.map((column, index) => columnReader(storage, object, column, aliases[index] ?? ''));
  const [first, second] = reads;
  if (first === undefined) return () => null;
  const target = attribute.to === undefined ? undefined : model.objects.get(attribute.to);
  if (target !== undefined)
    return (row) =>
      encodeKeyParts(
        model.objects,
        target,
        reads.map((read) => read(row)),
      );
  if (attribute.type === 'tags') return (row) => readTags(first(row));
  if (attribute.type !== 'money') return first;
  const { currency } = attribute;
  return (row) => {
    const amount = first(row);
    return amount === null
      ? null
      : { amount, currency: second === undefined ? currency : (second(row) ?? currency ?? '') };
  };
}

/** The wire value of one column. Plain texts and numbers need no decoding, which is most of a list. */
export function columnReader(
  storage: Pick<StorageApi, 'decode' | 'dialect'>,
  object: ModelObject,
  column: Column,
  alias: string,
): (row: Row) => unknown {
  const { database } = object;
  const { type, scale, format } = column;
  if (format !== undefined) return (row) => readLegacyDate(format, row[alias]);
  if (type === 'text') {
    return (row) => {
      const value = row[alias];
      return typeof value === 'string' ? value : storage.decode(database, type, value, scale);
    };
  }
  if (type === 'integer' || type === 'bigint') {
    return (row) => {
      const value = row[alias];
      return Number.isInteger(value) ? value : storage.decode(database, type, value, scale);
    };
  }
  return (row) => storage.decode(database, type, row[alias], scale);
}

/** A figure comes in the canonical form of its type: on SQLite decimals as whole units, whoever owns the table. */
function figureReader(
  parts: PlanParts,
  object: ModelObject,
  attribute: Attribute,
  alias: string,
): (row: Row) => unknown {
  return (row) => figureOf(dialectOf(parts.storage.dialect(object.database)), attribute, row[alias]);
}

export function figureOf(dialect: SqlDialect, attribute: Attribute, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (attribute.type === 'integer' || attribute.type === 'number')
    return typeof value === 'string' && attribute.type === 'number' ? Number(value) : value;
  const amount = dialect.wireDecimal(value, attribute.scale ?? 0);
  return attribute.type === 'money' ? { amount, currency: attribute.currency ?? '' } : amount;
}
