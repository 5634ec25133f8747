import { checkTree } from './checker.js';
import { ExpressionError } from './errors.js';
import { buildClosure } from './evaluator.js';
import { type ExpressionFault, faultAt, quote } from './fault.js';
import type { Closure, Frame } from './frame.js';
import { defaultLimits, type Limits } from './limits.js';
import { childrenOf, type Node } from './node.js';
import { readTree } from './reader.js';
import type { Schema } from './schema.js';
import { caster, write } from './value.js';
import { fits, typeName, type ValueType } from './value-type.js';
import { rewriteWords } from './words.js';

/** Where an evaluation gets the time from: the Clock and the front office's time zone, never the machine. */
export interface EvaluationContext {
  now: Date;
  /** an IANA name, 'Europe/Amsterdam' */
  timezone: string;
}

/** A compiled expression: immutable, free of state, safe to share. */
export interface Expression {
  readonly source: string;
  /** of the result; the expected type where the result was widened to it */
  readonly type: ValueType;
  /** the paths it reads, dotted and without duplicates: 'customer.segment'; through a macro 'invoices', 'invoices.total' */
  readonly dependencies: readonly string[];
  readonly tree: Node;
  /**
   * @param values wire values by variable; what is missing is null
   * @throws ExpressionError EXPRESSION_VALUE when a value is not of its type, EXPRESSION_LIMIT when the budget of list
   *   elements is spent, EXPRESSION_FUNCTION when a function of the schema throws
   */
  evaluate(values: Record<string, unknown>, context: EvaluationContext): unknown;
}

export type Compiled = { ok: true; expression: Expression } | { ok: false; faults: ExpressionFault[] };

export interface CompileOptions {
  /** the type the result must have; integers widen to decimals and numbers */
  expects?: ValueType;
  limits?: Partial<Limits>;
}

/**
 * Parses, type-checks and prepares an expression. Never throws on a source: all that is wrong comes back as faults, with
 * positions in the source as written. A syntax fault hides the others, as there is no tree to look at.
 *
 * @example
 * const schema: Schema = {
 *   variables: { customer: { object: 'Customer' } },
 *   objects: { Customer: { segment: 'text', openCases: 'integer' } },
 * };
 * const compiled = compile("customer.segment = 'key account' and customer.openCases > 2", schema, { expects: 'boolean' });
 * if (compiled.ok) compiled.expression.evaluate({ customer }, { now: clock.now(), timezone: 'Europe/Amsterdam' });
 * else for (const fault of compiled.faults) console.error(`${fault.line}:${fault.column} ${fault.message}`);
 */
export function compile(source: string, schema: Schema, options: CompileOptions = {}): Compiled {
  try {
    return compileWithin(source, schema, options.expects, { ...defaultLimits, ...options.limits });
  } catch (error) {
    // a tree deeper than the stack; only raised limits let one through
    if (!(error instanceof RangeError)) throw error;
    return refused(tooLarge(source, 'the expression is nested too deeply', { offset: 0, length: source.length }));
  }
}

function compileWithin(source: string, schema: Schema, expects: ValueType | undefined, limits: Limits): Compiled {
  if (source.length > limits.sourceLength) {
    const message = `the expression has ${source.length} characters, more than ${limits.sourceLength}`;
    return refused(tooLarge(source, message, { offset: limits.sourceLength, length: source.length }));
  }
  const rewritten = rewriteWords(source, limits.depth);
  if ('code' in rewritten) return refused(rewritten);
  const parsed = readTree(source, rewritten);
  if ('code' in parsed) return refused(parsed);
  const oversize = sizeFault(source, parsed.tree, limits);
  if (oversize !== undefined) return refused(oversize);

  const checked = checkTree(source, parsed.tree, schema);
  const faults = [...parsed.faults, ...checked.faults];
  if (faults.length === 0 && expects !== undefined && !fits(checked.type, expects)) {
    const message = `the result should be ${typeName(expects)}, but '${quote(source, parsed.tree)}' is ${typeName(checked.type)}`;
    const remedy = remedyForResult(checked.type, expects);
    faults.push(faultAt(source, parsed.tree, 'EXPRESSION_TYPE', message, remedy));
  }
  if (faults.length > 0) return { ok: false, faults: faults.sort((a, b) => a.offset - b.offset) };

  const type = expects === undefined || expects === 'any' ? checked.type : expects;
  const closure = buildClosure(parsed.tree, schema);
  const cast = caster(checked.type, type, 'the result');
  const dependencies = Object.freeze(checked.dependencies);
  const evaluate = evaluator(source, closure, (value) => write(type, cast === undefined ? value : cast(value)), limits);
  return { ok: true, expression: Object.freeze({ source, type, dependencies, tree: parsed.tree, evaluate }) };
}

function evaluator(source: string, closure: Closure, result: (value: unknown) => unknown, limits: Limits) {
  return (values: Record<string, unknown>, context: EvaluationContext): unknown => {
    const frame: Frame = {
      values,
      now: context.now.getTime(),
      zone: context.timezone,
      locals: [],
      limit: limits.steps,
      steps: 0,
    };
    try {
      return result(closure(frame));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const place = quote(source, { offset: 0, length: source.length });
      throw new ExpressionError(
        error.code,
        `${error.message} (in the expression: ${place})`,
        error.remedy,
        error.cause,
      );
    }
  };
}

/** Counts nodes and levels without recursion; the left side of an operator is on its own level, so chains stay flat. */
function sizeFault(source: string, tree: Node, limits: Limits): ExpressionFault | undefined {
  const open: [Node, number][] = [[tree, 1]];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (++count > limits.nodes) return tooLarge(source, `the expression has more than ${limits.nodes} nodes`, node);
    if (depth > limits.depth) {
      return tooLarge(source, `the expression is nested deeper than ${limits.depth} levels`, node);
    }
    const flat = node.kind === 'binary' ? node.left : node.kind === 'ternary' ? node.whenFalse : undefined;
    for (const child of childrenOf(node)) open.push([child, child === flat ? depth : depth + 1]);
  }
  return undefined;
}

function tooLarge(source: string, message: string, at: { offset: number; length: number }): ExpressionFault {
  return faultAt(source, at, 'EXPRESSION_LIMIT', message, 'split it into several attributes or conditions');
}

function refused(fault: ExpressionFault): Compiled {
  return { ok: false, faults: [fault] };
}

function remedyForResult(found: ValueType, expects: ValueType): string {
  if (expects === 'boolean') return 'make it a condition: compare it with a value';
  if (expects === 'text') return 'make it a text: text(x)';
  if (expects === 'integer') return 'use whole numbers throughout; a division gives a decimal';
  if (expects === 'date' && found === 'datetime') return 'take the local day: date(x)';
  return `write an expression that gives ${typeName(expects)}`;
}
