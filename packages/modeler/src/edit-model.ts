import { isDeepStrictEqual } from 'node:util';
import { editsFor, moveKey, renameKey, spliceYaml } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';
import { memberUnknown, nameTaken, objectInherited, objectUnknown, orderInherited, spliceFailed } from './errors.js';
import type { Operation } from './operation.js';
import { followMember, followObject, withoutMember } from './references.js';
import {
  bodyOf,
  isInherited,
  type Members,
  type ModelTexts,
  mapping,
  membersOf,
  readObjects,
  type Written,
  type WrittenObject,
} from './written-model.js';

/** What an edit has to know beside the files. */
export interface Ground {
  /** The files as they are saved: what is renamed in them is called by its former name in the database. */
  saved: ModelTexts;
  managed(database: string): boolean;
  /** The columns in which an attribute is stored now. */
  columns(object: string, attribute: string): readonly string[];
}

/** What an object begins with. */
const BEGINNING: Written = {
  attributes: { id: { type: 'text', key: 'generated' } },
  rights: { administrator: 'all' },
};

/**
 * The files with one edit made, in the front office's own folder alone: a difference where a layer below says the rest. Only the text of
 * what is edited changes. Pure.
 *
 * @throws CarusoError MODELER_* where the edit cannot be made
 * @example
 * editModel(texts, { do: 'set', object: 'Customer', path: ['attributes', 'name', 'required'], value: true }, ground);
 */
export function editModel(texts: ModelTexts, operation: Operation, ground: Ground): ModelTexts {
  const edit = new Edit(texts, ground);
  edit.make(operation);
  return edit.texts;
}

/** The files in the course of one edit. */
class Edit {
  constructor(
    public texts: ModelTexts,
    private readonly ground: Ground,
  ) {}

  make(operation: Operation): void {
    switch (operation.do) {
      case 'add object':
        return this.#addObject(operation);
      case 'remove object':
        return this.#removeObject(operation.object);
      case 'rename object':
        return this.#renameObject(operation.object, operation.to);
      case 'set':
        return this.set(this.object(operation.object), operation.path, operation.value ?? undefined);
      case 'add':
        return this.#add(operation);
      case 'rename':
        return this.#rename(operation);
      case 'remove':
        return this.#remove(operation);
      case 'move':
        return this.#move(operation);
    }
  }

  objects(): WrittenObject[] {
    return readObjects(this.texts);
  }

  object(name: string): WrittenObject {
    const found = this.objects().find((each) => each.name === name);
    if (found === undefined) throw objectUnknown(name);
    return found;
  }

  /** Says a value at a path of an object, on top of what the layers below say; undefined takes it away. */
  set(object: WrittenObject, path: readonly string[], value: unknown): void {
    // Attributes and relations are said as a whole, so that `name: text` can grow.
    const [top = '', name, ...rest] = path;
    const whole = rest.length > 0 && name !== undefined && (top === 'attributes' || top === 'relations');
    const at = whole ? [top, name] : [...path];
    const body = bodyOf(valueAt(object.value, at));
    const wanted = whole ? withValue(body, rest, value) : value;
    if (whole && isDeepStrictEqual(wanted, body)) return;
    for (const edit of editsFor(valueAt(object.lower, at), valueAt(object.own, at), wanted, at))
      this.#splice(object, (text) => spliceYaml(text, edit.path, edit.value));
  }

  #splice(object: WrittenObject, splice: (text: string) => string): void {
    const own = new Map(this.texts.own);
    const text = own.get(object.file) ?? `object: ${object.name}\n`;
    try {
      own.set(object.file, splice(text));
    } catch (error) {
      throw error instanceof CarusoError ? error : spliceFailed(object.file, error);
    }
    this.texts = { ...this.texts, own };
  }

  #addObject({ name, declaration }: Extract<Operation, { do: 'add object' }>): void {
    if (this.objects().some((each) => each.name === name)) throw nameTaken('the model', name);
    const words = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
    const taken = (file: string) => this.texts.own.has(file) || this.texts.below.has(file);
    let file = `model/${words}.yaml`;
    for (let count = 2; taken(file); count += 1) file = `model/${words}-${count}.yaml`;
    const own = new Map(this.texts.own).set(file, `object: ${name}\n`);
    this.texts = { ...this.texts, own };
    for (const [key, value] of Object.entries<unknown>(declaration ?? BEGINNING)) {
      if (key === 'object') continue;
      const entries = ['attributes', 'relations', 'rights'].includes(key) ? Object.entries(mapping(value)) : [];
      for (const [entry, body] of entries) this.set(this.object(name), [key, entry], body);
      if (entries.length === 0) this.set(this.object(name), [key], value);
    }
  }

  #removeObject(name: string): void {
    const object = this.object(name);
    if (object.below) throw objectInherited(name);
    const own = new Map(this.texts.own);
    own.delete(object.file);
    this.texts = { ...this.texts, own };
  }

  #renameObject(name: string, to: string): void {
    const object = this.object(name);
    if (this.objects().some((each) => each.name === to)) throw nameTaken('the model', to);
    this.set(object, ['object'], to);
    const before = this.#saved(object.file)?.name;
    if (object.value['table'] === undefined) {
      if (before === name) this.set(this.object(to), ['was'], name);
      else if (before === to) this.set(this.object(to), ['was'], undefined);
    }
    for (const { object: each, path, value } of followObject(this.objects(), name, to))
      this.set(this.object(each), path, value);
  }

  #add({ object: name, in: kind, name: member, value, before }: Extract<Operation, { do: 'add' }>): void {
    const object = this.object(name);
    const taken = membersOf(object, 'attributes').has(member) || membersOf(object, 'relations').has(member);
    if (taken) throw nameTaken(name, member);
    this.set(object, [kind, member], value);
    const removed = listAt(object.value, 'removed');
    if (kind === 'attributes' && removed.includes(member))
      this.#setList(this.object(name), ['removed'], removed, member);
    if (before !== undefined && Object.hasOwn(mapping(this.object(name).own[kind]), before))
      this.#splice(object, (text) => moveKey(text, [kind, member], before));
  }

  #rename({ object: name, in: kind, name: member, to }: Extract<Operation, { do: 'rename' }>): void {
    const object = this.object(name);
    const body = this.#member(object, kind, member);
    if (membersOf(object, 'attributes').has(to) || membersOf(object, 'relations').has(to)) throw nameTaken(name, to);
    const others = this.objects();
    const renamed =
      kind === 'attributes' ? this.#formerly(object, member, to, body) : this.#formerLinks(object, member, to, body);
    if (isInherited(object, kind, member)) {
      this.set(object, [kind, member], undefined);
      this.set(this.object(name), [kind, to], renamed);
    } else {
      this.#splice(object, (text) => renameKey(text, [kind, member], to));
      this.set(this.object(name), [kind, to], shortened(object, kind, member, renamed));
    }
    for (const each of this.objects())
      if (each.bases.includes(name) && Object.hasOwn(mapping(each.own[kind]), member))
        this.#splice(each, (text) => renameKey(text, [kind, member], to));
    for (const { object: each, path, value } of followMember(others, { object: name, name: member, to }))
      this.set(this.object(each), path, value);
  }

  #remove({ object: name, in: kind, name: member, data }: Extract<Operation, { do: 'remove' }>): void {
    const object = this.object(name);
    const body = this.#member(object, kind, member);
    const only = Object.keys(mapping(object.own[kind])).join() === member && !isInherited(object, kind, member);
    if (only) this.#splice(object, (text) => spliceYaml(text, [kind], undefined));
    else this.set(object, [kind, member], undefined);
    for (const { path, value } of withoutMember(object, member)) this.set(this.object(name), path, value);
    if (kind === 'attributes' && !this.ground.managed(String(object.value['database'] ?? 'main')))
      this.#ignore(object, member);
    if (kind !== 'attributes' || data !== 'remove') return;
    const saved = this.#saved(object.file)?.name ?? name;
    const stored = [member, String(body['was'])]
      .map((each) => this.ground.columns(saved, each))
      .find((each) => each.length > 0);
    if (stored === undefined) return;
    const gone = stored.length === 1 && body['column'] === undefined ? [member] : stored;
    const removed = listAt(object.value, 'removed');
    this.set(this.object(name), ['removed'], [...removed, ...gone.filter((each) => !removed.includes(each))]);
  }

  /** What is taken out of a legacy table knowingly does not come back with the next import. */
  #ignore(object: WrittenObject, member: string): void {
    const columns = this.ground.columns(this.#saved(object.file)?.name ?? object.name, member);
    const ignored = listAt(object.value, 'ignore');
    const more = columns.filter((each) => !ignored.includes(each));
    if (more.length > 0) this.set(this.object(object.name), ['ignore'], [...ignored, ...more]);
  }

  #move({ object: name, in: kind, name: member, before }: Extract<Operation, { do: 'move' }>): void {
    const object = this.object(name);
    for (const each of before === null ? [member] : [member, before]) {
      this.#member(object, kind, each);
      if (isInherited(object, kind, each)) throw orderInherited(name, each);
    }
    this.#splice(object, (text) => moveKey(text, [kind, member], before));
  }

  #member(object: WrittenObject, kind: Members, name: string): Written {
    const body = membersOf(object, kind).get(name);
    if (body === undefined) throw memberUnknown(object.name, name);
    return body;
  }

  #saved(file: string): WrittenObject | undefined {
    return readObjects(this.ground.saved).find((each) => each.file === file);
  }

  /** A renamed attribute keeps its values: a legacy one its column, another says what it was called. */
  #formerly(object: WrittenObject, member: string, to: string, body: Written): Written {
    const computed = ['formula', 'count', 'sum'].some((key) => body[key] !== undefined);
    if (computed || body['column'] !== undefined || body['columns'] !== undefined) return body;
    const saved = this.#saved(object.file);
    const isSaved = (name: string) => saved !== undefined && membersOf(saved, 'attributes').has(name);
    if (!this.ground.managed(String(object.value['database'] ?? 'main'))) {
      const columns = this.ground.columns(object.name, member);
      if (columns.length === 0) return body;
      return columns.length === 1 ? { ...body, column: columns[0] } : { ...body, columns };
    }
    const { was: _, ...rest } = body;
    if (isSaved(to)) return rest;
    return isSaved(member) ? { ...rest, was: member } : body;
  }

  /** A table of links that is named after its relation keeps its links when that is renamed. */
  #formerLinks(object: WrittenObject, member: string, to: string, body: Written): Written {
    if (body['table'] !== true) return body;
    const saved = this.#saved(object.file);
    const isSaved = (name: string) => saved !== undefined && membersOf(saved, 'relations').has(name);
    const { was: _, ...rest } = body;
    if (isSaved(to)) return rest;
    return isSaved(member) ? { ...rest, was: member } : body;
  }

  #setList(object: WrittenObject, path: readonly string[], list: readonly unknown[], without: unknown): void {
    const rest = list.filter((each) => each !== without);
    this.set(object, path, rest.length === 0 ? undefined : rest);
  }
}

/** `name: text` stays as short as it was where nothing was added. */
function shortened(object: WrittenObject, kind: Members, member: string, body: Written): unknown {
  const written = valueAt(object.value, [kind, member]);
  return typeof written === 'string' && Object.keys(body).length === 1 ? written : body;
}

function listAt(value: Written, key: string): unknown[] {
  const list = value[key];
  return Array.isArray(list) ? list : [];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((each, step) => mapping(each)[step], value);
}

function withValue(value: Written, path: readonly string[], put: unknown): Written {
  const [step = '', ...rest] = path;
  const inner = rest.length === 0 ? put : withValue(mapping(value[step]), rest, put);
  const { [step]: _, ...others } = value;
  return inner === undefined ? others : { ...value, [step]: inner };
}
