import type { BusinessObjects, ObjectDescription, ObjectRecord } from '@caruso/business-objects/contract';
import { actingAs, type Client, type ErrorInfo, type Principal } from '@caruso/service-manager/contract';
import type { WebhookMessage } from './contract.js';
import type { Delivery } from './delivery.js';
import type { Webhook } from './settings.js';

/** What a webhook is told, or why it is told nothing. */
export type Told = { message: WebhookMessage } | { withheld: string };

/** With whose rights records are read for a webhook. */
function principalOf({ name, role, user }: Webhook): Principal {
  return { kind: 'user', id: `webhook:${name}`, name: `webhook ${name}`, roles: [role], attributes: { ...user } };
}

/** Reads the record under the rights of the webhook's role and makes the message. */
export async function told(
  objects: Client<typeof BusinessObjects>,
  webhook: Webhook,
  delivery: Delivery,
  knows: () => Promise<boolean>,
): Promise<Told> {
  const { object, record: key } = delivery;
  return actingAs(principalOf(webhook), async () => {
    let description: ObjectDescription | undefined;
    try {
      description = (await objects.describe({ object })).objects[0];
    } catch (error) {
      const { code, message } = error as Partial<ErrorInfo>;
      if (code !== 'ACCESS_DENIED' && code !== 'OBJECT_UNKNOWN') throw error;
      return { withheld: message ?? code };
    }
    if (description === undefined) return { withheld: `${object} is not described` };
    const record = await objects.get({ object, key });
    return compose(delivery, description, record, record !== null || (await knows()));
  });
}

/** Pure: the message about a record as its role sees it, and as far as it may hear of it. */
function compose(
  { id, webhook, object, record: key, event }: Delivery,
  { attributes, may }: Pick<ObjectDescription, 'attributes' | 'may'>,
  record: ObjectRecord | null,
  known: boolean,
): Told {
  const visible = new Set(attributes.map(({ name }) => name));
  const changed = event.changed.filter((name) => visible.has(name));
  // That something changed which it may not see would tell something about that.
  if (event.type.endsWith('.updated') && event.changed.length > 0 && changed.length === 0)
    return { withheld: 'nothing changed that its role may see' };
  // Of what it sees no row of, it hears only where it had heard before, or where its role sees every row.
  if (record === null && may.everyRow !== true && !known) return { withheld: 'its role does not see the record' };
  const { type, at, seq } = event;
  return { message: { id, webhook, type, at, seq, subject: { object, key }, changed, record: shown(record) } };
}

function shown(record: ObjectRecord | null): WebhookMessage['record'] {
  if (record === null) return null;
  const { object, key, version, display, values } = record;
  return { object, key, version, display, values };
}
