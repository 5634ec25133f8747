import type { Expression } from '@caruso/expressions';
import type { Principal } from '@caruso/service-manager/contract';
import type { CompiledModel, ManyRelation, ModelObject, RoleRight } from './model.js';

/** What a set of roles may do with one object. Roles add up: what one grants, another does not take away. */
export interface ObjectAccess {
  readonly read: boolean;
  /** Conditions of which one must hold for a row to be seen; undefined: every row. */
  readonly rules: readonly Expression[] | undefined;
  /** Attributes and relations that are seen. */
  readonly visible: ReadonlySet<string>;
  readonly create: boolean;
  readonly createRules: readonly Expression[] | undefined;
  readonly delete: boolean;
  readonly deleteRules: readonly Expression[] | undefined;
  /** Attributes that may be written, each with the conditions of which one must hold for the row; undefined: on every row. */
  readonly writable: ReadonlyMap<string, readonly Expression[] | undefined>;
  /** Many-to-many relations whose links may be made and removed, each with the conditions of which one must hold for the row. */
  readonly linkable: ReadonlyMap<string, readonly Expression[] | undefined>;
  /** Sensitive attributes whose clear value may be asked for, each with the conditions of which one must hold for the row. */
  readonly revealed: ReadonlyMap<string, readonly Expression[] | undefined>;
  /** Sensitive attributes are read in the clear without being asked for: the house itself reads. */
  readonly clear: boolean;
}

const EVERYTHING: RoleRight = { read: true, write: 'all', create: true, delete: true, hide: new Set(), reveal: 'all' };
const STAFF: RoleRight = { ...EVERYTHING, delete: false, reveal: new Set() };
/** Where a model file says nothing of rights. */
const DEFAULT_RIGHTS: ReadonlyMap<string, RoleRight> = new Map([
  ['agent', STAFF],
  ['supervisor', STAFF],
  ['administrator', EVERYTHING],
]);

/** Components, policies and scripts act for the house and see all. */
export function seesAll(principal: Principal): boolean {
  return principal.kind === 'system' || principal.kind === 'policy' || principal.kind === 'script';
}

/** Roles come with every call of a session, and are read only. */
const keys = new WeakMap<readonly string[], string>();

/** A name for all principals with the same rights, for caches. */
export function roleKey(principal: Principal): string {
  if (seesAll(principal)) return '*';
  let key = keys.get(principal.roles);
  if (key === undefined) {
    key = JSON.stringify([...new Set(principal.roles)].sort());
    keys.set(principal.roles, key);
  }
  return key;
}

/** The rights of one set of roles over the whole model, worked out once for each object. */
export class Access {
  /** Names the set of roles. */
  readonly key: string;
  readonly #model: CompiledModel;
  readonly #roles: readonly string[] | undefined;
  readonly #objects = new Map<string, ObjectAccess>();

  constructor(model: CompiledModel, principal: Principal) {
    this.#model = model;
    this.key = roleKey(principal);
    this.#roles = seesAll(principal) ? undefined : [...new Set(principal.roles)];
  }

  of(object: ModelObject): ObjectAccess {
    let found = this.#objects.get(object.name);
    if (found === undefined) {
      found = objectAccess(object, this.#rights(object), this.#roles === undefined);
      this.#objects.set(object.name, found);
    }
    return found;
  }

  /** Whether a relation is seen, what it leads to may be read, and the links that lead there, too. */
  follows(object: ModelObject, relation: ManyRelation): boolean {
    const target = this.#model.objects.get(relation.to);
    if (target === undefined || !this.of(object).visible.has(relation.name) || !this.of(target).read) return false;
    const { through } = relation;
    // Links have the rights of the relation, unless they are records with rights of their own.
    if (through === undefined || through.junction.rights === undefined) return true;
    const { read, visible } = this.of(through.junction);
    return read && visible.has(through.from.name) && visible.has(through.to.name);
  }

  /** Rules for rows of an object by name; an object that may not be read has no row that is seen. */
  rules(name: string): readonly Expression[] | undefined {
    const object = this.#model.objects.get(name);
    if (object === undefined) return [];
    const { read, rules } = this.of(object);
    return read ? rules : [];
  }

  #rights(object: ModelObject): RoleRight[] {
    if (this.#roles === undefined) return [EVERYTHING];
    const rights = object.rights ?? DEFAULT_RIGHTS;
    return this.#roles.flatMap((role) => rights.get(role) ?? []);
  }
}

/** Pure: what the rights of several roles come to. */
function objectAccess(object: ModelObject, rights: readonly RoleRight[], clear: boolean): ObjectAccess {
  const readers = rights.filter((right) => right.read !== false);
  const visible = new Set<string>();
  for (const name of [...object.attributes.keys(), ...object.relations.keys()]) {
    const showing = readers.filter((right) => !right.hide.has(name));
    // A role that shows it on some rows only would have to hide it on the others: it stays hidden unless a role shows it wherever it reads.
    if (showing.length > 0 && (showing.length === readers.length || showing.some((right) => right.read === true)))
      visible.add(name);
  }
  const writable = new Map<string, readonly Expression[] | undefined>();
  for (const attribute of object.attributes.values()) {
    const writers = readers.filter((right) => right.write === 'all' || right.write.has(attribute.name));
    if (writers.length > 0 && visible.has(attribute.name)) writable.set(attribute.name, rulesOf(writers));
  }
  const linkable = new Map<string, readonly Expression[] | undefined>();
  for (const { name, through } of object.relations.values()) {
    const writers = readers.filter((right) => right.write === 'all' || right.write.has(name));
    if (through !== undefined && writers.length > 0 && visible.has(name)) linkable.set(name, rulesOf(writers));
  }
  const revealed = new Map<string, readonly Expression[] | undefined>();
  for (const { name, sensitive } of object.attributes.values()) {
    const readersOf = readers.filter(({ reveal }) => reveal === 'all' || reveal.has(name));
    if (sensitive && readersOf.length > 0 && visible.has(name)) revealed.set(name, rulesOf(readersOf));
  }
  const creators = readers.filter((right) => right.create);
  const deleters = readers.filter((right) => right.delete);
  return {
    read: readers.length > 0,
    rules: rulesOf(readers),
    visible,
    create: creators.length > 0,
    createRules: rulesOf(creators),
    delete: deleters.length > 0,
    deleteRules: rulesOf(deleters),
    writable,
    linkable,
    revealed,
    clear,
  };
}

/** Whether conditions and orders may speak of an attribute: what is masked must not be told by them either. */
export function mayUse({ name, sensitive }: { name: string; sensitive: boolean }, access: ObjectAccess): boolean {
  return !sensitive || access.clear || (access.revealed.has(name) && access.revealed.get(name) === undefined);
}

function rulesOf(rights: readonly RoleRight[]): readonly Expression[] | undefined {
  const rules: Expression[] = [];
  for (const { read } of rights) {
    if (read === true) return undefined;
    if (read !== false) rules.push(read);
  }
  return rules;
}
