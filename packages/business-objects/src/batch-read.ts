import type { ObjectRecord } from './contract.js';
import { columnIsOne } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { attributeUnknown } from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { find, readRecords, recordPlan } from './finder.js';
import { matchingKeys } from './key-match.js';
import type { Attribute, ModelObject } from './model.js';
import { encodeAs } from './open-value.js';
import { RowCheck } from './row-check.js';
import type { Frame } from './scope.js';
import { constant, joinSql, type Sql, sql } from './sql.js';
import { sqlTypeOf } from './sql-value.js';

type Values = Readonly<Record<string, unknown>>;

/** Values that one statement looks for. */
const CHUNK = 200;
/** Records of one statement for each tuple that is looked for; where there are more, each tuple is looked for alone. */
const MOST_EACH = 5;

/** For each row the records that the caller may see and that have its values in these attributes. */
export async function findBy(
  engine: Engine,
  name: string,
  attributes: readonly string[],
  rows: readonly Values[],
): Promise<{ values: unknown[] | null; records: ObjectRecord[] }[]> {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, name);
  const named = attributes.map((each) => {
    const attribute = access.visible.has(each) ? object.attributes.get(each) : undefined;
    if (attribute === undefined) throw attributeUnknown(name, each, [...access.visible], 'look for');
    return attribute;
  });
  const check = new RowCheck(engine, caller);
  const tuples = rows.map((row) => {
    const given = Object.fromEntries(attributes.map((each) => [each, row[each] ?? null]));
    const { values } = check.examined(object, given, {});
    const tuple = attributes.map((each) => values[each] ?? null);
    return tuple.includes(null) ? null : tuple;
  });
  const wanted = new Map(tuples.flatMap((tuple) => (tuple === null ? [] : [[JSON.stringify(tuple), tuple]])));
  const found = await byTuples(engine, caller, object, named, wanted);
  return tuples.map((values) => ({
    values,
    records: values === null ? [] : (found.get(JSON.stringify(values)) ?? []),
  }));
}

/** Records by the JSON of their tuple. */
async function byTuples(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  attributes: readonly Attribute[],
  wanted: ReadonlyMap<string, readonly unknown[]>,
): Promise<Map<string, ObjectRecord[]>> {
  const condition = (frame: Frame, some: readonly (readonly unknown[])[]): Sql | undefined => {
    const [only] = attributes;
    if (attributes.length === 1 && only !== undefined)
      return isOne(
        frame,
        only,
        some.map(([value]) => value),
      );
    const alternatives = some.flatMap((tuple) => {
      const parts = attributes.map((attribute, at) => isOne(frame, attribute, [tuple[at]]));
      return parts.every((part) => part !== undefined) ? [sql`(${joinSql(parts, ' and ')})`] : [];
    });
    return alternatives.length === 0 ? undefined : sql`(${joinSql(alternatives, ' or ')})`;
  };
  const names = attributes.map(({ name }) => name);
  const places = new Map<string, ObjectRecord[]>([...wanted.keys()].map((id) => [id, []]));
  const found = await recordsWhere(engine, caller, object, [...wanted.values()], condition, MOST_EACH);
  const strays = found.filter((record) => {
    const place = places.get(JSON.stringify(names.map((each) => record.values[each] ?? null)));
    place?.push(record);
    return place === undefined;
  });
  if (strays.length === 0 && found.length <= wanted.size * MOST_EACH) return places;
  // The database takes more for equal than we can tell, or very many are: each is asked for alone.
  const where = names.map((each, at) => `${each} = looked${at}`).join(' and ');
  for (const [id, tuple] of wanted) {
    const params = Object.fromEntries(tuple.map((value, at) => [`looked${at}`, value]));
    places.set(id, (await find(engine, { object: object.name, where, params, limit: MOST_EACH })).records);
  }
  return places;
}

/** Records that the caller may see and that meet a condition made of some values. */
async function recordsWhere<T>(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  values: readonly T[],
  condition: (frame: Frame, some: readonly T[]) => Sql | undefined,
  mostEach?: number,
): Promise<ObjectRecord[]> {
  const plan = recordPlan(engine, caller, object);
  const found: ObjectRecord[] = [];
  for (let from = 0; from < values.length; from += CHUNK) {
    const some = values.slice(from, from + CHUNK);
    const frame = frameFor(engine, caller, object, {});
    const where = condition(frame, some);
    if (where === undefined) continue;
    const filters = [where, ...filterSql(caller, frame, caller.access.of(object), {})];
    const limit = mostEach === undefined ? sql`` : sql` limit ${some.length * mostEach + 1}`;
    const statement = sql`select ${plan.select} ${frame.scope.from()} ${whereAll(filters)}${limit}`;
    const rows = await engine.rows(object, statement, engine.moment(caller));
    found.push(...(await readRecords(engine, caller, plan, rows)));
  }
  return found;
}

/** Whether an attribute has one of some values; undefined where none of them can be its. */
function isOne(frame: Frame, attribute: Attribute, values: readonly unknown[]): Sql | undefined {
  const { site, scope } = frame;
  const [column] = attribute.columns;
  const target = attribute.to === undefined ? undefined : site.objects.get(attribute.to);
  if (target !== undefined)
    return matchingKeys(
      frame,
      attribute.columns,
      target,
      values.filter((value) => typeof value === 'string'),
    );
  const type = column === undefined ? undefined : sqlTypeOf(column);
  if (column === undefined || type === undefined) return undefined;
  const amounts = attribute.type === 'money' ? values.map(amountOf) : values;
  const encoded = amounts
    .map((value) => encodeAs(type, site.dialect, column.scale ?? 0, value))
    .filter((value) => value !== undefined);
  if (encoded.length === 0) return undefined;
  const among = encoded.map((value) => site.dialect.typed(type, constant(value)));
  return columnIsOne(site.dialect, scope.object.managed, scope.alias, column, among);
}

function amountOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'amount' in value ? value.amount : undefined;
}
