import { relative } from 'node:path';
import type { Fault, Folder, Position } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';
import { messageOf } from './errors.js';

/** What kept a component from being used, as faults: in its own file where the error names places there, else at its name. */
export function componentFaults(folder: Folder, name: string, error: unknown): Fault[] {
  const code = error instanceof CarusoError ? error.code : 'COMPONENT_INVALID';
  const remedy = (error instanceof CarusoError ? error.remedy : undefined) ?? '';
  const places = placesOf(error);
  if (places.length > 0) {
    return places.map(({ file, line, column, message }) => {
      const shown = relative(folder.root, file);
      return { file: shown, line, column, code, message, remedy, severity: 'error' };
    });
  }
  return [{ ...folder.locate.key(['components', name]), code, message: messageOf(error), remedy, severity: 'error' }];
}

function placesOf(error: unknown): (Position & { message: string })[] {
  const details = error instanceof CarusoError ? (error.details as { faults?: unknown } | undefined) : undefined;
  return Array.isArray(details?.faults) ? (details.faults as (Position & { message: string })[]) : [];
}
