import type { Expression, Node } from '@caruso/expressions';
import type { ModelObject } from './model.js';
import { variableName } from './name.js';
import { Aliases, type Frame, Scope, type Site } from './scope.js';
import type { Sql } from './sql.js';
import type { SqlValue } from './sql-value.js';
import { truth, value } from './translate.js';
import { Untranslatable } from './untranslatable.js';

/** What in an expression the database cannot compute, and where. */
export interface ConditionFault {
  code: string;
  message: string;
  remedy: string;
  offset: number;
  length: number;
  line: number;
  column: number;
}

/** The frame in which conditions over the rows of an object are translated; several of them share its joins. */
export function rootFrame(site: Site, object: ModelObject, guarded: boolean, aliases = new Aliases()): Frame {
  const scope = new Scope(aliases, object);
  const names = new Set([variableName(object.name)]);
  return { site, aliases, scope, names, locals: new Map(), guarded, truth, value };
}

/**
 * Translates a condition into SQL for a `where` of the frame's statement; its joins are added to the frame's scope. Pure.
 *
 * @example
 * const frame = rootFrame(site, customer, true);
 * const { sql } = translateCondition(compiled.expression, frame); // t0."segment" = ?
 */
export function translateCondition(expression: Expression, frame: Frame): { sql: Sql } | { fault: ConditionFault } {
  return attempt(expression.source, () => truth(expression.tree, frame));
}

/** Translates an expression that gives a value. */
export function translateValue(expression: Expression, frame: Frame): { sql: SqlValue } | { fault: ConditionFault } {
  return attempt(expression.source, () => value(expression.tree, frame));
}

function attempt<T>(source: string, translate: () => T): { sql: T } | { fault: ConditionFault } {
  try {
    return { sql: translate() };
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return { fault: faultOf(source, error.node, error.message, error.remedy) };
  }
}

function faultOf(source: string, node: Node, message: string, remedy: string): ConditionFault {
  const { offset, length } = node;
  const before = source.slice(0, offset).split(/\r\n|\r|\n/);
  const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  return { code: 'EXPRESSION_UNTRANSLATABLE', message, remedy, offset, length, ...place };
}
