import type { ModelFile } from './model-file.js';

/** What an object does not have from the one it extends. */
export const OWN_KEYS = [
  'object',
  'extends',
  'abstract',
  'label',
  'labelPlural',
  'table',
  'was',
  'removed',
  'ignore',
  'written by',
] as const satisfies readonly (keyof ModelFile)[];
