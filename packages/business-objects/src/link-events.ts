import type { Change, NewEvent } from '@caruso/storage-manager/contract';
import { type CompiledModel, type ModelObject, storedObjects } from './model.js';

type Values = Readonly<Record<string, unknown>>;

/** One direction in which the rows of a junction are followed. */
export interface Direction {
  /** Its reference to the object that is told, and to what that one is linked to. */
  readonly from: string;
  readonly to: string;
  readonly holder: string;
  readonly other: string;
  /** The relation of the holder, if it has one in this direction. */
  readonly relation: string | undefined;
}

/** The directions of each junction, by the name of the junction: both, also where a relation is declared on one side alone. */
export function linkDirections(model: CompiledModel): ReadonlyMap<string, readonly Direction[]> {
  const junctions = new Map<string, Map<string, Direction>>();
  const add = (junction: string, direction: Direction) => {
    const known = junctions.get(junction) ?? new Map<string, Direction>();
    const id = `${direction.from} ${direction.to}`;
    if (known.get(id)?.relation === undefined) known.set(id, direction);
    junctions.set(junction, known);
  };
  for (const holder of storedObjects(model)) {
    for (const { name, to: other, through } of holder.relations.values()) {
      if (through === undefined) continue;
      const [from, to] = [through.from.name, through.to.name];
      add(through.junction.name, { from, to, holder: holder.name, other, relation: name });
      add(through.junction.name, { from: to, to: from, holder: other, other: holder.name, relation: undefined });
    }
  }
  return new Map([...junctions].map(([name, directions]) => [name, [...directions.values()]]));
}

/** Tells both sides of links that changes of a junction's rows made (`Object.linked`) or removed (`Object.unlinked`). Pure. */
export function linkEvents(
  directions: readonly Direction[],
  { name }: ModelObject,
  changes: readonly Change[],
): NewEvent[] {
  const told = (verb: string, change: Change, values: Values | null): NewEvent[] =>
    directions.flatMap(({ from, to, holder, other, relation }) => {
      const [own, far] = [values?.[from], values?.[to]];
      if (change.object !== name || typeof own !== 'string' || typeof far !== 'string') return [];
      const data = { ...(relation === undefined ? {} : { relation }), object: other, key: far };
      return [{ type: `${holder}.${verb}`, subject: { object: holder, key: own }, data }];
    });
  const ends = new Set(directions.map(({ from }) => from));
  return changes.flatMap((change) => {
    const { before, after } = change;
    const moved = before === null || after === null || [...ends].some((end) => before[end] !== after[end]);
    return moved ? [...told('unlinked', change, before), ...told('linked', change, after)] : [];
  });
}
