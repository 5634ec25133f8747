import type { AttributeDescription, ObjectDescription } from '@caruso/business-objects/contract';
import { type CellSetting, readCell } from './cell.js';
import type { Mapping } from './contract.js';
import type { Problem } from './import-rows.js';

/** Finds the key of a record by one of its attributes; undefined where there is none, null where there are several. */
export type Lookup = (object: string, attribute: string, value: unknown) => Promise<string | null | undefined>;

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

  /** Values of the cells that are not empty, and what cannot be read. */
  async convert(
    cells: Readonly<Record<string, unknown>>,
  ): Promise<{ values: Record<string, unknown>; problems: Problem[] }> {
    const values: Record<string, unknown> = {};
    const problems: Problem[] = [];
    for (const { column, attribute, by, setting } of this.#columns) {
      const result = readCell(attribute, Object.hasOwn(cells, column) ? cells[column] : null, setting);
      if ('wrong' in result) problems.push({ column, message: result.wrong });
      else if (result.value !== null && attribute.to !== undefined) {
        const found = await this.#reference(attribute.to, by, result.value);
        if ('wrong' in found) problems.push({ column, message: found.wrong });
        else values[attribute.name] = found.value;
      } else if (result.value !== null) values[attribute.name] = result.value;
    }
    return { values, problems };
  }

  async #reference(to: string, by: string | undefined, value: unknown): Promise<{ value: string } | { wrong: string }> {
    if (by === undefined) return { value: String(value) };
    const id = JSON.stringify([to, by, value]);
    if (!this.#known.has(id)) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(id, await this.#lookup(to, by, value));
    }
    const key = this.#known.get(id);
    if (typeof key === 'string') return { value: key };
    const shown = String(value).slice(0, 40);
    return {
      wrong: key === null ? `'${shown}' is the ${by} of more than one ${to}` : `no ${to} has the ${by} '${shown}'`,
    };
  }
}
