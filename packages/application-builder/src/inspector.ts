import { namesInCall } from '@caruso/business-objects/contract';
import { type Fault, type Locate, nearest, type Path, type Position } from '@caruso/declarations';
import { compile, compileTemplate, type Expression, type Schema, type Template } from '@caruso/expressions';
import type { MethodDescription } from '@caruso/service-manager/contract';
import { type Additions, type Shapes, toMany, toOne } from './shapes.js';

/** What screens are checked against. */
export interface ScreenContext {
  shapes: Shapes;
  /** What people may add to the records of each object. */
  additions: Additions;
  /** Undefined where they are not known yet: they come and go while the front office runs. */
  methods: readonly MethodDescription[] | undefined;
  scripts: readonly string[] | undefined;
}

/** Looks up what one file names, and keeps what is wrong with its place. */
export class Inspector {
  readonly faults: Fault[] = [];

  constructor(
    readonly context: ScreenContext,
    private readonly locate: Locate,
  ) {}

  object(name: string, at: Path): boolean {
    return this.#known(name, Object.keys(this.context.shapes), at, 'SCREEN_OBJECT_UNKNOWN', `the object '${name}'`);
  }

  script(name: string, at: Path): void {
    const { scripts } = this.context;
    if (scripts !== undefined) this.#known(name, scripts, at, 'SCREEN_SCRIPT_UNKNOWN', `the script '${name}'`);
  }

  /** A path of attributes over to-one relations. */
  path(object: string, path: string, at: Path, place: Position = this.locate(at)): void {
    let current = object;
    const steps = path.split('.');
    for (const [index, step] of steps.entries()) {
      const shape = this.context.shapes[current];
      if (shape === undefined) return;
      const usable = Object.keys(shape).filter((name) => toMany(shape[name]) === undefined);
      if (toMany(shape[step]) !== undefined) {
        const message = `'${step}' of ${current} is a list, not one value`;
        this.fault(at, 'SCREEN_ATTRIBUTE_LIST', message, 'show it in a block of its own: { list: ... }');
        return;
      }
      if (!usable.includes(step)) {
        this.#unknown(place, step, usable, 'SCREEN_ATTRIBUTE_UNKNOWN', `the attribute '${step}' of ${current}`);
        return;
      }
      const next = toOne(shape[step]);
      if (index === steps.length - 1) return;
      if (next === undefined) {
        const message = `'${step}' of ${current} leads to no other object`;
        this.fault(at, 'SCREEN_ATTRIBUTE_UNKNOWN', message, `write '${steps.slice(0, index + 1).join('.')}' alone`);
        return;
      }
      current = next;
    }
  }

  /** An attribute that is a key of a mapping. */
  key(object: string, name: string, at: Path): void {
    this.path(object, name, at, this.locate.key(at));
  }

  /** A block of notes or files, which the object must have. */
  addition(object: string, kind: 'notes' | 'attachments', at: Path): void {
    if (this.context.additions.get(object)?.[kind] !== false) return;
    const message = `${object} has no ${kind}`;
    const remedy = `write '${kind}: true' in the model file of ${object}, or remove the block`;
    this.faults.push({ ...this.locate.key(at), code: 'SCREEN_BLOCK_UNDECLARED', message, remedy, severity: 'error' });
  }

  /** A method, and the names of its input. */
  method(method: string, at: Path, input: Readonly<Record<string, unknown>>, inputAt: Path): void {
    const { methods } = this.context;
    if (methods === undefined) return;
    const names = methods.map((each) => `${each.contract}.${each.method}`);
    if (!this.#known(method, names, at, 'SCREEN_METHOD_UNKNOWN', `the method '${method}'`)) return;
    const found = methods.find((each) => `${each.contract}.${each.method}` === method);
    if (found !== undefined && found.allow.length === 0) {
      const message = `'${method}' is for components only; nobody could use it from a screen`;
      this.fault(at, 'SCREEN_METHOD_INTERNAL', message, 'name a method that roles may call');
    }
    const shape = found !== undefined && 'shape' in found.input ? (found.input.shape as object) : undefined;
    if (shape === undefined) return;
    for (const name of namesInCall(method, input)) {
      const place = [...inputAt, ...name.path];
      if (name.relation !== undefined) this.#relation(name.object, name.relation, place);
      else if (name.attribute === undefined) this.object(name.object, place);
      else this.key(name.object, name.attribute, place);
    }
    for (const name of Object.keys(input)) {
      const what = `the input '${name}' of ${method}`;
      if (Object.hasOwn(shape, name)) continue;
      this.#unknown(this.locate.key([...inputAt, name]), name, Object.keys(shape), 'SCREEN_INPUT_UNKNOWN', what);
    }
  }

  #relation(object: string, relation: string, at: Path): void {
    const shape = this.context.shapes[object];
    if (shape === undefined) return;
    // A reference is a relation too.
    const known = Object.keys(shape).filter((name) => (toMany(shape[name]) ?? toOne(shape[name])) !== undefined);
    this.#known(relation, known, at, 'SCREEN_RELATION_UNKNOWN', `the relation '${relation}' of ${object}`);
  }

  /** A condition over a record. */
  condition(object: string, source: string, at: Path): Expression | undefined {
    const marked = /^=\s+/.exec(source)?.[0] ?? '';
    const compiled = compile(source.slice(marked.length), this.#schema(object), { expects: 'boolean' });
    if (compiled.ok) return compiled.expression;
    for (const each of compiled.faults) this.#expression(each, at, each.offset + marked.length);
    return undefined;
  }

  /** A filter of a list; it is not evaluated here. */
  filter(object: string, source: string, at: Path): void {
    const variable = object.charAt(0).toLowerCase() + object.slice(1);
    const { shapes } = this.context;
    const variables = { [variable]: { object }, user: 'any' as const, ...shapes[object] };
    const compiled = compile(source, { variables, objects: shapes }, { expects: 'boolean' });
    if (!compiled.ok) for (const each of compiled.faults) this.#expression(each, at, each.offset);
  }

  template(object: string, value: unknown, at: Path): Template | undefined {
    const compiled = compileTemplate(value, this.#schema(object));
    if (compiled.ok) return compiled.template;
    for (const each of compiled.faults) this.#expression(each, [...at, ...each.path], each.offset);
    return undefined;
  }

  fault(at: Path, code: string, message: string, remedy: string): void {
    this.faults.push({ ...this.locate(at), code, message, remedy, severity: 'error' });
  }

  name(name: string, known: readonly string[], at: Path, code: string, what: string): boolean {
    return this.#known(name, known, at, code, what);
  }

  /** The attributes of the record by name, the record itself, and the user. */
  #schema(object: string): Schema {
    const { shapes } = this.context;
    return { variables: { user: 'any', record: { object }, ...shapes[object] }, objects: shapes };
  }

  #expression(each: { code: string; message: string; remedy: string }, at: Path, offset: number): void {
    const { code, message, remedy } = each;
    this.faults.push({ ...this.locate.within(at, offset), code, message, remedy, severity: 'error' });
  }

  #known(name: string, known: readonly string[], at: Path, code: string, what: string): boolean {
    if (known.includes(name)) return true;
    this.#unknown(this.locate(at), name, known, code, what);
    return false;
  }

  #unknown(position: Position, name: string, known: readonly string[], code: string, what: string): void {
    const meant = nearest(name, known);
    const remedy = meant === undefined ? `known are ${known.slice(0, 12).join(', ')}` : `did you mean '${meant}'?`;
    this.faults.push({ ...position, code, message: `${what} does not exist`, remedy, severity: 'error' });
  }
}
