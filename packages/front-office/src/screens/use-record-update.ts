import type { ObjectRecord } from '@caruso/business-objects/contract';
import { call } from '../client/call.js';
import { Fault } from '../client/fault.js';
import { useAct } from '../client/use-call.js';
import { fieldFaults } from './field-faults.js';

export type Outcome =
  | { kind: 'saved' }
  /** Somebody else changed it meanwhile; `current` is what is stored now. */
  | { kind: 'conflict'; current: ObjectRecord | null }
  | { kind: 'refused'; message: string; fields: Record<string, string> };

/** Changes attributes of one record, if it is still the version that was shown. */
export function useRecordUpdate({ object, key }: { object: string; key: string }): {
  save: (values: Record<string, unknown>, version: string) => Promise<Outcome>;
  busy: boolean;
} {
  const { act, busy } = useAct('objects.update');
  const save = async (values: Record<string, unknown>, version: string): Promise<Outcome> => {
    try {
      await act({ object, key, values, version });
      return { kind: 'saved' };
    } catch (error) {
      const { code, message } = Fault.from(error);
      if (code === 'VERSION_CONFLICT') return { kind: 'conflict', current: await call('objects.get', { object, key }) };
      return { kind: 'refused', message, fields: fieldFaults(error) };
    }
  };
  return { save, busy };
}
