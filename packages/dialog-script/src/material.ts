import { childrenOf, type Expression, type Node, type ValueType } from '@caruso/expressions';
import type { Argument, Next, Program, Wording } from './program.js';
import { waits } from './program.js';

/** What a script's own conditions speak of: the values its names and attributes are compared with, and their types. */
export interface Material {
  /** Literals, by the last name of the path they are compared with. */
  literals: ReadonlyMap<string, readonly unknown[]>;
  /** Types of the attributes that are read, by the name of the result and the attributes: `found.customer.name`. */
  paths: ReadonlyMap<string, ValueType>;
}

/** Gathers what is needed to make up answers and objects that take a script's ways. */
export function materialOf(program: Program): Material {
  const literals = new Map<string, unknown[]>();
  const paths = new Map<string, ValueType>();
  for (const { tree } of expressionsOf(program)) {
    const open: Node[] = [tree];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      open.push(...childrenOf(node));
      if (node.kind === 'path' && !node.local) {
        const parts = ['results', 'answers', 'vars', 'params'].includes(node.root)
          ? node.attributes
          : [node.root, ...node.attributes];
        paths.set(parts.join('.'), node.type);
      }
      if (node.kind !== 'binary') continue;
      for (const name of namesIn(node)) {
        const values = literals.get(name) ?? [];
        literals.set(name, [...values, ...literalsIn(node)]);
      }
    }
  }
  return { literals, paths };
}

function namesIn(node: Node): string[] {
  if (node.kind === 'path') return [node.attributes.at(-1) ?? node.root];
  return childrenOf(node).flatMap(namesIn);
}

function literalsIn(node: Node): unknown[] {
  if (node.kind === 'literal') return [typeof node.value === 'bigint' ? Number(node.value) : node.value];
  return childrenOf(node).flatMap(literalsIn);
}

function expressionsOf(program: Program): Expression[] {
  const found: (Expression | undefined)[] = [];
  const says = (wordings: readonly Wording[]): void => {
    for (const { condition, pieces } of wordings) {
      found.push(condition);
      for (const piece of pieces) if (piece.kind === 'value') found.push(piece.expression);
    }
  };
  const given = (list: readonly Pick<Argument, 'expression'>[]): void => {
    for (const { expression } of list) found.push(expression);
  };
  const ways = (nexts: readonly Next[]): void => {
    for (const { condition, actions } of nexts) {
      found.push(condition);
      for (const action of actions) given(action.arguments);
    }
  };
  for (const step of program.steps) {
    found.push(step.condition);
    if ('next' in step) ways(step.next);
    if ('says' in step) says(step.says);
    if (step.kind === 'set') found.push(step.expression);
    if (step.kind === 'lookup') given(step.where.bindings);
    if (step.kind === 'action') given([...step.action.arguments, ...(step.action.undo?.arguments ?? [])]);
    if (step.kind === 'call') given(step.arguments);
    if (step.kind === 'loop') found.push(step.over, step.while);
    if (!waits(step)) continue;
    for (const question of step.questions) {
      found.push(question.condition, question.default, question.optionsFrom);
      says(question.says);
      for (const { expression, says: texts } of [...question.checks, ...step.checks]) {
        found.push(expression);
        says(texts);
      }
      for (const option of question.options) found.push(option.condition);
    }
  }
  ways(program.handlers);
  return found.filter((each) => each !== undefined);
}
