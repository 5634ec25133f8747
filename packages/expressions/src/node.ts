import type { ValueType } from './value-type.js';

/** What every node carries: its place in the source as written and its checked type. */
interface NodeBase {
  readonly offset: number;
  readonly length: number;
  readonly type: ValueType;
}

/** `value` is a wire value: an integer as number or bigint, a decimal as text, a duration in milliseconds. */
export interface LiteralNode extends NodeBase {
  readonly kind: 'literal';
  readonly value: string | number | bigint | boolean | null;
}

/** `customer.segment`: root `customer`, attributes `['segment']`. `local` when a macro binds the root. */
export interface PathNode extends NodeBase {
  readonly kind: 'path';
  readonly root: string;
  readonly attributes: readonly string[];
  readonly attributeOffsets: readonly number[];
  readonly local: boolean;
}

/** An attribute of what is not a path: `coalesce(a, b).name`. */
export interface SelectNode extends NodeBase {
  readonly kind: 'select';
  readonly target: Node;
  readonly attribute: string;
  readonly attributeOffset: number;
}

/** `invoices[0]`: counted from 0, null outside the list. */
export interface IndexNode extends NodeBase {
  readonly kind: 'index';
  readonly list: Node;
  readonly index: Node;
}

/** `lower(name)` and `name.lower()` are the same node: a receiver is the first argument. */
export interface CallNode extends NodeBase {
  readonly kind: 'call';
  readonly name: string;
  readonly nameOffset: number;
  readonly args: readonly Node[];
}

export interface UnaryNode extends NodeBase {
  readonly kind: 'unary';
  readonly operator: 'not' | '-';
  readonly operand: Node;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type OrderOperator = '<' | '<=' | '>' | '>=';
export type BinaryOperator = 'and' | 'or' | '=' | '<>' | 'in' | ArithmeticOperator | OrderOperator;

export interface BinaryNode extends NodeBase {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Node;
  readonly right: Node;
}

export interface TernaryNode extends NodeBase {
  readonly kind: 'ternary';
  readonly condition: Node;
  readonly whenTrue: Node;
  readonly whenFalse: Node;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export const macroNames = Object.freeze(['exists', 'exists_one', 'all', 'filter', 'map'] as const);
export type MacroName = (typeof macroNames)[number];

export function isMacro(name: string): name is MacroName {
  return macroNames.some((macro) => macro === name);
}

/** `list.exists(variable, body)`; `list.map(x, p, t)` is read as `list.filter(x, p).map(x, t)`. */
export interface MacroNode extends NodeBase {
  readonly kind: 'macro';
  readonly name: MacroName;
  readonly list: Node;
  readonly variable: string;
  readonly body: Node;
}

/** The tree of an expression: immutable, in words (`and`, `=`, `<>`), independent of the parser beneath. */
export type Node =
  | LiteralNode
  | PathNode
  | SelectNode
  | IndexNode
  | CallNode
  | UnaryNode
  | BinaryNode
  | TernaryNode
  | ListNode
  | MacroNode;

/** The direct children of a node, in source order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'path':
      return [];
    case 'select':
      return [node.target];
    case 'index':
      return [node.list, node.index];
    case 'call':
      return node.args;
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'ternary':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'list':
      return node.items;
    case 'macro':
      return [node.list, node.body];
  }
}

/** Gives a node its checked type and makes it immutable; only the checker calls this, once a node. */
export function settle(node: Node, type: ValueType): ValueType {
  const draft: { -readonly [K in keyof NodeBase]: NodeBase[K] } = node;
  draft.type = type;
  if (node.kind === 'path') {
    Object.freeze(node.attributes);
    Object.freeze(node.attributeOffsets);
  }
  if (node.kind === 'call') Object.freeze(node.args);
  if (node.kind === 'list') Object.freeze(node.items);
  Object.freeze(node);
  return type;
}
