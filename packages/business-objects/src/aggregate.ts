import { compile, type Expression } from '@caruso/expressions';
import { Decimal } from 'decimal.js';
import type { z } from 'zod';
import { rootFrame, translateCondition, translateValue } from './condition.js';
import { BusinessObjects } from './contract.js';
import { dialectOf, type SqlDialect } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { attributeUnsuitable, expressionRefused, parameterInvalid, tooManyGroups } from './errors.js';
import { filterSql, schemaFor, sortValues, whereAll } from './find-statement.js';
import { encodeKeyParts } from './key.js';
import type { ModelObject } from './model.js';
import { encodeAs } from './open-value.js';
import type { Row } from './read-plan.js';
import type { Frame } from './scope.js';
import { constant, joinSql, raw, type Sql, sql } from './sql.js';
import type { Scalar } from './sql-value.js';

type Input = z.output<(typeof BusinessObjects)['methods']['aggregate']['input']>;
type Figure = number | string | null;
interface AggregateRow {
  bucket?: number;
  by: Record<string, unknown>;
  measures: Record<string, Figure>;
}

const MOST_ROWS = 10_000;

interface MeasurePlan {
  readonly name: string;
  readonly columns: readonly Sql[];
  read(row: Row, prefix: string): Figure;
}

/** Counts, sums and averages over the rows a caller may see, in one statement. */
export async function aggregate(engine: Engine, input: Input): Promise<{ rows: AggregateRow[] }> {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, input.object);
  const params = input.params ?? {};
  const dialect = dialectOf(engine.parts.storage.dialect(object.database));
  const frame = rootFrame(engine.site(caller, object, params), object, true);
  const filters = filterSql(caller, frame, access, { where: input.where, params });
  const bucket =
    input.buckets === undefined
      ? undefined
      : bucketSql(frame, access, caller, input.buckets.attribute, input.buckets.bounds);
  if (bucket !== undefined) filters.push(bucket.within);
  const groups = input.by.map((path) => ({ path, values: sortValues(frame, access, caller, path) }));
  const measures = input.measures.map((measure) => planMeasure(caller, frame, object, params, measure));

  const keys: Sql[] = [
    ...(bucket === undefined ? [] : [bucket.index]),
    ...groups.flatMap(({ values }) => values.map((value) => dialect.ordered(value))),
  ];
  const selected = keys.map((key, index) => sql`${key} as ${raw(`g${index}`)}`);
  for (const [index, measure] of measures.entries()) {
    for (const [part, column] of measure.columns.entries())
      selected.push(sql`${column} as ${raw(`m${index}_${part}`)}`);
  }
  const places = keys.map((_, index) => raw(String(index + 1)));
  const grouping =
    places.length === 0
      ? sql``
      : sql`group by ${joinSql(places, ', ')} order by ${joinSql(
          keys.map((_, index) => dialect.nullsLast(raw(`g${index}`), 'asc')),
          ', ',
        )}`;
  const statement = sql`select ${joinSql(selected, ', ')} ${frame.scope.from()} ${whereAll(filters)} ${grouping} limit ${MOST_ROWS + 1}`;
  const rows = await engine.rows(object, statement, engine.moment(caller, params));
  if (rows.length > MOST_ROWS) throw tooManyGroups(object.name, MOST_ROWS);
  return {
    rows: rows.map((row) => {
      let place = bucket === undefined ? 0 : 1;
      const by: Record<string, unknown> = {};
      for (const { path, values } of groups) {
        const parts = values.map((value) => wire(dialect, value, row[`g${place++}`]));
        by[path] = reference(caller, object, path, parts) ?? parts[0];
      }
      const figures = Object.fromEntries(
        measures.map((measure, index) => [measure.name, measure.read(row, `m${index}_`)]),
      );
      return { ...(bucket === undefined ? {} : { bucket: Number(row['g0']) }), by, measures: figures };
    }),
  };
}

/** A canonical value as the wire has it. */
function wire(dialect: SqlDialect, value: Scalar, stored: unknown): unknown {
  if (stored === null || stored === undefined) return null;
  if (value.type === 'boolean') return stored === true || stored === 1;
  if (value.type === 'decimal') return dialect.wireDecimal(stored, value.scale);
  return stored;
}

/** Where a path ends in a reference, its key; undefined elsewhere. */
function reference(
  caller: Caller,
  object: ModelObject,
  path: string,
  parts: readonly unknown[],
): string | null | undefined {
  const { objects } = caller.state.model;
  let at: ModelObject | undefined = object;
  let to: string | undefined;
  for (const step of path.split('.')) {
    to = at?.attributes.get(step)?.to;
    at = to === undefined ? undefined : objects.get(to);
  }
  return at === undefined ? undefined : encodeKeyParts(objects, at, parts);
}

/** The bucket of a row by binary search in SQL, so that many buckets cost few comparisons. */
function bucketSql(
  frame: Frame,
  access: Parameters<typeof sortValues>[1],
  caller: Caller,
  attribute: string,
  bounds: readonly string[],
) {
  const { dialect } = frame.site;
  const [value] = sortValues(frame, access, caller, attribute);
  if (value?.type !== 'datetime')
    throw attributeUnsuitable(frame.scope.object.name, attribute, 'be divided into buckets', 'it is no datetime');
  const moments = bounds.map((bound, index) => {
    const encoded = encodeAs('datetime', dialect, 0, bound);
    if (typeof encoded !== 'string') throw parameterInvalid(`bounds[${index}]`, 'should be ISO text with a zone');
    if (index > 0 && Date.parse(encoded) <= Date.parse(bounds[index - 1] ?? ''))
      throw parameterInvalid(`bounds[${index}]`, 'should be later than the one before');
    return encoded;
  });
  const bound = (index: number) => dialect.typed('datetime', constant(moments[index]));
  const search = (low: number, high: number): Sql => {
    if (high - low === 1) return raw(String(low));
    const middle = (low + high) >> 1;
    return sql`case when ${value.sql} < ${bound(middle)} then ${search(low, middle)} else ${search(middle, high)} end`;
  };
  const last = moments.length - 1;
  return { index: search(0, last), within: sql`${value.sql} >= ${bound(0)} and ${value.sql} < ${bound(last)}` };
}

function planMeasure(
  caller: Caller,
  frame: Frame,
  object: ModelObject,
  params: Readonly<Record<string, unknown>>,
  measure: Input['measures'][number],
): MeasurePlan {
  const { dialect } = frame.site;
  const condition = measure.where === undefined ? undefined : conditionOf(caller, frame, object, params, measure.where);
  const only = (value: Sql): Sql => (condition === undefined ? value : sql`case when ${condition} then ${value} end`);
  if (measure.kind === 'count' && measure.of === undefined) {
    return {
      name: measure.name,
      columns: [sql`count(${only(raw('1'))})`],
      read: (row, prefix) => Number(row[`${prefix}0`]),
    };
  }
  if (measure.of === undefined) throw parameterInvalid(`measures.${measure.name}`, `is ${measure.kind} and needs 'of'`);
  const value = valueOf(caller, frame, object, params, measure.of);
  const figure = (stored: unknown): Figure => {
    const found = wire(dialect, value, stored);
    if (found === null || typeof found === 'string')
      return value.type === 'integer' || value.type === 'duration' ? exactInteger(found) : found;
    return typeof found === 'number' ? found : String(found);
  };
  const text = only(value.sql);
  switch (measure.kind) {
    case 'count':
      return { name: measure.name, columns: [sql`count(${text})`], read: (row, prefix) => Number(row[`${prefix}0`]) };
    case 'min':
    case 'max': {
      const ordered = dialect.ordered({ ...value, sql: text });
      const column = value.type === 'boolean' ? sql`null` : sql`${raw(measure.kind)}(${ordered})`;
      return { name: measure.name, columns: [column], read: (row, prefix) => figure(row[`${prefix}0`]) };
    }
    case 'sum':
    case 'average':
      if (!['integer', 'decimal', 'number', 'duration'].includes(value.type)) {
        throw attributeUnsuitable(object.name, measure.of, `be taken the ${measure.kind} of`, `it is ${value.type}`);
      }
      if (measure.kind === 'sum') {
        return {
          name: measure.name,
          columns: [sql`coalesce(sum(${text}), 0)`],
          read: (row, prefix) => total(value, figure(row[`${prefix}0`])),
        };
      }
      return {
        name: measure.name,
        columns: [sql`sum(${text})`, sql`count(${text})`],
        read: (row, prefix) => quotient(value, figure(row[`${prefix}0`]), Number(row[`${prefix}1`])),
      };
  }
}

function exactInteger(value: string | null): Figure {
  if (value === null) return null;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Decimals with the places they have, so that both databases write 0 alike. */
function total(value: Scalar, figure: Figure): Figure {
  return value.type === 'decimal' && figure !== null ? new Decimal(figure).toFixed(value.scale) : figure;
}

/** Sum over count, exactly; an average of nothing is unknown. */
function quotient(value: Scalar, sum: Figure, count: number): Figure {
  if (sum === null || count === 0) return null;
  const average = new Decimal(sum).div(count);
  return value.type === 'decimal' ? average.toFixed(value.scale + 4) : average.toNumber();
}

function compiled(
  caller: Caller,
  object: ModelObject,
  params: Readonly<Record<string, unknown>>,
  source: string,
  condition: boolean,
): Expression {
  const result = compile(source, schemaFor(caller, object, params), condition ? { expects: 'boolean' } : {});
  if (!result.ok) throw expressionRefused(`the measure over ${object.labelPlural}`, source, result.faults);
  return result.expression;
}

function conditionOf(
  caller: Caller,
  frame: Frame,
  object: ModelObject,
  params: Readonly<Record<string, unknown>>,
  where: string,
): Sql {
  const translated = translateCondition(compiled(caller, object, params, where, true), frame);
  if ('fault' in translated)
    throw expressionRefused(`the measure over ${object.labelPlural}`, where, [translated.fault]);
  return translated.sql;
}

function valueOf(
  caller: Caller,
  frame: Frame,
  object: ModelObject,
  params: Readonly<Record<string, unknown>>,
  of: string,
): Scalar {
  const translated = translateValue(compiled(caller, object, params, of, false), frame);
  if ('fault' in translated) throw expressionRefused(`the measure over ${object.labelPlural}`, of, [translated.fault]);
  const value = translated.sql.kind === 'money' ? translated.sql.amount : translated.sql;
  if (value.kind === 'scalar') return value;
  throw attributeUnsuitable(object.name, of, 'be measured', 'it is no single value');
}
