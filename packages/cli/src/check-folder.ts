import { type Fault, type Folder, sortFaults } from '@caruso/declarations';
import type { CheckContext, CheckDeclarations, CheckSchema } from '@caruso/declarations/contract';
import { checkComponents } from './check-components.js';
import { checkSeeds } from './check-seeds.js';
import { componentFaults } from './component-faults.js';
import { messageOf } from './errors.js';
import type { House } from './house.js';
import type { Loaded } from './load-component.js';
import { methodsOf } from './methods.js';

/**
 * Everything wrong with a front office's declarations: each file against its schema, and each file against the others. The packages
 * that own a kind of declaration check it themselves (`checkDeclarations`); here they are only asked, the model first.
 */
export async function checkFolder(folder: Folder, house: House): Promise<Fault[]> {
  const faults: Fault[] = checkComponents(folder, house);
  const compiled = compileModelOf(folder, house, faults);
  const context: CheckContext = {
    folder,
    schema: compiled?.schema,
    model: compiled?.model,
    methods: methodsOf([...house.loaded.values()].map((each) => each.component)),
    scripts: scriptNames(folder),
  };
  for (const [name, check] of checkers(house.loaded)) {
    try {
      faults.push(...(await check(context)));
    } catch (error) {
      faults.push(
        ...componentFaults(folder, name, new Error(`its check failed: ${messageOf(error)}`, { cause: error })),
      );
    }
  }
  faults.push(...checkSeeds(context));
  return sortFaults(faults);
}

interface CompiledModel {
  model: unknown;
  faults: Fault[];
  schema: CheckSchema;
}
type CompileModel = (sources: ReturnType<Folder['sources']>, options: object) => CompiledModel;

/** The component that compiles the model is known by exporting `compileModel`, whichever package it is. */
function compileModelOf(folder: Folder, house: House, faults: Fault[]): CompiledModel | undefined {
  for (const [name, { exports }] of house.loaded) {
    if (typeof exports['compileModel'] !== 'function') continue;
    try {
      const { databases, currency } = folder.manifest;
      const compiled = (exports['compileModel'] as CompileModel)(folder.sources('model'), { databases, currency });
      faults.push(...compiled.faults);
      return compiled;
    } catch (error) {
      faults.push(
        ...componentFaults(
          folder,
          name,
          new Error(`the model cannot be compiled: ${messageOf(error)}`, { cause: error }),
        ),
      );
    }
  }
  return undefined;
}

function checkers(loaded: ReadonlyMap<string, Loaded>): [string, CheckDeclarations][] {
  return [...loaded].flatMap(([name, { exports }]) => {
    const check = exports['checkDeclarations'];
    return typeof check === 'function' ? [[name, check as CheckDeclarations] as [string, CheckDeclarations]] : [];
  });
}

/** Names of the dialog scripts: the `id` of the root element, else the file's name. */
export function scriptNames(folder: Folder): string[] {
  return folder.sources('scripts').map((source) => {
    const id = /<script\b[^>]*?\sid\s*=\s*["']([^"']+)["']/.exec(source.text)?.[1];
    return id ?? (source.name ?? source.path).replace(/^.*\//, '').replace(/\.xml$/, '');
  });
}
