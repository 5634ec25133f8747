import { compile, didYouMean, type Expression, type Schema, type ValueType } from '@caruso/expressions';
import { ExpressionCache } from './expression-cache.js';
import type { Faults } from './fault.js';
import type { Shape } from './method-shape.js';
import type { Name } from './program.js';
import type { XmlAttribute, XmlElement } from './xml-tree.js';

/** A method an action may call, as the compiler needs it. */
export interface MethodShape {
  contract: string;
  method: string;
  idempotent: boolean;
  /** JSON schemas. */
  input: Shape;
  output: Shape;
}

/** What a script is to those that call it. */
export interface Signature {
  params: readonly { name: string; type: ValueType; dir: 'in' | 'out' | 'inout' }[];
  outcomes: readonly string[];
}

/** Roots under which a script's values are always reachable. */
export const roots = ['params', 'vars', 'answers', 'results', 'session'] as const;

const rootOf: Readonly<Record<Name['kind'], string>> = {
  param: 'params',
  var: 'vars',
  answer: 'answers',
  result: 'results',
};

const undecided = mustCompile('1 = 2');

function mustCompile(source: string): Expression {
  const compiled = compile(source, { variables: {} });
  if (!compiled.ok) throw new TypeError(`'${source}' should be an expression`);
  return compiled.expression;
}

const sessionType: Record<string, ValueType> = {
  id: 'text',
  channel: 'text',
  language: 'text',
  starter: 'text',
  interaction: 'text',
  attempt: 'integer',
};

/** Answers that have parts. */
export const answerObjects = {
  address: "answer's address",
  file: "answer's file",
  signature: "answer's signature",
} as const;

const answerParts: Record<string, Record<string, ValueType>> = {
  [answerObjects.address]: { street: 'text', postcode: 'text', city: 'text', country: 'text' },
  [answerObjects.file]: { id: 'text', name: 'text', type: 'text', size: 'integer' },
  [answerObjects.signature]: { name: 'text', strokes: 'text' },
};

/** What all parts of one compilation share: the faults, the names, where steps and sections begin. */
export class CompilerContext {
  readonly names = new Map<string, Name>();
  /** Index of the step that an id of a step or section leads to. */
  readonly targets = new Map<string, number>();
  /** Params that go out: `set` gives them a value. */
  readonly results = new Set<string>();
  channels: readonly string[] = ['agent'];
  /** Everything compiled so far, to see which attributes of found objects are used. */
  readonly expressions: Expression[] = [];
  readonly #cache: ExpressionCache;
  #schema: Schema | undefined;

  /** @param model the model's objects, which `objects` begins with */
  constructor(
    readonly faults: Faults,
    readonly language: string,
    readonly objects: Record<string, Record<string, ValueType>>,
    model: object,
    readonly methods: readonly MethodShape[] | undefined,
    readonly scripts: ((id: string) => Signature | undefined) | undefined,
    readonly scriptNames: readonly string[] = [],
  ) {
    this.#cache = new ExpressionCache(model, objects, this.names);
  }

  /** Declares a name once; twice, or with letters expressions do not know, is a fault. */
  declare(attribute: XmlAttribute | undefined, kind: Name['kind'], type: ValueType): void {
    if (attribute === undefined) return;
    const { value, valueOffset } = attribute;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value) || (roots as readonly string[]).includes(value)) {
      const remedy = `use letters, digits and _, and none of ${roots.join(', ')}`;
      this.faults.add(valueOffset, 'SCRIPT_NAME', `'${value}' cannot be a name in expressions`, remedy);
    } else if (this.names.has(value)) {
      const remedy = 'give each param, var, answer and result its own name';
      this.faults.add(valueOffset, 'SCRIPT_NAME_DUPLICATE', `the name '${value}' is given twice`, remedy);
    } else this.names.set(value, { kind, type });
  }

  /** What expressions of the script may name; complete once all names are declared. */
  get schema(): Schema {
    this.#schema ??= {
      variables: {
        ...Object.fromEntries([...this.names].map(([name, { type }]) => [name, type])),
        ...this.rootVariables,
      },
      objects: this.schemaObjects,
    };
    return this.#schema;
  }

  #schemaOver(object: string): Schema {
    return { variables: { ...this.objects[object], ...this.rootVariables }, objects: this.schemaObjects };
  }

  get rootVariables(): Record<string, ValueType> {
    return Object.fromEntries(roots.map((root) => [root, { object: `script's ${root}` }]));
  }

  get schemaObjects(): Record<string, Record<string, ValueType>> {
    const values: Record<string, Record<string, ValueType>> = { "script's session": sessionType };
    for (const root of Object.values(rootOf)) values[`script's ${root}`] = {};
    for (const [name, { kind, type }] of this.names) {
      const group = values[`script's ${rootOf[kind]}`];
      if (group !== undefined) group[name] = type;
    }
    return { ...this.objects, ...answerParts, ...values };
  }

  /**
   * Compiles the expression in an attribute; its faults get the place within the file, entities and all.
   *
   * @param over the object whose attributes it may name, in the place of the script's names
   */
  expression(attribute: XmlAttribute | undefined, expects?: ValueType, over = ''): Expression | undefined {
    if (attribute === undefined) return undefined;
    const schema = over === '' ? this.schema : this.#schemaOver(over);
    const compiled = this.#cache.compile(attribute.value, schema, expects, over);
    if (compiled.ok) {
      this.expressions.push(compiled.expression);
      return compiled.expression;
    }
    for (const fault of compiled.faults) {
      const offset = attribute.offsets[fault.offset] ?? attribute.valueOffset;
      this.faults.add(offset, fault.code, fault.message, fault.remedy);
    }
    return undefined;
  }

  /** The type of an expression while names are still being declared; `any` where it cannot be told yet. */
  typeSoFar(attribute: XmlAttribute): ValueType {
    const variables = Object.fromEntries([...this.names].map(([name, { type }]) => [name, type]));
    const schema = { variables: { ...variables, ...this.rootVariables }, objects: this.schemaObjects };
    const compiled = compile(attribute.value, schema);
    return compiled.ok ? compiled.expression.type : 'any';
  }

  condition(element: XmlElement): Expression | undefined {
    const attribute = element.attributes.get('if');
    // A faulty condition still is one: what stands below it can be reached.
    return attribute === undefined ? undefined : (this.expression(attribute, 'boolean') ?? undecided);
  }

  /** The step where `to` of a `next` or `fail` leads; a fault, and 0, where there is none. */
  target(element: XmlElement): number {
    const attribute = element.attributes.get('to');
    if (attribute === undefined) return 0;
    const found = this.targets.get(attribute.value);
    if (found !== undefined) return found;
    const remedy = didYouMean(attribute.value, this.targets.keys(), 'name a step or a section of this script');
    const message = `there is no step or section '${attribute.value}'`;
    this.faults.add(attribute.valueOffset, 'SCRIPT_STEP_UNKNOWN', message, remedy);
    return 0;
  }
}
