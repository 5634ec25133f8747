import type { CheckContext, Fault } from '@caruso/declarations/contract';
import { checkScripts } from './library.js';
import { methodShapes } from './method-shapes.js';

/**
 * Every fault of every dialog script of a folder, for `caruso check`. Without a model that could be compiled nothing can be
 * said of names of objects; then only what libxml2 finds is reported.
 */
export function checkDeclarations({ folder, schema, methods }: CheckContext): Fault[] {
  const faults = checkScripts(folder.sources('scripts'), { objects: schema?.objects ?? {} }, methodShapes(methods));
  if (schema !== undefined) return faults;
  return faults.filter(({ code }) => !code.startsWith('EXPRESSION_') && code !== 'SCRIPT_OBJECT_UNKNOWN');
}
