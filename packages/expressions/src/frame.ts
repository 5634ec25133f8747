import { ExpressionError } from './errors.js';

/** What one evaluation works on. */
export interface Frame {
  readonly values: Record<string, unknown>;
  /** milliseconds since 1970 UTC */
  readonly now: number;
  readonly zone: string;
  /** elements that macros currently stand on, by the depth of the macro */
  readonly locals: unknown[];
  readonly limit: number;
  steps: number;
}

export type Closure = (frame: Frame) => unknown;

/** Counts elements visited; the budget is shared by all macros of one evaluation. */
export function spend(frame: Frame, steps: number): void {
  frame.steps += steps;
  if (frame.steps <= frame.limit) return;
  const message = `the evaluation visits more than ${frame.limit} list elements`;
  throw new ExpressionError('EXPRESSION_LIMIT', message, 'filter in the query, or count with a roll-up attribute');
}
