import type { Schema } from '@caruso/expressions';
import { defineLocalContract, type MethodDescription } from '@caruso/service-manager/contract';
import type { Fault } from './fault.js';
import type { Folder } from './folder.js';

export type { Fault } from './fault.js';
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
