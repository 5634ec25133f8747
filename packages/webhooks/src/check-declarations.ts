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
      for (const event of on) {
        const [object = ''] = event.split('.');
        if (known.includes(object)) continue;
        faults.push({
          ...folder.locate(['components', name, 'config', 'hooks', hook, 'on']),
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
