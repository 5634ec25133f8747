import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { didYouMean } from '@caruso/expressions';
import { DELIVERY } from './delivery.js';
import { WebhookSettings } from './settings.js';

const PACKAGE = '@caruso/webhooks';

/** Webhooks whose events are of no object of the model. */
export function checkDeclarations({ folder, schema }: CheckContext): Fault[] {
  if (schema === undefined) return [];
  const known = Object.keys(schema.objects ?? {}).filter((name) => name !== DELIVERY);
  const faults: Fault[] = [];
  for (const [name, { use, config }] of Object.entries(folder.manifest.components)) {
    const settings = use === PACKAGE ? WebhookSettings.safeParse(config) : undefined;
    // What is wrong in the configuration itself is told by whoever checks components.
    if (settings?.success !== true) continue;
    for (const [hook, { on }] of Object.entries(settings.data.hooks)) {
      const at = ['components', name, 'config', 'hooks', hook, 'on'];
      const { on: written } = (config as { hooks: Record<string, { on: unknown }> }).hooks[hook] ?? {};
      for (const [index, event] of on.entries()) {
        const [object = ''] = event.split('.');
        if (known.includes(object)) continue;
        faults.push({
          ...folder.locate(Array.isArray(written) ? [...at, index] : at),
          code: 'WEBHOOK_EVENT_UNKNOWN',
          message: `webhook '${hook}' waits for '${event}', but there is no object '${object}' to be told of`,
          remedy: didYouMean(object, known, `known are ${known.slice(0, 12).join(', ')}`),
          severity: 'error',
        });
      }
    }
  }
  return faults;
}
