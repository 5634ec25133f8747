import { relationTypes } from '@caruso/business-objects/contract';
import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compilePolicies } from './compile-policies.js';

/** What is wrong in policies/*.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema, model, methods }: CheckContext): Fault[] {
  const context = { objects: schema?.objects ?? {}, relations: relationTypes(model), methods };
  return compilePolicies(folder.sources('policies'), context).faults;
}
