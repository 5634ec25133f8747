import { columnSql } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { attributeUnknown } from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { raw, sql } from './sql.js';
import { readTags } from './tags.js';

/** Different sets of tags that are looked through for those in use. */
const MOST_SETS = 2000;
const MOST_IN_USE = 100;

/** The tags that records the caller may see have, those in use most often first. */
export async function tagsInUse(
  engine: Engine,
  input: { object: string; attribute: string },
): Promise<{ tags: { tag: string; count: number }[] }> {
  const caller: Caller = engine.caller();
  const { object, access } = engine.object(caller, input.object);
  const tagged = [...object.attributes.values()].filter(
    ({ type, name }) => type === 'tags' && access.visible.has(name),
  );
  const column = tagged.find(({ name }) => name === input.attribute)?.columns[0];
  if (column === undefined)
    throw attributeUnknown(
      object.name,
      input.attribute.slice(0, 80),
      tagged.map(({ name }) => name),
      'list the tags of',
    );
  const frame = frameFor(engine, caller, object, {});
  const text = columnSql(frame.site.dialect, object.managed, frame.scope.alias, column);
  const filters = [sql`${text} is not null`, ...filterSql(caller, frame, access, {})];
  const statement = sql`select ${text} as tags, count(*) as n ${frame.scope.from()} ${whereAll(filters)} group by ${text} order by ${raw('2 desc')} limit ${MOST_SETS}`;
  const counts = new Map<string, number>();
  for (const row of await engine.rows(object, statement, engine.moment(caller)))
    for (const tag of readTags(row['tags'])) counts.set(tag, (counts.get(tag) ?? 0) + Number(row['n']));
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { tags: sorted.slice(0, MOST_IN_USE).map(([tag, count]) => ({ tag, count })) };
}
