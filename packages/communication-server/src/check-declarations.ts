import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compileCampaigns } from './campaign-file.js';
import { compileQueues } from './compile-queues.js';

/** Checks queues.yaml and campaigns/*.yaml, for `caruso check`. */
export function checkDeclarations(context: CheckContext): Fault[] {
  const objects = context.schema?.objects;
  return [
    ...compileQueues(context.folder.sources('queues'), objects, context.scripts).faults,
    ...compileCampaigns(context.folder.sources('campaigns'), objects).faults,
  ];
}
