import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compilePolicies } from './compile-policies.js';

/** What is wrong in policies/*.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema, methods }: CheckContext): Fault[] {
  return compilePolicies(folder.sources('policies'), { objects: schema?.objects ?? {}, methods }).faults;
}
