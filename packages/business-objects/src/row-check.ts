import { isDeepStrictEqual } from 'node:util';
import type { Caller, Engine } from './engine.js';
import type { Violation } from './errors.js';
import { MASK, type ModelObject, searchedAttributes, storedAttributes } from './model.js';
import type { Values } from './row-reader.js';
import { toColumns } from './row-writer.js';
import { validate } from './validate.js';
import { indexedText } from './words.js';

/** A row made ready: what would be stored, and what is wrong with it. */
export interface CheckedRow {
  /** Checked values in the form of the wire. */
  readonly values: Values;
  readonly columns: Record<string, unknown>;
  readonly violations: Violation[];
}

/** Brings rows into their one form and holds them against the model. */
export class RowCheck {
  readonly #engine: Engine;
  readonly #caller: Caller;

  constructor(engine: Engine, caller: Caller) {
    this.#engine = engine;
    this.#caller = caller;
  }

  /** A new row with generated keys and defaults. */
  fresh(object: ModelObject, given: Readonly<Values>): CheckedRow & { after: Values } {
    const { values, violations } = this.#checked(object, this.#completed(object, given), undefined);
    const { columns, violations: contradictions } = this.#columns(object, values);
    if (object.managed) {
      // One shape for all, so that many are stored by one statement; a legacy column may have a default that only its database knows.
      for (const attribute of storedAttributes(object))
        if (attribute.generated !== 'database') for (const { name } of attribute.columns) columns[name] ??= null;
    }
    if (object.versionColumn !== undefined) columns[object.versionColumn] = 1;
    if (object.wordColumn !== undefined) columns[object.wordColumn] = wordsOfRow(object, values);
    const after = Object.fromEntries(
      storedAttributes(object).map(({ name, type }) => [name, values[name] ?? (type === 'tags' ? [] : null)]),
    );
    return { values, columns, after, violations: [...violations, ...contradictions] };
  }

  /** What of a stored row would be different. */
  changed(
    object: ModelObject,
    before: { key: string; values: Values; version: string },
    given: Readonly<Values>,
  ): CheckedRow & { after: Values } {
    const { values: all, violations } = this.#checked(object, given, before.values);
    for (const { name } of object.key) {
      if (name in all && !sameValue(all[name], before.values[name]))
        violations.push({ attribute: name, message: 'is part of the key and stays as it is' });
    }
    const values = Object.fromEntries(
      Object.entries(all).filter(([name, value]) => !sameValue(value, before.values[name])),
    );
    const { columns, violations: contradictions } = this.#columns(object, values);
    const after = { ...before.values, ...values };
    const { versionColumn, wordColumn } = object;
    if (wordColumn !== undefined && searchedAttributes(object).some(({ name }) => name in values))
      columns[wordColumn] = wordsOfRow(object, after);
    if (versionColumn !== undefined) columns[versionColumn] = Number(before.version) + 1;
    return { values, columns, after, violations: [...violations, ...contradictions] };
  }

  /** What would be stored, and all that is wrong with it. @param before what the record holds that would be changed */
  examined(
    object: ModelObject,
    given: Readonly<Values>,
    before: Readonly<Values> | undefined,
  ): { values: Values; violations: Violation[] } {
    const whole = before === undefined ? this.#completed(object, given) : given;
    const { values, violations } = this.#checked(object, whole, before);
    return { values, violations: [...violations, ...this.#columns(object, values).violations] };
  }

  /** Values in their one form, held against the model; a fault of the form takes the place of one of the check. */
  #checked(
    object: ModelObject,
    given: Readonly<Values>,
    before: Readonly<Values> | undefined,
  ): ReturnType<typeof validate> {
    let values: Readonly<Values> = withoutMasks(object, given);
    const faults: Violation[] = [];
    for (const door of this.#engine.doors) {
      const brought = door.normalise(object.name, values);
      values = brought.values;
      faults.push(...brought.violations);
    }
    const result = validate(this.#caller.state.model.objects, object, values, before === undefined, before);
    if (faults.length === 0) return result;
    const named = new Set(faults.map(({ attribute }) => attribute));
    return {
      ...result,
      violations: [...faults, ...result.violations.filter(({ attribute }) => !named.has(attribute))],
    };
  }

  #columns(object: ModelObject, values: Readonly<Values>): ReturnType<typeof toColumns> {
    return toColumns(this.#engine.parts.storage, this.#caller.state.model.objects, object, values);
  }

  #completed(object: ModelObject, given: Readonly<Values>): Values {
    const values: Values = { ...given };
    for (const attribute of object.attributes.values()) {
      const { name } = attribute;
      if (attribute.generated === 'id' && values[name] === undefined) values[name] = this.#engine.parts.ids.next();
      if (attribute.default === undefined || values[name] !== undefined) continue;
      values[name] =
        'value' in attribute.default
          ? attribute.default.value
          : attribute.default.expression.evaluate({ user: this.#caller.user }, this.#engine.context());
    }
    return values;
  }
}

/** A mask that comes back is no new value. */
function withoutMasks(object: ModelObject, given: Readonly<Values>): Readonly<Values> {
  const masked = ([name, value]: [string, unknown]) =>
    value === MASK && object.attributes.get(name)?.sensitive === true;
  return Object.values(given).includes(MASK)
    ? Object.fromEntries(Object.entries(given).filter((entry) => !masked(entry)))
    : given;
}

/** What the index of words holds of a row. */
function wordsOfRow(object: ModelObject, values: Readonly<Values>): string {
  const text = (value: unknown) => (Array.isArray(value) ? value.join(' ') : value);
  return indexedText(searchedAttributes(object).map(({ name }) => text(values[name])));
}

/** Objects are the same whatever the order of their properties, which PostgreSQL's jsonb changes. */
export function sameValue(left: unknown, right: unknown): boolean {
  return left === right || isDeepStrictEqual(left ?? null, right ?? null);
}
