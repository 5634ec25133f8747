import type { Schema } from '@caruso/expressions';
import { defineLocalContract, type MethodDescription } from '@caruso/service-manager/contract';
import type { Fault } from './fault.js';
import type { FileEdit, TriedEdits } from './file-edit.js';
import type { Folder } from './folder.js';

export type { Fault } from './fault.js';
export type { FileEdit, TriedEdits } from './file-edit.js';
export type { Folder } from './folder.js';
export type { ComponentEntry, DatabaseEntry, Manifest } from './manifest.js';
export type { Position } from './position.js';
export type { Layer, Source } from './source.js';

/** The opened folder of declarations, for components. */
export interface DeclarationsApi {
  /** The folder as it is now. */
  folder(): Folder;
  /** Told after the folder was read again; returns the way to stop listening. */
  onChange(listener: (folder: Folder) => void): () => void;
}

export const Declarations = defineLocalContract<DeclarationsApi>()({
  id: 'declarations',
  version: '1.0.0',
  methods: ['folder', 'onChange'],
});

/** Changes of the front office's own declarations, for tools in the same process; they check the rights of who asks. */
export interface DeclarationEditingApi {
  /**
   * What the front office would be with these edits, and every fault they would bring; nothing is written.
   * Throws DECLARATION_STALE (409) where a file is no longer as its edit takes it to be, DECLARATION_NAME.
   */
  try(edits: readonly FileEdit[]): Promise<TriedEdits>;
  /**
   * Writes the edits and puts the folder in place as it then is; the journal keeps who did it, with the texts before and after
   * (`Declaration.saved`). Throws as `try` does, and DECLARATIONS_FAULTY (422, `details` are the faults) where an edit would bring an
   * error; nothing is written then.
   */
  save(edits: readonly FileEdit[]): Promise<TriedEdits>;
}

export const DeclarationEditing = defineLocalContract<DeclarationEditingApi>()({
  id: 'declaration-editing',
  version: '1.0.0',
  methods: ['try', 'save'],
});

/** What a package's `checkDeclarations` is given, by `caruso check`. */
export interface CheckContext {
  folder: Folder;
  /** Objects of the model as expression types; undefined where the model has faults that leave none. */
  schema: Schema | undefined;
  /** The compiled model of business-objects. */
  model: unknown;
  /** Every method of the components the configuration names. */
  methods: MethodDescription[];
  /** Names of the dialog scripts. */
  scripts: string[];
}

/** The pure checker that a package which owns a kind of declaration exports from its root, by this name. */
export type CheckDeclarations = (context: CheckContext) => Promise<Fault[]> | Fault[];
