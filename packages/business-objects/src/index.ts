/** The modeler: model files to mapped objects; validation, relations, formulas, rights, queries. */
export { checkDeclarations } from './check-declarations.js';
export { compareDatabase, type Mismatch } from './compare-database.js';
export { type CompiledModelFiles, compileModel, type ModelOptions } from './compile-model.js';
export { objectsComponent as default } from './component.js';
export { type CreateObjectsOptions, createObjects, type OpenObjects } from './create-objects.js';
export { generateTypes } from './generate-types.js';
export { type ImportedModel, type ImportOptions, importModel } from './import-model.js';
export { type ModelText, mergeImport } from './merge-import.js';
export type { CompiledModel } from './model.js';
export { ModelFile } from './model-file.js';
export { wantedTables } from './wanted-table.js';
