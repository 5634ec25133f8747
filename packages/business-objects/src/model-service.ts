import { CarusoError, systemPrincipal } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import { moveAnnotations } from './annotation-tables.js';
import type { ModelApi, ObjectTypes } from './contract.js';
import { describeObject, expressionTypesOf } from './describe.js';
import type { Door } from './door.js';
import { journal } from './editor.js';
import type { Engine } from './engine.js';
import { notTheOwner, recordMissing } from './errors.js';
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
    const { model } = this.#engine.state;
    return [...model.objects.values()].map((object) => describeObject(object, undefined, model));
  }

  junctions(): ReturnType<ModelApi['junctions']> {
    const { model } = this.#engine.state;
    return [...model.junctions.values()].map((object) => describeObject(object, undefined, model));
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
    const [change] = await this.writeAll(owner, operation, name, [values]);
    if (change === undefined) throw new Error('unreachable: a record was written without a change');
    return change;
  }

  async writeAll(
    ...[owner, operation, name, rows]: Parameters<ModelApi['writeAll']>
  ): ReturnType<ModelApi['writeAll']> {
    const object = this.#object(name);
    if (object.writtenBy !== owner) throw notTheOwner(owner, name, object.writtenBy);
    const writer = new Writer(this.#engine, this.#engine.caller(systemPrincipal));
    return this.#engine.parts.storage.unitOfWork(async () => {
      const changes = await this.#amended(writer, operation, object, rows);
      return changes.map(({ change, key, before }) => change ?? { object: name, key, before, after: before });
    });
  }

  async amend(...[operation, name, values]: Parameters<ModelApi['amend']>): ReturnType<ModelApi['amend']> {
    const [change] = await this.amendAll(operation, name, [values]);
    return change ?? null;
  }

  async amendAll(...[operation, name, rows]: Parameters<ModelApi['amendAll']>): ReturnType<ModelApi['amendAll']> {
    const object = this.#object(name);
    const writer = new Writer(this.#engine, this.#engine.caller(systemPrincipal), true);
    return this.#engine.parts.storage.unitOfWork(async () => {
      const changes = (await this.#amended(writer, operation, object, rows)).map(({ change }) => change);
      const verbs = { create: 'created', update: 'updated', delete: 'deleted' } as const;
      await journal(
        this.#engine,
        object,
        verbs[operation],
        changes.filter((change) => change !== null),
      );
      return changes;
    });
  }

  /** Throws what is wrong with any of them. */
  async #amended(
    writer: Writer,
    operation: Parameters<ModelApi['amend']>[0],
    object: ModelObject,
    rows: readonly Values[],
  ): Promise<{ change: Change | null; key: string; before: Values | null }[]> {
    if (operation === 'create')
      return (await writer.createAll(object, rows)).map((change) => {
        if (change instanceof CarusoError) throw change;
        return { change, key: change.key, before: null };
      });
    const keys = rows.map((values) => encodeKey(object, values));
    const stored = new Map((await writer.readAll(object, keys)).map((row) => [row.key, row]));
    const existing = keys.map((key) => {
      const row = stored.get(key);
      if (row === undefined) throw recordMissing(object.name, key);
      return row;
    });
    const changes =
      operation === 'delete'
        ? await writer.deleteAll(object, existing)
        : await writer.updateAll(
            object,
            existing.map((before, at) => ({ before, given: rows[at] ?? {} })),
          );
    return existing.map(({ key, values }, at) => {
      const change = changes[at] ?? null;
      if (change instanceof CarusoError) throw change;
      return { change, key, before: values };
    });
  }

  async examine(name: string, values: Values, key?: string): ReturnType<ModelApi['examine']> {
    const [examined] = await this.examineAll(name, [{ values, key }]);
    return {
      values: examined?.values ?? values,
      violations: [...(examined?.violations ?? []), ...(examined?.taken ?? [])],
    };
  }

  examineAll(name: string, rows: Parameters<ModelApi['examineAll']>[1]): ReturnType<ModelApi['examineAll']> {
    const writer = new Writer(this.#engine, this.#engine.caller(systemPrincipal));
    return writer.examineAll(
      this.#object(name),
      rows.map(({ values, key = null }) => ({ values, key })),
    );
  }

  adopt(object: string, from: string, to: string, only?: readonly string[]): Promise<string[]> {
    return moveAnnotations(this.#engine.parts.storage, this.#object(object), from, to, only);
  }

  guard(door: Door): () => void {
    this.#engine.doors.add(door);
    return () => this.#engine.doors.delete(door);
  }

  async load(name: string, where: string, params: Record<string, unknown> = {}): Promise<Values[]> {
    const engine = this.#engine;
    const caller = engine.caller(systemPrincipal);
    const object = engine.stored(caller, name);
    const access = caller.access.of(object);
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
    return engine.stored(engine.caller(systemPrincipal), name);
  }
}
