import type { Fault } from '@caruso/declarations';

/** What is wrong now and was not before; lines may have moved. Pure. */
export function newFaults(faults: readonly Fault[], before: readonly Fault[]): Fault[] {
  const id = ({ code, message, file }: Fault) => [code, message, file].join('\0');
  const known = new Set(before.map(id));
  return faults.filter((fault) => !known.has(id(fault)));
}
