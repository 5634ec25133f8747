import type { CheckContext, Fault } from '@caruso/declarations/contract';
import { checkScripts } from './library.js';
import { methodShapes } from './method-shapes.js';
import { readCases } from './script-tests.js';

/**
 * Every fault of every dialog script of a folder, for `caruso check`. Without a model that could be compiled nothing can be
 * said of names of objects; then only what libxml2 finds is reported.
 */
export function checkDeclarations({ folder, schema, methods, scripts }: CheckContext): Fault[] {
  const { faults: ofCases } = readCases(
    folder,
    scripts.map((id) => ({ id })),
  );
  const faults = checkScripts(folder.sources('scripts'), { objects: schema?.objects ?? {} }, methodShapes(methods));
  if (schema !== undefined) return [...faults, ...ofCases];
  return [...faults, ...ofCases].filter(
    ({ code }) => !code.startsWith('EXPRESSION_') && code !== 'SCRIPT_OBJECT_UNKNOWN',
  );
}
