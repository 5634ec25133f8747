import { type CarusoError, defineLocalContract } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import type { ObjectRecord } from './contract.js';

/** What became of one of many: it is stored (`change` null where nothing was different), or it is not, and why. */
export type BatchOutcome = { key: string; version: string; change: Change | null } | { error: CarusoError };

/**
 * Business objects by the hundred, for components in the same process: with the rights of the current call, checked, journaled and met at
 * the door like any other, but in few statements. What is wrong with one record is its own answer; what only the database knows is thrown,
 * of whichever it is: halve, and try again.
 */
export interface BatchApi {
  /** As `objects.create`, one after the other. To be called inside a unit of work. */
  create(
    object: string,
    rows: readonly Record<string, unknown>[],
    options?: { anyway?: boolean },
  ): Promise<BatchOutcome[]>;
  /** As `objects.update`, of different records. To be called inside a unit of work. */
  update(
    object: string,
    changes: readonly { key: string; values: Record<string, unknown> }[],
    options?: { anyway?: boolean },
  ): Promise<BatchOutcome[]>;
  /** The records with these keys that the caller may see, by key. */
  get(object: string, keys: readonly string[]): Promise<Map<string, ObjectRecord>>;
  /**
   * For each row the records that the caller may see and that have its values in these attributes, a few of them; with the values in the
   * form they are stored in, null where one is missing or cannot be of its attribute.
   */
  findBy(
    object: string,
    attributes: readonly string[],
    rows: readonly Readonly<Record<string, unknown>>[],
  ): Promise<{ values: unknown[] | null; records: ObjectRecord[] }[]>;
}

export const Batch = defineLocalContract<BatchApi>()({
  id: 'batch',
  version: '1.0.0',
  methods: ['create', 'update', 'get', 'findBy'],
});
