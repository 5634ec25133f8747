import type { Action } from '@caruso/application-builder/contract';

/** What a script is told of the customer: the customer's screen says it, where it has an action that runs the script. */
export function scriptParams(actions: readonly Action[], script: string | null): Record<string, unknown> {
  return actions.find((action) => action.script?.id === script)?.script?.params ?? {};
}
