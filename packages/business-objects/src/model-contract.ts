import { defineLocalContract } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import type { ObjectDescription } from './contract.js';
import type { Door } from './door.js';

/** Expression types of the model, in the form of `Schema.objects` of the expression language. */
export type ObjectTypes = Record<string, Record<string, unknown>>;

/** The model for components in the same process. */
export interface ModelApi {
  /** Every object, without regard to rights. */
  describe(): ObjectDescription[];
  /**
   * Tables of links that many-to-many relations have to themselves, each as an object of two references, under a name that `load`, `amend`,
   * `encodeKey` and `decodeKey` take.
   */
  junctions(): ObjectDescription[];
  /** Attributes and to-one relations of each object as expression types. */
  expressionTypes(): ObjectTypes;
  /** Grows with each change of the model. */
  version(): number;
  /** Told after every reading of the declarations, when the model is in place: what is checked against it is read anew then. */
  onChange(listener: () => void): () => void;
  /** Encodes key values in the order of the object's key, and back. */
  encodeKey(object: string, key: Record<string, unknown>): string;
  decodeKey(object: string, key: string): Record<string, unknown>;
  /**
   * Writes for the component that owns an object (`written by:` in its model file), inside the running unit of work: checks and stores the
   * values, journals nothing, and gives the change for the owner's own event.
   */
  write(
    owner: string,
    operation: 'create' | 'update' | 'delete',
    object: string,
    values: Record<string, unknown>,
  ): Promise<Change>;
  /** As `write`, of many different records, in few statements. */
  writeAll(
    owner: string,
    operation: 'create' | 'update' | 'delete',
    object: string,
    values: readonly Record<string, unknown>[],
  ): Promise<Change[]>;
  /**
   * Changes a record of any object for the house itself (a merge, the undoing of an import): without regard to rights, owner and duplicates,
   * but checked and journaled like every change, inside the running unit of work. `values` hold the key; only those named change.
   * Gives null where nothing was different.
   */
  amend(
    operation: 'create' | 'update' | 'delete',
    object: string,
    values: Record<string, unknown>,
  ): Promise<Change | null>;
  /** As `amend`, of many different records, in few statements. */
  amendAll(
    operation: 'create' | 'update' | 'delete',
    object: string,
    values: readonly Record<string, unknown>[],
  ): Promise<(Change | null)[]>;
  /**
   * What would be wrong with a record, without storing it: values in their one form, defaults filled in for a new one, references
   * that lead nowhere, keys and unique values that are taken. Rights and duplicates are not looked at.
   *
   * @param key of the record that would be changed; absent for a new one
   */
  examine(
    object: string,
    values: Record<string, unknown>,
    key?: string,
  ): Promise<{ values: Record<string, unknown>; violations: { attribute: string; message: string }[] }>;
  /**
   * Gives the notes and files of one record to another of the same object, or `only` these, as far as it still has them; tells their ids.
   * Inside the running unit of work.
   */
  adopt(object: string, from: string, to: string, only?: readonly string[]): Promise<string[]>;
  /** As `examine`, of many: each on its own, not held against the others; keys and unique values that are `taken` are told apart. */
  examineAll(
    object: string,
    rows: readonly { values: Record<string, unknown>; key?: string | undefined }[],
  ): Promise<
    {
      values: Record<string, unknown>;
      violations: { attribute: string; message: string }[];
      taken: { attribute: string; message: string }[];
    }[]
  >;
  /** Puts somebody at the door of all objects; gives the way to leave. */
  guard(door: Door): () => void;
  /** Reads rows of an object in wire form without regard to rights, for owners and policies. */
  load(object: string, where: string, params?: Record<string, unknown>): Promise<Record<string, unknown>[]>;
}

export const Model = defineLocalContract<ModelApi>()({
  id: 'model',
  version: '1.3.0',
  methods: [
    'describe',
    'junctions',
    'expressionTypes',
    'version',
    'onChange',
    'encodeKey',
    'decodeKey',
    'write',
    'writeAll',
    'amend',
    'amendAll',
    'examine',
    'examineAll',
    'adopt',
    'guard',
    'load',
  ],
});
