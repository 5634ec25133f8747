import { nearest } from '@caruso/declarations';
import type { EvaluationContext } from '@caruso/expressions';
import { type Clock, currentCall, type Ids, type Log, type Principal } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import { Access, type ObjectAccess, roleKey, seesAll } from './access.js';
import { BoundedCache } from './bounded-cache.js';
import { dialectOf } from './dialect.js';
import type { Door } from './door.js';
import { accessDenied, objectRefused, objectUnknown } from './errors.js';
import { linkDirections } from './link-events.js';
import { localDay } from './local-day.js';
import type { CompiledModel, ModelObject } from './model.js';
import type { PlanParts, ReadPlan, Row } from './read-plan.js';
import type { Site } from './scope.js';
import { type Moment, resolve, type Sql } from './sql.js';
import { type Shape, shapeOf } from './sql-value.js';

/** What the engine stands on. */
export interface EngineParts {
  storage: StorageApi;
  journal: JournalApi;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** IANA time zone of the front office. */
  timezone: () => string;
}

const MOST_STATEMENTS = 2000;

/** One version of the model with everything that was made out of it; discarded whole when the model changes. */
export class ModelState {
  readonly model: CompiledModel;
  readonly version: number;
  readonly plans = new BoundedCache<ReadPlan>(MOST_STATEMENTS);
  readonly statements = new BoundedCache<unknown>(MOST_STATEMENTS);
  /** Attributes of the user that some rule names; their shapes are part of what a statement is kept under. */
  readonly userAttributes: readonly string[];
  /** In which directions rows of junctions are followed, by the name of the junction. */
  readonly linkDirections: ReturnType<typeof linkDirections>;
  readonly #access = new BoundedCache<Access>(500);

  constructor(model: CompiledModel, version: number) {
    this.model = model;
    this.version = version;
    this.linkDirections = linkDirections(model);
    const named = new Set<string>();
    for (const object of model.objects.values()) {
      for (const { read } of object.rights?.values() ?? []) {
        if (typeof read === 'boolean') continue;
        for (const path of read.dependencies) if (path.startsWith('user.')) named.add(path.split('.')[1] ?? '');
      }
    }
    this.userAttributes = [...named].sort();
  }

  /** Junctions that lead to or from an object and say nothing but that, each with its references to the object. */
  bareLinksOf(name: string): Map<ModelObject, Set<string>> {
    const found = new Map<ModelObject, Set<string>>();
    for (const holder of this.model.objects.values()) {
      for (const { to, through } of holder.relations.values()) {
        if (through === undefined || !through.bare) continue;
        const ends = [...(holder.name === name ? [through.from] : []), ...(to === name ? [through.to] : [])];
        if (ends.length === 0) continue;
        const known = found.get(through.junction) ?? new Set();
        found.set(through.junction, new Set([...known, ...ends.map((end) => end.name)]));
      }
    }
    return found;
  }

  accessOf(principal: Principal): Access {
    return this.#access.get(roleKey(principal), () => new Access(this.model, principal));
  }
}

/** Who calls, with what rights, over which version of the model: fixed for the length of one call. */
export interface Caller {
  readonly state: ModelState;
  readonly principal: Principal;
  readonly access: Access;
  readonly user: Readonly<Record<string, unknown>>;
  /** Part of the key of statements whose text depends on the user. */
  readonly userShape: string;
}

export class Engine {
  readonly parts: EngineParts;
  readonly doors = new Set<Door>();
  #state: ModelState;

  constructor(parts: EngineParts, model: CompiledModel) {
    this.parts = parts;
    this.#state = new ModelState(model, 1);
  }

  get state(): ModelState {
    return this.#state;
  }

  /** Puts another model in place; calls that run finish with the one they began with. */
  replace(model: CompiledModel): void {
    this.#state = new ModelState(model, this.#state.version + 1);
  }

  caller(principal: Principal = currentCall().principal): Caller {
    const state = this.#state;
    const { attributes, id, name, kind, roles } = principal;
    const user = { ...attributes, id, name, kind, roles: [...roles] };
    const userShape = seesAll(principal)
      ? ''
      : state.userAttributes.map((each) => shapeOf(property(user, each))).join();
    return { state, principal, access: state.accessOf(principal), user, userShape };
  }

  /** An object that the caller may read, with the caller's rights. Throws OBJECT_UNKNOWN, OBJECT_REFUSED, ACCESS_DENIED. */
  object(caller: Caller, name: string): { object: ModelObject; access: ObjectAccess } {
    const { model } = caller.state;
    const object = model.objects.get(name);
    if (object === undefined) {
      const near = nearest(name, model.objects.keys());
      throw objectUnknown(name, near === undefined ? [...model.objects.keys()] : [near]);
    }
    const access = caller.access.of(object);
    if (!access.read) throw accessDenied(this.who(caller), `read ${object.labelPlural}`);
    const reason = model.refused.get(name);
    if (reason !== undefined) throw objectRefused(name, reason);
    return { object, access };
  }

  /** As `object`, for the house itself: also a table of links, by its name `Object.relation`. */
  stored(caller: Caller, name: string): ModelObject {
    const { junctions, refused } = caller.state.model;
    const junction = junctions.get(name);
    if (junction === undefined || refused.has(name)) return this.object(caller, name).object;
    return junction;
  }

  who(caller: Caller): string {
    const { principal } = caller;
    return principal.roles.length === 0
      ? `${principal.kind} '${principal.id}'`
      : `'${principal.id}' (${principal.roles.join(', ')})`;
  }

  context(): EvaluationContext {
    return { now: new Date(this.parts.clock.now()), timezone: this.parts.timezone() };
  }

  moment(caller: Caller, parameters: Readonly<Record<string, unknown>> = {}): Moment {
    const now = this.parts.clock.now();
    const { timezone } = this.parts;
    // Most statements ask for neither.
    return {
      parameters,
      user: caller.user,
      get now() {
        return new Date(now).toISOString();
      },
      get today() {
        return localDay(now, timezone());
      },
    };
  }

  /** The site of a statement: with `access`, rows are seen as far as the caller may. */
  site(caller: Caller, object: ModelObject, parameters: Readonly<Record<string, unknown>> = {}): Site {
    const parameter = (name: string): Shape | undefined =>
      Object.hasOwn(parameters, name) ? shapeOf(parameters[name]) : undefined;
    const user = (name: string): Shape => shapeOf(property(caller.user, name));
    return {
      dialect: dialectOf(this.parts.storage.dialect(object.database)),
      objects: caller.state.model.objects,
      refused: caller.state.model.refused,
      parameter,
      user,
      // A rule that names what the user does not have grants nothing: nothing is equal to an unknown region.
      rules: (name) =>
        caller.access
          .rules(name)
          ?.filter((rule) =>
            rule.dependencies.every((path) => !path.startsWith('user.') || user(path.split('.')[1] ?? '') !== 'null'),
          ),
    };
  }

  planParts(caller: Caller): PlanParts {
    return { model: caller.state.model, storage: this.parts.storage, site: (object) => this.site(caller, object) };
  }

  /** Runs a statement of ours and gives its rows. */
  rows(object: ModelObject, statement: Sql, moment: Moment): Promise<Row[]> {
    return this.parts.storage.rows(object.database, statement.text, resolve(statement.bindings, moment));
  }
}

function property(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
