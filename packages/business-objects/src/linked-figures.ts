import { Decimal } from 'decimal.js';
import { rootFrame } from './condition.js';
import { dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { encodeKeyParts } from './key.js';
import { matchingKeys } from './key-match.js';
import { linkedKeys } from './links.js';
import type { Attribute, ManyRelation, ModelObject, Through } from './model.js';
import { columnReader, figureOf } from './read-plan.js';
import { andLive } from './scope.js';
import { identifier, raw, sql } from './sql.js';
import { rollUpFigure } from './translate-path.js';

const CHUNK = 200;
const NOWHERE = { kind: 'literal', value: null, type: 'null', offset: 0, length: 0 } as const;

/**
 * A roll-up over links that are in another database than what they lead to: the links of all records, the figure of each that they lead
 * to, and their totals here. By the key of the record; whoever may see them.
 */
export async function linkedFigures(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  target: ModelObject,
  attribute: Attribute,
  relation: ManyRelation & { readonly through: Through },
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  const links = await linkedKeys(engine, caller, object, relation, keys, false);
  const each = await figuresByKey(engine, caller, target, attribute, relation.name, [
    ...new Set([...links.values()].flat()),
  ]);
  const { storage } = engine.parts;
  const none = figureOf(dialectOf(storage.dialect(target.database)), attribute, attribute.type === 'number' ? 0 : '0');
  const figures = new Map<string, unknown>();
  for (const key of keys) {
    const parts = (links.get(key) ?? []).filter((other) => each.has(other)).map((other) => each.get(other));
    const [first, ...rest] = parts.length > 0 ? parts : [attribute.type === 'integer' ? 0 : none];
    figures.set(
      key,
      rest.reduce((total, part) => plus(total, part, attribute), first),
    );
  }
  return figures;
}

async function figuresByKey(
  engine: Engine,
  caller: Caller,
  target: ModelObject,
  attribute: Attribute,
  name: string,
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  const { storage } = engine.parts;
  const { objects } = caller.state.model;
  const where = attribute.rollUp?.where;
  const figures = new Map<string, unknown>();
  const columns = target.keyColumns.map((column) => `t0.${identifier(column.name)}`);
  const aliased = raw(columns.map((column, index) => `${column} as k${index}`).join(', '));
  const reads = target.keyColumns.map((column, index) => columnReader(storage, target, column, `k${index}`));
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = { ...rootFrame(engine.site(caller, target), target, false), names: new Set([name]) };
    const figure = rollUpFigure(NOWHERE, frame, attribute);
    const matching = matchingKeys(frame, target.keyColumns, target, keys.slice(from, from + CHUNK));
    if (matching === undefined) continue;
    const live = andLive(matching, frame.scope);
    const wanted = where === undefined ? live : sql`${live} and ${frame.truth(where.tree, frame)}`;
    const statement = sql`select ${aliased}, ${figure.sql} as figure ${frame.scope.from()} where ${wanted} group by ${raw(columns.join(', '))}`;
    for (const row of await engine.rows(target, statement, engine.moment(caller))) {
      const key = encodeKeyParts(
        objects,
        target,
        reads.map((read) => read(row)),
      );
      const dialect = dialectOf(storage.dialect(target.database));
      if (key !== null) figures.set(key, figureOf(dialect, attribute, row['figure']));
    }
  }
  return figures;
}

/** Two figures of one roll-up in wire form; exact, but for floating point. */
function plus(left: unknown, right: unknown, attribute: Attribute): unknown {
  if (attribute.type === 'number') return Number(left) + Number(right);
  if (attribute.type === 'money') {
    const amount = ({ amount }: { amount: string }) => amount;
    const [a, b] = [left as { amount: string }, right as { amount: string }];
    return { ...a, amount: new Decimal(amount(a)).plus(amount(b)).toFixed(attribute.scale ?? 0) };
  }
  const total = new Decimal(String(left)).plus(String(right));
  if (attribute.type === 'decimal') return total.toFixed(attribute.scale ?? 0);
  const whole = total.toNumber();
  return Number.isSafeInteger(whole) ? whole : total.toFixed(0);
}
