import { setImmediate } from 'node:timers/promises';
import { type Fault, type Folder, sortFaults } from '@caruso/declarations';
import type { CheckContext, CheckDeclarations } from '@caruso/declarations/contract';
import { checkComponents } from './check-components.js';
import { checkSeeds } from './check-seeds.js';
import { componentFaults } from './component-faults.js';
import { messageOf } from './errors.js';
import type { House } from './house.js';
import type { Loaded } from './load-component.js';
import { methodsOf } from './methods.js';
import { type CompiledModel, compiledModel } from './model.js';

/**
 * Everything wrong with a front office's declarations: each file against its schema, and each file against the others. The packages
 * that own a kind of declaration check it themselves (`checkDeclarations`); here they are only asked, the model first.
 */
export async function checkFolder(folder: Folder, house: House): Promise<Fault[]> {
  const faults: Fault[] = checkComponents(folder, house);
  const compiled = compileModelOf(folder, house, faults);
  const context = checkContext(folder, house, compiled);
  for (const [name, check] of checkers(house.loaded)) {
    // A front office that runs answers others in between.
    await setImmediate();
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

/** What the packages that own a kind of declaration are asked with. */
export function contextOf(folder: Folder, house: House): CheckContext {
  return checkContext(folder, house, compileModelOf(folder, house, []));
}

function checkContext(folder: Folder, house: House, compiled: CompiledModel | undefined): CheckContext {
  return {
    folder,
    schema: compiled?.schema,
    model: compiled?.model,
    methods: methodsOf([...house.loaded.values()].map((each) => each.component)),
    scripts: scriptNames(folder),
  };
}

function compileModelOf(folder: Folder, house: House, faults: Fault[]): CompiledModel | undefined {
  try {
    const compiled = compiledModel(folder, house.loaded);
    faults.push(...(compiled?.faults ?? []));
    return compiled;
  } catch (error) {
    faults.push(
      ...componentFaults(
        folder,
        'objects',
        new Error(`the model cannot be compiled: ${messageOf(error)}`, { cause: error }),
      ),
    );
    return undefined;
  }
}

function checkers(loaded: ReadonlyMap<string, Loaded>): [string, CheckDeclarations][] {
  return [...loaded].flatMap(([name, { exports }]) => {
    const check = exports['checkDeclarations'];
    return typeof check === 'function' ? [[name, check as CheckDeclarations] as [string, CheckDeclarations]] : [];
  });
}

/** Names of the dialog scripts: the `id` of the root element, else the file's name. */
function scriptNames(folder: Folder): string[] {
  return folder.sources('scripts').map((source) => {
    const id = /<script\b[^>]*?\sid\s*=\s*["']([^"']+)["']/.exec(source.text)?.[1];
    return id ?? (source.name ?? source.path).replace(/^.*\//, '').replace(/\.xml$/, '');
  });
}
