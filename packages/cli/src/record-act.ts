import { currentCall, type ServiceAct } from '@caruso/service-manager/contract';
import { Journal } from '@caruso/storage-manager/contract';
import { messageOf } from './errors.js';
import type { House } from './house.js';

/**
 * Keeps in the journal who changed what runs, from what to what, and what came of it (`service.replaced`, `service.configured`, ...). An
 * act is not undone because it could not be written down; the log says so then.
 */
export async function recordAct({ manager, log }: Pick<House, 'manager' | 'log'>, act: ServiceAct): Promise<void> {
  const { act: what, name, from, to, source, refused, why, unchanged } = act;
  if (unchanged === true) return;
  const reason = refused ?? why;
  const who = currentCall().principal;
  const data = {
    service: name,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(source === undefined ? {} : { source }),
    outcome: refused === undefined ? 'done' : 'refused',
    ...(reason === undefined ? {} : { reason }),
  };
  log.info({ ...data, by: who.id }, `'${name}' was ${refused === undefined ? '' : 'not '}${what} by ${who.name}`);
  if (manager.services.providers('journal').length === 0) return;
  try {
    const journal = manager.use(Journal, '^1.0');
    await journal.append({ type: `service.${what}`, subject: { object: 'Service', key: name }, data });
  } catch (error) {
    log.warn({ err: error }, `that '${name}' was ${what} could not be written into the journal: ${messageOf(error)}`);
  }
}
