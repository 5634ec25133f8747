import { systemPrincipal } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import { moveAnnotations } from './annotation-tables.js';
import type { ModelApi, ObjectTypes } from './contract.js';
import { describeObject, expressionTypesOf } from './describe.js';
import type { Door } from './door.js';
import { journal } from './editor.js';
import type { Engine } from './engine.js';
import { notTheOwner } from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { decodeKey, encodeKey } from './key.js';
import type { ModelObject } from './model.js';
import type { ReadPlan } from './read-plan.js';
import { planFor, readValues, type Values } from './row-reader.js';
import { type Sql, sql } from './sql.js';
import { shapeOf } from './sql-value.js';
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

  async amend(...[operation, name, values]: Parameters<ModelApi['amend']>): ReturnType<ModelApi['amend']> {
    const object = this.#object(name);
    const writer = new Writer(this.#engine, this.#engine.caller(systemPrincipal), true);
    return this.#engine.parts.storage.unitOfWork(async () => {
      const change = await this.#amended(writer, operation, object, values);
      const verbs = { create: 'created', update: 'updated', delete: 'deleted' } as const;
      if (change !== null) await journal(this.#engine, object, verbs[operation], change);
      return change;
    });
  }

  async #amended(
    writer: Writer,
    operation: Parameters<ModelApi['amend']>[0],
    object: ModelObject,
    values: Record<string, unknown>,
  ): Promise<Change | null> {
    if (operation === 'create') return writer.create(object, values);
    const before = await writer.existing(object, encodeKey(object, values));
    return operation === 'delete' ? writer.delete(object, before) : writer.update(object, before, values);
  }

  async examine(name: string, values: Record<string, unknown>, key?: string): ReturnType<ModelApi['examine']> {
    const object = this.#object(name);
    const writer = new Writer(this.#engine, this.#engine.caller(systemPrincipal));
    const { values: checked, violations } = await writer.examine(object, values, key);
    const faulty = new Set(violations.map(({ attribute }) => attribute));
    for (const attribute of object.attributes.values()) {
      const { name: each, to } = attribute;
      const single = attribute.key && object.key.length === 1;
      const value = checked[each];
      if (
        !(attribute.unique || single) ||
        faulty.has(each) ||
        value === null ||
        value === undefined ||
        to !== undefined
      )
        continue;
      const [other] = await this.load(name, `${each} = wanted`, { wanted: value });
      if (other !== undefined && encodeKey(object, other) !== key)
        violations.push({ attribute: each, message: 'is taken already' });
    }
    return { values: checked, violations };
  }

  adopt(object: string, from: string, to: string): Promise<number> {
    return moveAnnotations(this.#engine.parts.storage, this.#object(object), from, to);
  }

  guard(door: Door): () => void {
    this.#engine.doors.add(door);
    return () => this.#engine.doors.delete(door);
  }

  async load(name: string, where: string, params: Record<string, unknown> = {}): Promise<Values[]> {
    const engine = this.#engine;
    const caller = engine.caller(systemPrincipal);
    const { object, access } = engine.object(caller, name);
    const shapes = Object.entries(params).map(([each, value]) => [each, shapeOf(value)]);
    const prepared = caller.state.statements.get(JSON.stringify(['load', name, where, shapes]), () => {
      const plan = planFor(engine, caller, object, object.attributes.keys(), false);
      const frame = frameFor(engine, caller, object, params);
      const filters = filterSql(caller, frame, access, { where, params });
      return { plan, statement: sql`select ${plan.select} ${frame.scope.from()} ${whereAll(filters)}` };
    }) as { plan: ReadPlan; statement: Sql };
    const { plan, statement } = prepared;
    const rows = await engine.rows(object, statement, engine.moment(caller, params));
    return readValues(engine, caller, plan, rows);
  }

  #object(name: string): ModelObject {
    const engine = this.#engine;
    return engine.object(engine.caller(systemPrincipal), name).object;
  }
}
