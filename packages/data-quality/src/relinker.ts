import type { ModelApi, ObjectDescription } from '@caruso/business-objects/contract';

import { chunks } from './chunks.js';

type Values = Record<string, unknown>;

/** A record that referred to one that went, and how it was made to refer to the one that was kept. */
export interface Moved {
  object: string;
  attribute: string;
  /** Its key before and after: they differ where the reference is a part of it. */
  key: string;
  newKey: string;
  /** Key of the record it referred to, and refers to now. */
  from: string;
  to: string;
  /** Its stored values, where it had to be made anew under another key. */
  values?: Values;
  /** True where there was a record under the new key already, which stays alone. */
  absorbed?: boolean;
}

interface Reference {
  object: ObjectDescription;
  attribute: string;
  /** Part of the key of the record that refers. */
  key: boolean;
  /** Of a link that says nothing but which two: its other reference. */
  farEnd?: string | undefined;
  /** The object that the records are counted as: of a table of links what they lead to. */
  counted: string;
}

/** Makes records of whatever object, table or database refer to another record; whoever writes them. */
export class Relinker {
  readonly #model: ModelApi;

  constructor(model: ModelApi) {
    this.#model = model;
  }

  /** How many records of each object refer to a record. */
  async count(object: string, key: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const reference of this.#references(object)) {
      const rows = await this.#referring(reference, key);
      if (rows.length > 0) counts[reference.counted] = (counts[reference.counted] ?? 0) + rows.length;
    }
    return counts;
  }

  async move(object: string, from: string, to: string): Promise<Moved[]> {
    const moved: Moved[] = [];
    for (const reference of this.#references(object)) {
      if (reference.farEnd === undefined && !reference.key) {
        moved.push(...(await this.#turn(reference, object, from, to)));
        continue;
      }
      for (const row of await this.#referring(reference, from)) {
        const { name } = reference.object;
        const key = this.#model.encodeKey(name, row);
        // The record that goes may refer to the one that is kept, or to itself: it goes anyway.
        if (name === object && (key === from || key === to)) continue;
        const twin = await this.#twin(reference, row, key, to);
        if (twin !== undefined) moved.push(await this.#absorb(reference, row, key, twin, from, to));
        else if (reference.key) moved.push(...(await this.#rekey(reference, row, key, from, to)));
        else {
          // A link may be the twin of the one after it, so each is stored before the next is looked at.
          await this.#model.amend('update', name, { ...this.#model.decodeKey(name, key), [reference.attribute]: to });
          moved.push({ object: name, attribute: reference.attribute, key, newKey: key, from, to });
        }
      }
    }
    return moved;
  }

  /** Records that only refer are turned to another one, many at a time. */
  async #turn({ object, attribute }: Reference, whose: string, from: string, to: string): Promise<Moved[]> {
    const { name } = object;
    const rows = await this.#model.load(name, `${attribute} = referred`, { referred: from });
    const keys = rows
      .map((row) => this.#model.encodeKey(name, row))
      // The record that goes may refer to the one that is kept, or to itself: it goes anyway.
      .filter((key) => name !== whose || (key !== from && key !== to));
    for (const some of chunks(keys)) {
      const values = some.map((key) => ({ ...this.#model.decodeKey(name, key), [attribute]: to }));
      await this.#model.amendAll('update', name, values);
    }
    return keys.map((key) => ({ object: name, attribute, key, newKey: key, from, to }));
  }

  /** What was moved goes back, the last first; what was changed since is left and told. */
  async moveBack(moved: readonly Moved[]): Promise<{ object: string; key: string; reason: string }[]> {
    const left: { object: string; key: string; reason: string }[] = [];
    for (const each of moved.toReversed()) {
      const { object, attribute, key, newKey, from, to, values, absorbed } = each;
      const [now] = await this.#read(object, newKey);
      if (values !== undefined) {
        await this.#model.amend('create', object, values);
        if (absorbed !== true && now !== undefined)
          await this.#model.amend('delete', object, this.#model.decodeKey(object, newKey));
      } else if (now === undefined) left.push({ object, key, reason: 'it is gone' });
      else if (now[attribute] !== to) left.push({ object, key, reason: `${attribute} was changed since` });
      else await this.#model.amend('update', object, { ...this.#model.decodeKey(object, key), [attribute]: from });
    }
    return left;
  }

  /** A reference that is part of a key: the record is made anew under its new key, and what refers to it follows. */
  async #rekey(reference: Reference, row: Values, key: string, from: string, to: string): Promise<Moved[]> {
    const { object, attribute } = reference;
    const values = storedOf(object, row);
    const anew = { ...values, [attribute]: to };
    const newKey = this.#model.encodeKey(object.name, anew);
    const absorbed = (await this.#read(object.name, newKey)).length > 0;
    if (!absorbed) await this.#model.amend('create', object.name, anew);
    const followers = await this.move(object.name, key, newKey);
    await this.#model.amend('delete', object.name, this.#model.decodeKey(object.name, key));
    return [...followers, { object: object.name, attribute, key, newKey, from, to, values, absorbed }];
  }

  /** The key of the link that one would be the same as, or its own where both ends would be one record. */
  async #twin(
    { object, attribute, farEnd }: Reference,
    row: Values,
    key: string,
    to: string,
  ): Promise<string | undefined> {
    if (farEnd === undefined || typeof row[farEnd] !== 'string') return undefined;
    if (
      row[farEnd] === to &&
      object.attributes.find(({ name }) => name === farEnd)?.to === referredBy(object, attribute)
    )
      return key;
    const links = await this.#model.load(object.name, `${attribute} = here and ${farEnd} = there`, {
      here: to,
      there: row[farEnd],
    });
    const [twin] = links.map((link) => this.#model.encodeKey(object.name, link)).filter((each) => each !== key);
    return twin;
  }

  /** A link that is there already goes, and comes back when the merge is undone. */
  async #absorb(
    { object, attribute }: Reference,
    row: Values,
    key: string,
    newKey: string,
    from: string,
    to: string,
  ): Promise<Moved> {
    await this.#model.amend('delete', object.name, this.#model.decodeKey(object.name, key));
    return { object: object.name, attribute, key, newKey, from, to, values: storedOf(object, row), absorbed: true };
  }

  #references(to: string): Reference[] {
    const objects = this.#model.describe();
    const junctions = this.#model.junctions();
    const ends = new Map<string, string>();
    const pair = (object: string, left: string, right: string): void => {
      ends.set(`${object}.${left}`, right);
      ends.set(`${object}.${right}`, left);
    };
    for (const { name, attributes } of junctions) {
      const [left, right] = attributes;
      if (left !== undefined && right !== undefined) pair(name, left.name, right.name);
    }
    for (const { links } of objects.flatMap(({ relations }) => relations))
      if (links?.bare === true && links.through !== undefined)
        pair(links.through.object, links.through.from, links.through.to);
    return [...objects, ...junctions]
      .filter((object) => object.key.length > 0)
      .flatMap((object) =>
        object.attributes
          .filter((attribute) => attribute.to === to && attribute.computed !== true)
          .map(({ name, key }) => {
            const farEnd = ends.get(`${object.name}.${name}`);
            const far = junctions.includes(object) && farEnd !== undefined ? referredBy(object, farEnd) : undefined;
            return { object, attribute: name, key, farEnd, counted: far ?? object.name };
          }),
      );
  }

  #referring({ object, attribute }: Reference, key: string): Promise<Values[]> {
    return this.#model.load(object.name, `${attribute} = referred`, { referred: key });
  }

  #read(object: string, key: string): Promise<Values[]> {
    const parts = this.#model.decodeKey(object, key);
    const names = Object.keys(parts);
    const where = names.map((name, at) => `${name} = key${at}`).join(' and ');
    return this.#model.load(object, where, Object.fromEntries(names.map((name, at) => [`key${at}`, parts[name]])));
  }
}

function referredBy({ attributes }: ObjectDescription, attribute: string): string | undefined {
  return attributes.find(({ name }) => name === attribute)?.to;
}

function storedOf({ attributes }: ObjectDescription, row: Values): Values {
  return Object.fromEntries(
    attributes.filter(({ computed }) => computed !== true).map(({ name }) => [name, row[name] ?? null]),
  );
}
