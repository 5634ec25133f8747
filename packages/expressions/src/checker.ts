import { arithmetic, negation } from './arithmetic.js';
import { accepts, builtins } from './builtins.js';
import { equality, ordering } from './comparison.js';
import type { ExpressionErrorCode } from './errors.js';
import { type ExpressionFault, faultAt, quote, type Span } from './fault.js';
import { nearest } from './nearest.js';
import type { BinaryNode, CallNode, MacroNode, Node, PathNode } from './node.js';
import { isMacro, macroNames, settle } from './node.js';
import { remedyForOperands } from './remedies.js';
import type { Schema } from './schema.js';
import { fits, isList, isObject, typeName, unify, type ValueType } from './value-type.js';

/** What a macro binds: the element's type and the path of the list it comes from, for the dependencies. */
interface Local {
  readonly type: ValueType;
  readonly origin: string | undefined;
}

export interface Checked {
  readonly type: ValueType;
  readonly dependencies: string[];
  readonly faults: ExpressionFault[];
}

/** Gives every node its type and reports all that is wrong; what is unknown counts as `any`, so one fault causes no others. */
export function checkTree(source: string, tree: Node, schema: Schema): Checked {
  const checker = new Checker(source, schema);
  const type = checker.check(tree);
  return { type, dependencies: [...checker.dependencies], faults: checker.faults };
}

class Checker {
  readonly faults: ExpressionFault[] = [];
  readonly dependencies = new Set<string>();
  readonly #source: string;
  readonly #schema: Schema;
  #locals: ReadonlyMap<string, Local> = new Map();

  constructor(source: string, schema: Schema) {
    this.#source = source;
    this.#schema = schema;
  }

  check(node: Node): ValueType {
    return settle(node, this.#typeOf(node));
  }

  #typeOf(node: Node): ValueType {
    switch (node.kind) {
      case 'literal':
        return node.type;
      case 'path':
        return this.#path(node);
      case 'select': {
        const type = this.#attribute(this.check(node.target), node.attribute, node.attributeOffset, node.target);
        this.#depend(this.#origin(node));
        return type;
      }
      case 'index': {
        const list = this.check(node.list);
        this.#expect(node.index, 'integer', 'a list is indexed', 'count from 0: invoices[0]; name attributes as a.b');
        if (isList(list)) return list.list;
        if (list !== 'any')
          this.#fault(node, 'EXPRESSION_TYPE', `${this.#quoted(node.list)} is no list`, 'index a list');
        return 'any';
      }
      case 'call':
        return this.#call(node);
      case 'unary': {
        const operand = this.check(node.operand);
        if (node.operator === 'not') {
          this.#boolean(node.operand, "'not'");
          return 'boolean';
        }
        const operation = negation(operand);
        if (operation !== undefined) return operation.type;
        const message = `'-' is given ${this.#quoted(node.operand)}`;
        return this.#fault(node, 'EXPRESSION_TYPE', message, "'-' goes before numbers and durations");
      }
      case 'binary':
        return this.#binary(node);
      case 'ternary': {
        this.check(node.condition);
        this.#boolean(node.condition, "the condition before '?'");
        return this.#together([node.whenTrue, node.whenFalse], 'the outcomes', node);
      }
      case 'list':
        return { list: node.items.length === 0 ? 'any' : this.#together(node.items, 'the elements', node) };
      case 'macro':
        return this.#macro(node);
    }
  }

  #path(node: PathNode): ValueType {
    const local = this.#locals.get(node.root);
    const settable: { local: boolean } = node as { local: boolean };
    settable.local = local !== undefined;
    let type: ValueType;
    let origin: string | undefined;
    if (local !== undefined) ({ type, origin } = local);
    else if (Object.hasOwn(this.#schema.variables, node.root)) {
      type = this.#schema.variables[node.root] ?? 'any';
      origin = node.root;
    } else {
      const at = { offset: node.offset, length: node.root.length };
      return this.#unknown(at, 'EXPRESSION_UNKNOWN_NAME', `unknown name '${node.root}'`, node.root, this.#names());
    }
    for (const [index, attribute] of node.attributes.entries()) {
      const before = { offset: node.offset, length: (node.attributeOffsets[index] ?? 0) - node.offset };
      type = this.#attribute(type, attribute, node.attributeOffsets[index] ?? node.offset, before);
      if (origin !== undefined) origin += `.${attribute}`;
    }
    this.#depend(origin);
    return type;
  }

  #names(): string[] {
    return [...this.#locals.keys(), ...Object.keys(this.#schema.variables)];
  }

  #attribute(owner: ValueType, attribute: string, offset: number, of: Span): ValueType {
    const at = { offset, length: attribute.length };
    if (attribute === '__proto__' || (owner === 'any' && (attribute === 'constructor' || attribute === 'prototype'))) {
      return this.#fault(
        at,
        'EXPRESSION_NOT_OFFERED',
        `'${attribute}' cannot be reached`,
        'name an attribute of the data',
      );
    }
    if (owner === 'any' || owner === 'null') return 'any';
    if (owner === 'money') {
      if (attribute === 'amount') return 'decimal';
      if (attribute === 'currency') return 'text';
      const message = `unknown attribute '${attribute}' of money`;
      return this.#unknown(at, 'EXPRESSION_UNKNOWN_ATTRIBUTE', message, attribute, ['amount', 'currency']);
    }
    if (isObject(owner)) {
      const objects = this.#schema.objects ?? {};
      const attributes = Object.hasOwn(objects, owner.object) ? objects[owner.object] : undefined;
      if (attributes === undefined) {
        const message = `the schema has no object '${owner.object}'`;
        const known = `it has ${Object.keys(objects).join(', ') || 'none'}`;
        return this.#fault(of, 'EXPRESSION_UNKNOWN_NAME', message, `${known}; add '${owner.object}' to the model`);
      }
      if (Object.hasOwn(attributes, attribute)) return attributes[attribute] ?? 'any';
      const message = `unknown attribute '${attribute}' of ${owner.object}`;
      return this.#unknown(at, 'EXPRESSION_UNKNOWN_ATTRIBUTE', message, attribute, Object.keys(attributes));
    }
    const name = quote(this.#source, of).replace(/[.\s]+$/, '');
    const message = `'${name}' is ${typeName(owner)} and has no attribute '${attribute}'`;
    const remedy = isList(owner)
      ? `ask its elements: ${name}.exists(x, x.${attribute} = ...), or one of them: ${name}[0].${attribute}`
      : `use '${name}' alone`;
    return this.#fault(at, 'EXPRESSION_UNKNOWN_ATTRIBUTE', message, remedy);
  }

  #call(node: CallNode): ValueType {
    const types = node.args.map((arg) => this.check(arg));
    const at = { offset: node.nameOffset, length: node.name.length };
    const builtin = builtins.get(node.name);
    const own = this.#schema.functions ?? {};
    const extra = builtin === undefined && Object.hasOwn(own, node.name) ? own[node.name] : undefined;
    if (extra !== undefined) {
      const signature = `${node.name}(${extra.args.map(typeName).join(', ')}): ${typeName(extra.returns)}`;
      if (!this.#counts(node, extra.args.length, extra.args.length, signature)) return extra.returns;
      for (const [index, wanted] of extra.args.entries()) {
        const type = types[index] ?? 'any';
        if (!fits(type, wanted)) this.#argument(node, index, typeName(wanted), signature);
      }
      return extra.returns;
    }
    if (builtin === undefined) return this.#unknownFunction(node, at, Object.keys(own));

    const most = builtin.variadic === true ? 50 : builtin.parameters.length;
    const least = builtin.parameters.length - (builtin.optional ?? 0);
    if (!this.#counts(node, least, most, builtin.signature)) return builtin.returns(types) ?? 'any';
    let sound = true;
    for (const [index, type] of types.entries()) {
      const kinds = builtin.parameters[index] ?? builtin.parameters.at(-1) ?? [];
      if (accepts(kinds, type)) continue;
      this.#argument(node, index, kinds.join(' or '), builtin.signature);
      sound = false;
    }
    const refusal = builtin.refuses?.(node.args);
    if (refusal !== undefined)
      this.#fault(node, 'EXPRESSION_TYPE', `${node.name}(): ${refusal}`, `as in ${builtin.signature}`);
    const type = builtin.returns(types);
    if (type === undefined && sound) {
      const message = `the arguments of ${node.name}() have different types: ${types.map(typeName).join(', ')}`;
      this.#fault(node, 'EXPRESSION_TYPE', message, 'give values of one type, or join them with text(x)');
    }
    return type ?? 'any';
  }

  #counts(node: CallNode, least: number, most: number, signature: string): boolean {
    if (node.args.length >= least && node.args.length <= most) return true;
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    const at = { offset: node.nameOffset, length: node.name.length };
    const message = `${node.name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${node.args.length}`;
    this.#fault(at, 'EXPRESSION_TYPE', message, `write it as ${signature}`);
    return false;
  }

  #argument(node: CallNode, index: number, wanted: string, signature: string): void {
    const arg = node.args[index];
    if (arg === undefined) return;
    const message = `${node.name}() takes ${wanted}, but argument ${index + 1} is ${this.#quoted(arg)}`;
    this.#fault(arg, 'EXPRESSION_TYPE', message, `write it as ${signature}`);
  }

  #unknownFunction(node: CallNode, at: Span, own: readonly string[]): ValueType {
    if (node.name === 'matches') {
      const remedy = "use like(text, '%pattern_'): % for any run of characters, _ for one";
      return this.#fault(at, 'EXPRESSION_NOT_OFFERED', 'matches() is not offered', remedy);
    }
    if (isMacro(node.name)) {
      const remedy = `ask it of a list: invoices.${node.name}(x, ...)`;
      return this.#fault(at, 'EXPRESSION_TYPE', `${node.name}() stands without a list before it`, remedy);
    }
    const names = [...builtins.keys(), ...own, ...macroNames, 'has'];
    return this.#unknown(at, 'EXPRESSION_UNKNOWN_FUNCTION', `unknown function '${node.name}'`, node.name, names);
  }

  #binary(node: BinaryNode): ValueType {
    const left = this.check(node.left);
    const right = this.check(node.right);
    switch (node.operator) {
      case 'and':
      case 'or':
        this.#boolean(node.left, `'${node.operator}'`);
        this.#boolean(node.right, `'${node.operator}'`);
        return 'boolean';
      case '=':
      case '<>':
        if (equality(left, right) === undefined) this.#operands(node, 'compares');
        return 'boolean';
      case 'in':
        if (right !== 'any' && right !== 'null' && (!isList(right) || equality(left, right.list) === undefined)) {
          this.#operands(node, 'looks for');
        }
        return 'boolean';
      case '<':
      case '<=':
      case '>':
      case '>=':
        if (ordering(node.operator, left, right) === undefined) this.#operands(node, 'compares');
        return 'boolean';
      default:
        return arithmetic(node.operator, left, right)?.type ?? this.#operands(node, 'is given');
    }
  }

  #operands(node: BinaryNode, verb: string): ValueType {
    const joint = node.operator === 'in' ? 'in' : verb === 'compares' ? 'with' : 'and';
    const message = `'${node.operator}' ${verb} ${this.#quoted(node.left)} ${joint} ${this.#quoted(node.right)}`;
    return this.#fault(node, 'EXPRESSION_TYPE', message, remedyForOperands(this.#source, node));
  }

  #macro(node: MacroNode): ValueType {
    const list = this.check(node.list);
    if (!isList(list) && list !== 'any' && list !== 'null') {
      const message = `${node.name}() is asked of ${this.#quoted(node.list)}, which is no list`;
      this.#fault(node.list, 'EXPRESSION_TYPE', message, 'ask it of a list, such as a to-many relation');
    }
    const outer = this.#locals;
    const local: Local = { type: isList(list) ? list.list : 'any', origin: this.#origin(node.list) };
    this.#locals = new Map([...outer, [node.variable, local]]);
    const body = this.check(node.body);
    if (node.name !== 'map') this.#boolean(node.body, `${node.name}()`);
    this.#locals = outer;
    if (node.name === 'map') return { list: body };
    return node.name === 'filter' ? (isList(list) ? list : { list: 'any' }) : 'boolean';
  }

  /** The dotted path whose data a node's attributes are read from. */
  #origin(node: Node): string | undefined {
    if (node.kind === 'path') {
      const root = this.#locals.has(node.root) ? this.#locals.get(node.root)?.origin : node.root;
      return root === undefined ? undefined : [root, ...node.attributes].join('.');
    }
    if (node.kind === 'index' || (node.kind === 'macro' && node.name === 'filter')) return this.#origin(node.list);
    if (node.kind !== 'select') return undefined;
    const target = this.#origin(node.target);
    return target === undefined ? undefined : `${target}.${node.attribute}`;
  }

  #depend(path: string | undefined): void {
    if (path !== undefined) this.dependencies.add(path);
  }

  #together(nodes: readonly Node[], what: string, whole: Node): ValueType {
    const types = nodes.map((node) => this.check(node));
    const type = types.reduce<ValueType | undefined>(
      (all, next) => (all === undefined ? all : unify(all, next)),
      types[0],
    );
    if (type !== undefined) return type;
    const message = `${what} have different types: ${[...new Set(types.map(typeName))].join(', ')}`;
    return this.#fault(whole, 'EXPRESSION_TYPE', message, 'give values of one type, for example with text(x)');
  }

  #boolean(node: Node, who: string): void {
    if (fits(node.type, 'boolean')) return;
    const text = quote(this.#source, node);
    const remedy = isList(node.type) ? `ask it something: ${text}.size() > 0` : `compare it: ${text} = ...`;
    this.#fault(node, 'EXPRESSION_TYPE', `${who} needs a condition, but '${text}' is ${typeName(node.type)}`, remedy);
  }

  #expect(node: Node, wanted: ValueType, who: string, remedy: string): void {
    const type = this.check(node);
    if (fits(type, wanted)) return;
    this.#fault(node, 'EXPRESSION_TYPE', `${who} by ${typeName(wanted)}, not by ${this.#quoted(node)}`, remedy);
  }

  /** `name (text)`: the source of a node with its type. */
  #quoted(node: Node): string {
    return `${quote(this.#source, node)} (${typeName(node.type)})`;
  }

  #unknown(at: Span, code: ExpressionErrorCode, message: string, name: string, known: readonly string[]): ValueType {
    const near = nearest(name, known);
    const some = known.slice(0, 12).join(', ') + (known.length > 12 ? ', ...' : '');
    if (near !== undefined) return this.#fault(at, code, message, `write '${near}'`);
    return this.#fault(at, code, message, some === '' ? 'nothing is known here' : `known here: ${some}`);
  }

  #fault(at: Span, code: ExpressionErrorCode, message: string, remedy: string): ValueType {
    this.faults.push(faultAt(this.#source, at, code, message, remedy));
    return 'any';
  }
}
