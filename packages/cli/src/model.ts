import type { Fault, Folder } from '@caruso/declarations';
import type { Schema } from '@caruso/expressions';
import type { TableShape } from '@caruso/storage-manager/contract';
import type { Loaded } from './load-component.js';

/** What the package that owns the model makes of its files. */
export interface CompiledModel {
  model: unknown;
  faults: Fault[];
  schema: Schema;
  /** The tables a managed database must have for the model. */
  wantedTables?: (model: unknown, database: string) => TableShape[];
  /** The model as TypeScript. */
  types?: (model: unknown, all?: boolean) => string;
}

type CompileModel = (sources: ReturnType<Folder['sources']>, options: object) => CompiledModel;

/** Compiles the model, by whichever package exports `compileModel`; undefined where none does. */
export function compiledModel(folder: Folder, loaded: ReadonlyMap<string, Loaded>): CompiledModel | undefined {
  for (const { exports } of loaded.values()) {
    if (typeof exports['compileModel'] !== 'function') continue;
    const { databases, currency } = folder.manifest;
    const compiled = (exports['compileModel'] as CompileModel)(folder.sources('model'), { databases, currency });
    const wantedTables = exports['wantedTables'] as CompiledModel['wantedTables'];
    const types = exports['generateTypes'] as CompiledModel['types'];
    return {
      ...compiled,
      ...(wantedTables === undefined ? {} : { wantedTables }),
      ...(types === undefined ? {} : { types }),
    };
  }
  return undefined;
}
