import { compile, type EvaluationContext, type Expression } from './expression.js';
import type { ExpressionFault } from './fault.js';
import type { Schema } from './schema.js';

/** Where in a value something stands. */
export type TemplatePath = (string | number)[];

/** A fault of one expression in a template; `offset` counts from the start of the text that holds it. */
export interface TemplateFault extends ExpressionFault {
  path: TemplatePath;
}

/** A plain value in which texts that begin with `= ` are expressions. */
export interface Template {
  /** The paths that its expressions read. */
  readonly dependencies: string[];
  /** The value with each expression replaced by its result. Throws what `Expression.evaluate` throws. */
  evaluate(values: Record<string, unknown>, context: EvaluationContext): unknown;
}

export type CompiledTemplate = { ok: true; template: Template } | { ok: false; faults: TemplateFault[] };

const marker = /^=\s+/;
/** Deeper values come from nobody's hand. */
const depthLimit = 32;

/**
 * Compiles what declarations write under `with:`: literals, and expressions marked by a leading `= `.
 *
 * @example
 * const compiled = compileTemplate({ customer: '= case.customer.customerNo', kind: 'outage' }, schema);
 * if (compiled.ok) compiled.template.evaluate({ case }, { now, timezone }); // { customer: 'C100001', kind: 'outage' }
 */
export function compileTemplate(value: unknown, schema: Schema): CompiledTemplate {
  const faults: TemplateFault[] = [];
  const expressions: Expression[] = [];
  const build = (
    part: unknown,
    path: TemplatePath,
  ): ((values: Record<string, unknown>, context: EvaluationContext) => unknown) => {
    if (path.length > depthLimit) {
      const message = `the value is nested deeper than ${depthLimit} levels`;
      faults.push({
        code: 'EXPRESSION_LIMIT',
        message,
        remedy: 'flatten it',
        offset: 0,
        length: 0,
        line: 1,
        column: 1,
        path,
      });
      return () => null;
    }
    if (typeof part === 'string') {
      const mark = marker.exec(part)?.[0];
      if (mark === undefined) return () => part;
      const compiled = compile(part.slice(mark.length), schema);
      if (!compiled.ok) {
        faults.push(...compiled.faults.map((fault) => ({ ...fault, offset: fault.offset + mark.length, path })));
        return () => null;
      }
      expressions.push(compiled.expression);
      return (values, context) => compiled.expression.evaluate(values, context);
    }
    if (Array.isArray(part)) {
      const parts = part.map((each, index) => build(each, [...path, index]));
      return (values, context) => parts.map((each) => each(values, context));
    }
    if (typeof part === 'object' && part !== null) {
      const parts = Object.entries(part).map(([key, each]) => [key, build(each, [...path, key])] as const);
      return (values, context) => Object.fromEntries(parts.map(([key, each]) => [key, each(values, context)]));
    }
    return () => part;
  };
  const evaluate = build(value, []);
  if (faults.length > 0) return { ok: false, faults };
  const dependencies = [...new Set(expressions.flatMap((expression) => expression.dependencies))];
  return { ok: true, template: { dependencies, evaluate } };
}
