export { storageComponent as default } from './component.js';
export { type CreateStorageOptions, createStorage, type OpenStorage } from './create-storage.js';
export type { DatabaseDeclaration } from './database-settings.js';
