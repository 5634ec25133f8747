import { rootFrame } from './condition.js';
import type { Caller, Engine } from './engine.js';
import { whereAll } from './find-statement.js';
import { encodeKeyParts } from './key.js';
import { matchingKeys } from './key-match.js';
import type { ManyRelation, ModelObject, Through } from './model.js';
import { columnReader } from './read-plan.js';
import { type Frame, Scope } from './scope.js';
import { identifier, joinSql, raw, type Sql, sql } from './sql.js';
import { linkFilters } from './translate-path.js';

const CHUNK = 200;

/** Links of some records as a table of pairs, each once: `k0…` hold the key of the record, `l0…` that of what it is linked to. */
export function linkPairs(
  frame: Frame,
  holder: ModelObject,
  through: Through,
  keys: readonly string[],
  others?: { readonly object: ModelObject; readonly keys: readonly string[] },
): Sql | undefined {
  const link = new Scope(frame.aliases, through.junction);
  const inner = { ...frame, scope: link };
  const near = matchingKeys(inner, through.from.columns, holder, keys, link.alias);
  const far =
    others === undefined ? undefined : matchingKeys(inner, through.to.columns, others.object, others.keys, link.alias);
  if (near === undefined || (others !== undefined && far === undefined)) return undefined;
  const columns = [
    ...through.from.columns.map(({ name }, index) => `${link.alias}.${identifier(name)} as k${index}`),
    ...through.to.columns.map(({ name }, index) => `${link.alias}.${identifier(name)} as l${index}`),
  ];
  const filters = [near, ...(far === undefined ? [] : [far]), ...linkFilters(inner, link)];
  return sql`select distinct ${raw(columns.join(', '))} ${link.from()} ${whereAll(filters)}`;
}

/** ` join (pairs) links on …` behind the table whose rows links lead to. */
export function joinPairs(pairs: Sql, { otherColumns }: ManyRelation, alias: string): Sql {
  const on = otherColumns.map(({ name }, index) => raw(`links.l${index} = ${alias}.${identifier(name)}`));
  return sql`join (${pairs}) links on ${joinSql(on, ' and ')}`;
}

/**
 * Keys that records are linked to, by the key of each, one statement for 200 records: for links that are in another database than what
 * they lead to.
 *
 * @param guarded only links that the caller may see
 * @param most links of all records together; one more tells that there are more
 */
export async function linkedKeys(
  engine: Engine,
  caller: Caller,
  holder: ModelObject,
  relation: ManyRelation & { readonly through: Through },
  keys: readonly string[],
  guarded: boolean,
  most?: number,
): Promise<Map<string, string[]>> {
  const { through } = relation;
  const { junction } = through;
  const { objects } = caller.state.model;
  const { storage } = engine.parts;
  const target = objects.get(relation.to);
  const found = new Map<string, string[]>();
  const reader = (letter: string) => (_: unknown, index: number) => {
    const column = (letter === 'k' ? through.from : through.to).columns[index];
    return column === undefined ? () => null : columnReader(storage, junction, column, `${letter}${index}`);
  };
  const near = through.from.columns.map(reader('k'));
  const far = through.to.columns.map(reader('l'));
  if (target === undefined) return found;
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = rootFrame(engine.site(caller, junction), junction, guarded);
    const pairs = linkPairs(frame, holder, through, keys.slice(from, from + CHUNK));
    if (pairs === undefined) continue;
    const limit = most === undefined ? sql`` : sql` limit ${most + 1}`;
    for (const row of await engine.rows(junction, sql`${pairs}${limit}`, engine.moment(caller))) {
      const read = (object: ModelObject, columns: typeof near) =>
        encodeKeyParts(
          objects,
          object,
          columns.map((each) => each(row)),
        );
      const [own, other] = [read(holder, near), read(target, far)];
      if (own === null || other === null) continue;
      const others = found.get(own);
      if (others === undefined) found.set(own, [other]);
      else others.push(other);
    }
  }
  return found;
}

/** Whether links are in the database of what they lead to, so that one statement reads both. */
export function isLinkedThere(through: Through, target: ModelObject): boolean {
  return through.junction.database === target.database;
}

/** A many-to-many relation. */
export function isLinked(relation: ManyRelation): relation is ManyRelation & { readonly through: Through } {
  return relation.through !== undefined;
}
