import type { AttributeDescription, ObjectDescription } from '@caruso/business-objects/contract';
import { type CellSetting, readCell } from './cell.js';
import type { Mapping } from './contract.js';
import type { Problem } from './import-rows.js';

/** Finds the keys of records by one of their attributes; undefined where there is none, null where there are several. */
export type Lookup = (
  object: string,
  attribute: string,
  values: readonly unknown[],
) => Promise<(string | null | undefined)[]>;

/** Most looked-up references that are remembered. */
const MOST_KNOWN = 20_000;

/** Rows of one file as values of an object, by its mapping. */
export class RowConverter {
  readonly #columns: {
    column: string;
    attribute: AttributeDescription;
    by: string | undefined;
    setting: CellSetting;
  }[];
  readonly #lookup: Lookup;
  readonly #known = new Map<string, string | null | undefined>();

  constructor(description: ObjectDescription, mapping: Mapping, setting: Omit<CellSetting, 'format'>, lookup: Lookup) {
    const attributes = new Map(description.attributes.map((each) => [each.name, each]));
    this.#lookup = lookup;
    this.#columns = Object.entries(mapping).flatMap(([column, { attribute: name, by, format }]) => {
      const attribute = attributes.get(name);
      return attribute === undefined ? [] : [{ column, attribute, by, setting: { ...setting, format } }];
    });
  }

  /** The column of an attribute, for what the model says is wrong with it. */
  columnOf(attribute: string): string | null {
    return this.#columns.find((each) => each.attribute.name === attribute)?.column ?? null;
  }

  /** For each row the values of the cells that are not empty, and what cannot be read. */
  async convert(
    rows: readonly Readonly<Record<string, unknown>>[],
  ): Promise<{ values: Record<string, unknown>; problems: Problem[] }[]> {
    const read = rows.map((cells) =>
      this.#columns.map(({ column, attribute, setting }) =>
        readCell(attribute, Object.hasOwn(cells, column) ? cells[column] : null, setting),
      ),
    );
    for (const [at, { attribute, by }] of this.#columns.entries())
      if (attribute.to !== undefined && by !== undefined)
        await this.#learn(
          attribute.to,
          by,
          read.flatMap((cells) => {
            const cell = cells[at];
            return cell !== undefined && 'value' in cell && cell.value !== null ? [cell.value] : [];
          }),
        );
    return read.map((cells) => {
      const values: Record<string, unknown> = {};
      const problems: Problem[] = [];
      for (const [at, { column, attribute, by }] of this.#columns.entries()) {
        const cell = cells[at];
        if (cell === undefined || ('value' in cell && cell.value === null)) continue;
        const result =
          'wrong' in cell || attribute.to === undefined ? cell : this.#reference(attribute.to, by, cell.value);
        if ('wrong' in result) problems.push({ column, message: result.wrong });
        else values[attribute.name] = result.value;
      }
      return { values, problems };
    });
  }

  /** Looks up what is not known yet. */
  async #learn(to: string, by: string, values: readonly unknown[]): Promise<void> {
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    const given = values.map((value) => [idOf(to, by, value), value] as const);
    const unknown = new Map(given.filter(([id]) => !this.#known.has(id)));
    if (unknown.size === 0) return;
    const keys = await this.#lookup(to, by, [...unknown.values()]);
    for (const [at, id] of [...unknown.keys()].entries()) this.#known.set(id, keys[at]);
  }

  #reference(to: string, by: string | undefined, value: unknown): { value: string } | { wrong: string } {
    if (by === undefined) return { value: String(value) };
    const key = this.#known.get(idOf(to, by, value));
    if (typeof key === 'string') return { value: key };
    const shown = String(value).slice(0, 40);
    return {
      wrong: key === null ? `'${shown}' is the ${by} of more than one ${to}` : `no ${to} has the ${by} '${shown}'`,
    };
  }
}

function idOf(to: string, by: string, value: unknown): string {
  return JSON.stringify([to, by, value]);
}
