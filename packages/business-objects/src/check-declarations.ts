import type { CheckContext, Fault } from '@caruso/declarations/contract';
import { compileModel } from './compile-model.js';

/** Every fault of the model files of a folder, for `caruso check`. Pure: no database is asked. */
export function checkDeclarations(context: Pick<CheckContext, 'folder'>): Fault[] {
  const { manifest } = context.folder;
  const databases = Object.fromEntries(
    Object.entries(manifest.databases).map(([name, { managed }]) => [name, { managed }]),
  );
  return compileModel(context.folder.sources('model'), { databases, currency: manifest.currency }).faults;
}
