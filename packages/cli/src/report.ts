import { type Fault, type Folder, formatFault } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';
import { messageOf } from './errors.js';
import type { Io } from './io.js';

/** Faults as lines, and how many there are. */
export function printFaults(io: Io, faults: readonly Fault[]): void {
  for (const fault of faults) io.out(formatFault(fault));
}

/** `2 errors, 1 warning`. */
export function countFaults(faults: readonly Fault[]): string {
  const errors = faults.filter((fault) => fault.severity === 'error').length;
  const warnings = faults.length - errors;
  return (
    [plural(errors, 'error'), plural(warnings, 'warning')].filter((each) => !each.startsWith('0')).join(', ') ||
    'no faults'
  );
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** An error for a person: what, and what to do about it. */
export function printError(io: Io, error: unknown): void {
  io.err(`error: ${messageOf(error)}`);
  const remedy = error instanceof CarusoError ? error.remedy : undefined;
  if (remedy !== undefined && remedy !== '') io.err(`  ${remedy}`);
}

/** An error for a program. */
export function errorJson(error: unknown): object {
  return { error: error instanceof CarusoError ? error.toJSON() : { code: 'INTERNAL', message: messageOf(error) } };
}

/** How many files of declarations a folder has, all layers together. */
export function fileCount(folder: Folder): number {
  const kinds = [
    'model',
    'policies',
    'scripts',
    'screens',
    'reports',
    'campaigns',
    'seed',
    'services',
    'queues',
    'metrics',
    'strategy',
  ];
  return 1 + kinds.reduce((sum, kind) => sum + folder.sources(kind).length, 0);
}
