import type { Position } from './position.js';

/** Something wrong in a declaration: where, what, and what would be right. */
export interface Fault extends Position {
  /** Stable and upper-case, for example `DECLARATION_UNKNOWN_KEY`. */
  code: string;
  message: string;
  /** What the writer can do about it. */
  remedy: string;
  severity: 'error' | 'warning';
}

/**
 * One line as editors and terminals make clickable.
 *
 * @example
 * formatFault(fault); // model/customer.yaml:3:5 error DECLARATION_UNKNOWN_KEY unknown key 'atributes' (did you mean 'attributes'?)
 */
export function formatFault(fault: Fault): string {
  const remedy = fault.remedy === '' ? '' : ` (${fault.remedy})`;
  return `${fault.file}:${fault.line}:${fault.column} ${fault.severity} ${fault.code} ${fault.message}${remedy}`;
}

/** By file, line and column, without repetitions: the order in which a person works them off. */
export function sortFaults(faults: readonly Fault[]): Fault[] {
  const known = new Map<string, Fault>();
  for (const fault of faults) known.set(formatFault(fault), fault);
  return [...known.values()].sort(
    (left, right) => compare(left.file, right.file) || left.line - right.line || left.column - right.column,
  );
}

export function hasErrors(faults: readonly Fault[]): boolean {
  return faults.some((fault) => fault.severity === 'error');
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
