import { systemPrincipal } from '@caruso/service-manager/contract';
import type { ModelApi, ObjectTypes } from './contract.js';
import { describeObject, expressionTypesOf } from './describe.js';
import type { Engine } from './engine.js';
import { notTheOwner } from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { decodeKey, encodeKey } from './key.js';
import type { ModelObject } from './model.js';
import { planFor, readValues, type Values } from './row-reader.js';
import { sql } from './sql.js';
import { Writer } from './writer.js';

/** The `model` contract over an engine: without regard to rights. */
export class ModelService implements ModelApi {
  readonly #engine: Engine;
  readonly #listeners = new Set<() => void>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  describe(): ReturnType<ModelApi['describe']> {
    return [...this.#engine.state.model.objects.values()].map((object) => describeObject(object, undefined));
  }

  expressionTypes(): ObjectTypes {
    return expressionTypesOf(this.#engine.state.model);
  }

  version(): number {
    return this.#engine.state.version;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  encodeKey(object: string, key: Record<string, unknown>): string {
    return encodeKey(this.#object(object), key);
  }

  decodeKey(object: string, key: string): Record<string, unknown> {
    return decodeKey(this.#engine.state.model.objects, this.#object(object), key);
  }

  async write(...[owner, operation, name, values]: Parameters<ModelApi['write']>): ReturnType<ModelApi['write']> {
    const object = this.#object(name);
    if (object.writtenBy !== owner) throw notTheOwner(owner, name, object.writtenBy);
    const writer = new Writer(this.#engine, this.#engine.caller(systemPrincipal));
    return this.#engine.parts.storage.unitOfWork(async () => {
      if (operation === 'create') return writer.create(object, values);
      const before = await writer.existing(object, encodeKey(object, values));
      if (operation === 'delete') return writer.delete(object, before);
      const change = await writer.update(object, before, values);
      return change ?? { object: name, key: before.key, before: before.values, after: before.values };
    });
  }

  async load(name: string, where: string, params: Record<string, unknown> = {}): Promise<Values[]> {
    const engine = this.#engine;
    const caller = engine.caller(systemPrincipal);
    const { object, access } = engine.object(caller, name);
    const plan = planFor(engine, caller, object, object.attributes.keys(), false);
    const frame = frameFor(engine, caller, object, params);
    const filters = filterSql(caller, frame, access, { where, params });
    const rows = await engine.rows(
      object,
      sql`select ${plan.select} ${frame.scope.from()} ${whereAll(filters)}`,
      engine.moment(caller, params),
    );
    return readValues(engine, caller, plan, rows);
  }

  #object(name: string): ModelObject {
    const engine = this.#engine;
    return engine.object(engine.caller(systemPrincipal), name).object;
  }
}
