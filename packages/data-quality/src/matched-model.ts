import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
import { actingAs, type Client, type Log, systemPrincipal } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { MatchIndex } from './match-index.js';
import { MatchedObject } from './matched-object.js';

export interface MatchedModelParts {
  storage: StorageApi;
  model: ModelApi;
  objects: Pick<Client<typeof BusinessObjects>, 'find'>;
  log: Log;
  /** ISO 3166-1 alpha-2. */
  country: () => string;
}

/** Records that are read for an index at once. */
const PAGE = 200;

/** Every object whose values have one form, or whose duplicates are declared, and the indexes of the latter. */
export class MatchedModel {
  readonly #parts: MatchedModelParts;
  #objects: ReadonlyMap<string, MatchedObject> = new Map();
  readonly #indexes = new Map<string, MatchIndex>();
  #stopped = false;

  constructor(parts: MatchedModelParts) {
    this.#parts = parts;
  }

  object(name: string): MatchedObject | undefined {
    return this.#objects.get(name);
  }

  /** An object whose duplicates are declared. */
  comparing(name: string): MatchedObject | undefined {
    const object = this.#objects.get(name);
    return object?.compares === true ? object : undefined;
  }

  index(object: MatchedObject): MatchIndex {
    let index = this.#indexes.get(object.database);
    if (index === undefined) {
      index = new MatchIndex(this.#parts.storage, object.database);
      this.#indexes.set(object.database, index);
    }
    return index;
  }

  /** Takes the model as it is now, and makes the tables that it needs. */
  async load(): Promise<void> {
    const { model, log } = this.#parts;
    const known = new Map<string, MatchedObject>();
    for (const description of model.describe()) {
      const object = new MatchedObject(description, this.#parts.country());
      if (object.compares || object.normalises) known.set(object.name, object);
    }
    for (const [name, object] of known) {
      if (!object.compares) continue;
      try {
        await this.#prepare(object);
      } catch (error) {
        // Its records cannot be written now either; it is looked at again with the next change of the model.
        log.warn({ object: name, error }, 'duplicates are not looked for until the database answers');
        known.delete(name);
      }
    }
    this.#objects = known;
  }

  /** Reads the records of all objects whose index is not complete; page by page, so that others get their turn. */
  async build(): Promise<void> {
    for (const object of this.#objects.values()) {
      if (!object.compares) continue;
      const state = await this.index(object).state(object.name);
      if (state !== undefined && !state.complete) await this.#fill(object, state.position);
    }
  }

  /** Reads all records of an object anew. */
  async rebuild(object: MatchedObject): Promise<number> {
    await this.#begin(object);
    return this.#fill(object, null);
  }

  stop(): void {
    this.#stopped = true;
  }

  inspect(): object {
    return Object.fromEntries(
      [...this.#objects.values()].map((each) => [
        each.name,
        {
          rules: each.description.duplicates.length,
          normalises: each.normalises,
          index: each.compares ? each.database : null,
        },
      ]),
    );
  }

  async #prepare(object: MatchedObject): Promise<void> {
    const index = this.index(object);
    await index.prepare();
    const state = await index.state(object.name);
    if (state?.fingerprint !== object.fingerprint) await this.#begin(object);
  }

  #begin(object: MatchedObject): Promise<void> {
    const index = this.index(object);
    return this.#parts.storage.unitOfWork(async () => {
      await index.clear(object.name);
      await index.setState(object.name, { fingerprint: object.fingerprint, position: null, complete: false });
    });
  }

  /** Each page and where the next one begins are one unit of work: after a crash it goes on where it was. */
  async #fill(object: MatchedObject, from: string | null): Promise<number> {
    const { storage, objects, log } = this.#parts;
    const index = this.index(object);
    const { fingerprint } = object;
    let after = from;
    let count = 0;
    while (!this.#stopped) {
      const next = await storage.unitOfWork(
        async () => {
          const page = await actingAs(systemPrincipal, () =>
            objects.find({ object: object.name, limit: PAGE, ...(after === null ? {} : { after }) }),
          );
          const records = page.records.map(({ key, values }) => {
            const record = object.comparables(values);
            return { key, record, blocks: object.blocks(record), fresh: false };
          });
          await index.put(object.name, records);
          await index.setState(object.name, { fingerprint, position: page.next, complete: page.next === null });
          count += page.records.length;
          return page.next;
        },
        { alone: true },
      );
      after = next;
      if (after === null) break;
    }
    if (count > 0) log.info({ object: object.name, records: count }, 'records were read for finding duplicates');
    return count;
  }
}
