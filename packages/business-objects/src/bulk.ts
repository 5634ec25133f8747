import { CarusoError } from '@caruso/service-manager/contract';
import type { z } from 'zod';
import type { BulkFault, BulkOperation, ObjectRecord } from './contract.js';
import { createWithin, deleteWithin, updateWithin } from './editor.js';
import type { Engine } from './engine.js';
import { bulkRefused } from './errors.js';
import { recordsByKeys } from './finder.js';

type Operation = z.output<typeof BulkOperation>;

/**
 * Creates, changes and deletes many records of one object in one unit of work: all of it, or nothing. Gives the records in the order of
 * the operations, null for what was deleted. Throws BULK_REFUSED with every fault that could be found.
 */
export async function bulk(
  engine: Engine,
  input: { object: string; operations: readonly Operation[] },
): Promise<{ records: (ObjectRecord | null)[] }> {
  const caller = engine.caller();
  const { object } = engine.object(caller, input.object);
  const keys = await engine.parts.storage.unitOfWork(async () => {
    const done: (string | null)[] = [];
    const faults: BulkFault[] = [];
    let untried = 0;
    for (const [index, operation] of input.operations.entries()) {
      try {
        done.push(await perform(engine, object.name, operation));
      } catch (error) {
        // After a statement that the database refused nothing more can be tried in this unit of work.
        if (error instanceof CarusoError && error.code === 'UNIT_OF_WORK_BROKEN' && faults.length > 0) {
          untried = input.operations.length - index;
          break;
        }
        if (!(error instanceof CarusoError) || error.status === undefined || error.status >= 500) throw error;
        const { code, message, remedy, details } = error;
        faults.push({ index, code, message, remedy, details });
      }
    }
    if (faults.length > 0) throw bulkRefused(object.name, faults, untried);
    return done;
  });
  const found = await recordsByKeys(engine, caller, object, [...new Set(keys.filter((key) => key !== null))]);
  return { records: keys.map((key) => (key === null ? null : (found.get(key) ?? null))) };
}

async function perform(engine: Engine, object: string, operation: Operation): Promise<string | null> {
  switch (operation.do) {
    case 'create':
      return createWithin(engine, { ...operation, object });
    case 'update':
      return updateWithin(engine, { ...operation, object });
    case 'delete':
      await deleteWithin(engine, { ...operation, object });
      return null;
  }
}
