/** Reads the folder of declarations a front office consists of. */
// Whoever reads declarations names the nearest known word; what is near is said in one place.
export { nearest } from '@caruso/expressions';
export { createDeclarations, type DeclarationsHolder } from './declarations.js';
export { type Duration, duration, parseDuration } from './duration.js';
export { declarationNamed, declarationStale, declarationsFaulty, declarationUnwritable } from './errors.js';
export { type Fault, formatFault, hasErrors, sortFaults } from './fault.js';
export {
  changesEventsOnly,
  contentHash,
  type FileEdit,
  kindOf,
  ownText,
  type TriedEdits,
} from './file-edit.js';
export { type Folder, sameDeclarations } from './folder.js';
export { LIMITS } from './limits.js';
export { type Locate, locateExpression } from './locate.js';
export { type ComponentEntry, type DatabaseEntry, type Manifest, ManifestSchema } from './manifest.js';
export { folderOf, sourceOf } from './memory-folder.js';
export { type OpenOptions, openFolder } from './open-folder.js';
export { editsFor, isMapping, overlaid, type ValueEdit } from './overlay.js';
export { findPackage, type PackageFolder } from './package-folder.js';
export type { Position } from './position.js';
export { type Base, checkValue, type Read, readYaml, readYamlDocuments } from './read-yaml.js';
export { KINDS, type Layer, type Source } from './source.js';
export { moveKey, renameKey } from './splice-keys.js';
export { spliceYaml } from './splice-yaml.js';
export type { Path } from './tree.js';
