import { arithmetic, negation } from './arithmetic.js';
import { accepts, type Builtin, builtins, callOut } from './builtins.js';
import { equality, ordering } from './comparison.js';
import { valueError } from './errors.js';
import { type Closure, type Frame, spend } from './frame.js';
import type { ArithmeticOperator, BinaryNode, CallNode, MacroNode, Node, OrderOperator, PathNode } from './node.js';
import type { Schema } from './schema.js';
import { caster, read, readAs, readOwn, typeOfRaw, write } from './value.js';
import { isList, isNumeric, typeName, unify, type ValueType } from './value-type.js';

/** Turns a checked tree into closures once, so that an evaluation only runs them. The result is an inside value. */
export function buildClosure(tree: Node, schema: Schema): Closure {
  return new Builder(schema).build(tree);
}

class Builder {
  readonly #schema: Schema;
  #scope: { readonly name: string; readonly place: string }[] = [];

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  build(node: Node): Closure {
    switch (node.kind) {
      case 'literal': {
        const value = read(node.type, node.value);
        return () => value;
      }
      case 'path':
        return this.#path(node);
      case 'select': {
        const target = this.build(node.target);
        const { attribute, type } = node;
        return (frame) => readAs(type, readOwn(target(frame), attribute), `attribute '${attribute}'`);
      }
      case 'index': {
        const list = this.#as(node.list, { list: 'any' });
        const index = this.#as(node.index, 'integer');
        const { type } = node;
        return (frame) => {
          const items = list(frame);
          const at = index(frame);
          if (!Array.isArray(items) || typeof at !== 'number') return null;
          return readAs(type, items[at], `element ${at} of a list`);
        };
      }
      case 'call':
        return this.#call(node);
      case 'unary': {
        if (node.operator === 'not') {
          const operand = this.#as(node.operand, 'boolean');
          return (frame) => operand(frame) !== true;
        }
        const operand = this.build(node.operand);
        const run = negation(node.operand.type)?.run;
        return (frame) => {
          const value = operand(frame);
          return value === null ? null : run?.(value as never, null as never);
        };
      }
      case 'binary':
        return this.#binary(node);
      case 'ternary': {
        const condition = this.#as(node.condition, 'boolean');
        const whenTrue = this.#as(node.whenTrue, node.type);
        const whenFalse = this.#as(node.whenFalse, node.type);
        return (frame) => (condition(frame) === true ? whenTrue(frame) : whenFalse(frame));
      }
      case 'list': {
        const element = isList(node.type) ? node.type.list : 'any';
        const items = node.items.map((item) => this.#as(item, element));
        return (frame) => items.map((item) => write(element, item(frame)));
      }
      case 'macro':
        return this.#macro(node);
    }
  }

  /** The closure of a node whose value is wanted as another type. */
  #as(node: Node, type: ValueType): Closure {
    const run = this.build(node);
    const cast = caster(node.type, type, `an operand of type ${typeName(node.type)}`);
    if (cast === undefined) return run;
    if (node.kind !== 'literal') return (frame) => cast(run(frame));
    const value = cast(read(node.type, node.value));
    return () => value;
  }

  #path({ root, attributes, type }: PathNode): Closure {
    const slot = this.#scope.findLastIndex((local) => local.name === root);
    const place = `'${[this.#scope[slot]?.place ?? root, ...attributes].join('.')}'`;
    const [first, second] = attributes;
    if (slot >= 0) {
      return (frame) => {
        let value = frame.locals[slot];
        for (const attribute of attributes) value = readOwn(value, attribute);
        return readAs(type, value, place);
      };
    }
    if (first === undefined) return (frame) => readAs(type, readOwn(frame.values, root), place);
    if (second === undefined) return (frame) => readAs(type, readOwn(readOwn(frame.values, root), first), place);
    return (frame) => {
      let value = readOwn(frame.values, root);
      for (const attribute of attributes) value = readOwn(value, attribute);
      return readAs(type, value, place);
    };
  }

  #binary(node: BinaryNode): Closure {
    switch (node.operator) {
      case 'and': {
        const left = this.#as(node.left, 'boolean');
        const right = this.#as(node.right, 'boolean');
        return (frame) => left(frame) === true && right(frame) === true;
      }
      case 'or': {
        const left = this.#as(node.left, 'boolean');
        const right = this.#as(node.right, 'boolean');
        return (frame) => left(frame) === true || right(frame) === true;
      }
      case '=':
        return this.#equal(node.left, node.right, true);
      case '<>':
        return this.#equal(node.left, node.right, false);
      case 'in':
        return this.#in(node.left, node.right);
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#order(node.operator, node.left, node.right);
      default:
        return this.#arithmetic(node.operator, node);
    }
  }

  #equal(left: Node, right: Node, wanted: boolean): Closure {
    const [a, b, leftType, rightType] = this.#numbers(left, right);
    const test = equality(leftType, rightType);
    return (frame) => {
      const x = a(frame);
      const y = b(frame);
      const equal = x === null || y === null ? x === y : test?.(x as never, y as never) === true;
      return equal === wanted;
    };
  }

  #order(operator: OrderOperator, left: Node, right: Node): Closure {
    const [a, b, leftType, rightType] = this.#numbers(left, right);
    const test = ordering(operator, leftType, rightType);
    return (frame) => {
      const x = a(frame);
      const y = b(frame);
      return x !== null && y !== null && test?.(x as never, y as never) === true;
    };
  }

  /**
   * Two operands to compare. A decimal literal that is exactly the shortest form of a float is compared with integers and
   * numbers as that float, which orders the same and is many times faster.
   */
  #numbers(left: Node, right: Node): [Closure, Closure, ValueType, ValueType] {
    const plain = (node: Node, other: Node): boolean =>
      node.kind === 'literal' &&
      node.type === 'decimal' &&
      (other.type === 'integer' || other.type === 'number') &&
      String(Number(node.value)) === node.value;
    const side = (node: Node, other: Node): [Closure, ValueType] => {
      if (plain(node, other)) return [this.#as(node, 'number'), 'number'];
      // an integer literal beside decimals is turned into a decimal once, not at each evaluation
      if (node.kind === 'literal' && node.type === 'integer' && other.type === 'decimal') {
        return [this.#as(node, 'decimal'), 'decimal'];
      }
      return [this.build(node), node.type];
    };
    const [a, leftType] = side(left, right);
    const [b, rightType] = side(right, left);
    return [a, b, leftType, rightType];
  }

  #in(left: Node, right: Node): Closure {
    const needle = this.build(left);
    const list = this.#as(right, isList(right.type) ? right.type : { list: 'any' });
    const element = isList(right.type) ? right.type.list : 'any';
    const test = equality(left.type, element);
    return (frame) => {
      const value = needle(frame);
      const items = list(frame);
      if (!Array.isArray(items)) return false;
      spend(frame, items.length);
      for (const raw of items) {
        const item = readAs(element, raw, "an element of the list after 'in'");
        if (item === null || value === null ? item === value : test?.(value as never, item as never)) return true;
      }
      return false;
    };
  }

  #arithmetic(operator: ArithmeticOperator, node: BinaryNode): Closure {
    const { left, right } = node;
    const widened = isNumeric(left.type) && isNumeric(right.type) ? unify(left.type, right.type) : undefined;
    // a literal is widened once; other operands when they are calculated with
    const side = (operand: Node): [Closure, ValueType] =>
      operand.kind === 'literal' && widened !== undefined
        ? [this.#as(operand, widened), widened]
        : [this.build(operand), operand.type];
    const [a, leftType] = side(left);
    const [b, rightType] = side(right);
    const run = arithmetic(operator, leftType, rightType)?.run;
    return (frame) => {
      const x = a(frame);
      const y = b(frame);
      return x === null || y === null ? null : run?.(x as never, y as never);
    };
  }

  #macro(node: MacroNode): Closure {
    const list = this.#as(node.list, isList(node.list.type) ? node.list.type : { list: 'any' });
    const slot = this.#scope.length;
    const place = node.list.kind === 'path' ? [node.list.root, ...node.list.attributes].join('.') : 'list';
    this.#scope = [...this.#scope, { name: node.variable, place: `${place}[]` }];
    const body = node.name === 'map' ? this.build(node.body) : this.#as(node.body, 'boolean');
    this.#scope = this.#scope.slice(0, -1);
    const items = (frame: Frame): readonly unknown[] => {
      const value = list(frame);
      return Array.isArray(value) ? value : [];
    };
    const visit = (frame: Frame, item: unknown): unknown => {
      spend(frame, 1);
      frame.locals[slot] = item;
      return body(frame);
    };
    const { name } = node;
    switch (name) {
      case 'exists':
        return (frame) => {
          for (const item of items(frame)) if (visit(frame, item) === true) return true;
          return false;
        };
      case 'all':
        return (frame) => {
          for (const item of items(frame)) if (visit(frame, item) !== true) return false;
          return true;
        };
      case 'exists_one':
        return (frame) => {
          let count = 0;
          for (const item of items(frame)) if (visit(frame, item) === true) count++;
          return count === 1;
        };
      case 'filter':
        return (frame) => items(frame).filter((item) => visit(frame, item) === true);
      case 'map': {
        const { type } = node.body;
        return (frame) => items(frame).map((item) => write(type, visit(frame, item)));
      }
    }
  }

  #call(node: CallNode): Closure {
    const builtin = builtins.get(node.name);
    if (builtin === undefined) return this.#extra(node);
    const args = node.args.map((arg) => this.build(arg));
    const types = node.args.map((arg) => arg.type);
    const open = types.some((type, index) => type === 'any' && !parameterOf(builtin, index).includes('any'));
    const apply = open ? applyOpen(node, builtin, types) : builtin.build(types);
    const { onNull } = builtin;
    return (frame) => {
      const values: unknown[] = [];
      for (const arg of args) {
        const value = arg(frame);
        if (value === null && onNull !== 'pass') return onNull ?? null;
        values.push(value);
      }
      return apply(values as never, frame);
    };
  }

  #extra(node: CallNode): Closure {
    const { functions = {} } = this.#schema;
    const extra = Object.hasOwn(functions, node.name) ? functions[node.name] : undefined;
    // the checker has let only known functions through
    if (extra === undefined) return () => null;
    const { call, returns } = extra;
    const wanted = node.args.map((arg, index) => extra.args[index] ?? arg.type);
    const args = node.args.map((arg, index) => this.#as(arg, wanted[index] ?? 'any'));
    const place = `the result of ${node.name}()`;
    return (frame) => {
      const values = args.map((arg, index) => write(wanted[index] ?? 'any', arg(frame)));
      return readAs(returns, callOut(node.name, call, values), place);
    };
  }
}

function parameterOf(builtin: Builtin, index: number): readonly string[] {
  return builtin.parameters[index] ?? builtin.parameters.at(-1) ?? [];
}

/** A built-in function of arguments of type any: their types are found at each evaluation. */
function applyOpen(node: CallNode, builtin: Builtin, declared: readonly ValueType[]) {
  return (values: readonly unknown[], frame: Frame): unknown => {
    const types = declared.map((type, index) =>
      type === 'any' ? openType(node, builtin, index, values[index]) : type,
    );
    const inside = values.map((value, index) =>
      declared[index] === 'any' ? read(types[index] ?? 'any', value) : value,
    );
    const result = builtin.build(types)(inside as never, frame);
    return node.type === 'any' ? write(builtin.returns(types) ?? 'any', result) : result;
  };
}

function openType(node: CallNode, builtin: Builtin, index: number, value: unknown): ValueType {
  const kinds = builtin.parameters[index] ?? builtin.parameters.at(-1) ?? [];
  for (const kind of kinds) {
    const type: ValueType = kind === 'list' ? { list: 'any' } : kind;
    if (kind !== 'any' && value !== null && read(type, value) !== undefined) return type;
  }
  const found = typeOfRaw(value, 'any');
  if (!accepts(kinds, found)) {
    const message = `argument ${index + 1} of ${node.name}() should be ${kinds.join(' or ')} but is ${typeName(found)}`;
    throw valueError(message, `call it as ${builtin.signature}`);
  }
  return found;
}
