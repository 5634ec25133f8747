import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compileScreens } from './compile-screens.js';

/** What is wrong in screens/*.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema, methods, scripts }: CheckContext): Fault[] {
  // Without a model every name would seem wrong.
  if (schema === undefined) return [];
  return compileScreens(folder.sources('screens'), { shapes: schema.objects ?? {}, methods, scripts }).faults;
}
