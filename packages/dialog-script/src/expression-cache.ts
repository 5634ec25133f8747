import { type Compiled, compile, type Schema, type ValueType } from '@caruso/expressions';

/** Expressions that are kept; then all are forgotten. */
const most = 5000;

const compiled = new Map<string, Compiled>();
const numbers = new WeakMap<object, number>();
let last = 0;

/**
 * What an expression means depends on its text, on the types of the names it mentions and on the model. Where all of these are as before it
 * is not compiled again: one edit of a script changes one expression. Those with faults are, as their remedies name what else there is.
 */
export class ExpressionCache {
  readonly #types = new Map<string, string>();

  constructor(
    /** The model's objects; the same object stands for the same model. */
    readonly model: object,
    /** Objects by name, those of the script included. */
    readonly objects: Readonly<Record<string, Record<string, ValueType>>>,
    readonly names: ReadonlyMap<string, { kind: string; type: ValueType }>,
  ) {}

  /** @param variables what the schema's variables are, where they are not the script's names */
  compile(source: string, schema: Schema, expects: ValueType | undefined, variables: string): Compiled {
    const mentioned = new Set(source.match(/[A-Za-z_]\w*/g));
    const types = [...mentioned].map((name) => this.#typeOf(name)).join(' ');
    const key = `${numberOf(this.model)}|${variables}|${JSON.stringify(expects)}|${types}|${source}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = compile(source, schema, expects === undefined ? {} : { expects });
    if (!made.ok) return made;
    if (compiled.size >= most) compiled.clear();
    compiled.set(key, made);
    return made;
  }

  #typeOf(name: string): string {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const declared = this.names.get(name);
    const text = declared === undefined ? '' : `${name}:${declared.kind}:${this.#written(declared.type)}`;
    this.#types.set(name, text);
    return text;
  }

  /** A type in full where it is the script's own: of the model's, the name says all. */
  #written(type: ValueType): string {
    if (typeof type === 'string') return type;
    if ('list' in type) return `[${this.#written(type.list)}]`;
    const attributes = Object.hasOwn(this.model, type.object) ? undefined : this.objects[type.object];
    if (attributes === undefined) return `<${type.object}>`;
    const parts = Object.entries(attributes).map(([name, each]) => `${name}:${this.#written(each)}`);
    return `<${type.object} ${parts.join(',')}>`;
  }
}

function numberOf(model: object): number {
  const known = numbers.get(model);
  if (known !== undefined) return known;
  numbers.set(model, ++last);
  return last;
}
