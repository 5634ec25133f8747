import type { LiveMessage } from '@caruso/gateway/contract';

type LiveEvent = Extract<LiveMessage, { kind: 'event' }>;

/** Objects of the house that the contact centre itself writes. */
const contactObjects = new Set([
  'Interaction',
  'Message',
  'Segment',
  'Agent',
  'Campaign',
  'CampaignTarget',
  'KeptItem',
]);

/** Begin of the types of events that concern contacts, agents and queues. */
const contactEvents = /^(interaction|message|agent|offer|queue|segment|campaign|kept|communication)\b/i;

/**
 * Whether what a method gave may have changed with an event. Errs on the side of reading anew: rights and content are the server's.
 *
 * @param method name of the called method, `contract.method`
 * @param input what it was called with
 */
export function isStale(method: string, input: unknown, event: LiveEvent): boolean {
  const contract = method.slice(0, method.lastIndexOf('.'));
  const contact = contactEvents.test(event.type) || event.changed.some((name) => contactObjects.has(name));
  switch (contract) {
    case 'communication':
    case 'chat':
    case 'simulated-telephone':
      return contact;
    case 'reporting':
      return method === 'reporting.monitor' || method === 'reporting.goals';
    case 'reminders':
      return /reminder/i.test(event.type) || event.changed.includes('Reminder');
    case 'objects':
      return method === 'objects.describe' ? event.type.startsWith('model') : concerns(input, event);
    case 'screens':
      return method === 'screens.resolve' && event.changed.length > 0;
    case 'imports':
      return event.changed.includes('Import');
    case 'policies':
      return /^policy\b/i.test(event.type);
    case 'scripts':
      // Somebody else may go on with the same dialog: customer and agent fill one form.
      return method === 'scripts.view' && isAbout(input, event);
    case 'services':
    case 'users':
      return false;
    default:
      // A wrapper's method: nobody knows what it reads.
      return event.changed.length > 0;
  }
}

function isAbout(input: unknown, { subject }: LiveEvent): boolean {
  return subject?.object === 'ScriptSession' && subject.key === (input as { session?: string }).session;
}

/** The method read the changed object itself, or loaded relations that may lead to it. */
function concerns(input: unknown, event: LiveEvent): boolean {
  const query = input as { object?: string; key?: string; include?: string[] };
  if (query.object === undefined) return true;
  if (event.changed.includes(query.object)) {
    const one = query.key !== undefined && event.subject?.object === query.object;
    return !one || event.subject?.key === query.key;
  }
  return event.changed.length > 0 && (query.include?.length ?? 0) > 0;
}
