import { createLog, type ServiceManager } from '@caruso/service-manager';
import { componentNotServing } from './errors.js';
import { assemble } from './house.js';
import type { Io } from './io.js';
import { loadAll } from './load-all.js';
import { contractsOf } from './methods.js';
import { openFrontOffice } from './places.js';

/**
 * A part of a front office for the length of a command: the components that provide what is needed; nobody else is woken up. Throws
 * COMPONENT_NOT_SERVING.
 */
export async function openPart(io: Io, path: string, needed: readonly string[]): Promise<ServiceManager> {
  const { folder } = openFrontOffice(io, path);
  const { loaded } = await loadAll(folder, io.cwd);
  const part = new Map(
    [...loaded].filter(([, { component }]) => contractsOf(component).some(({ id }) => needed.includes(id))),
  );
  const { house } = assemble(folder, part, {}, createLog({ level: 'silent' }), io);
  // What is edited is checked by all who own declarations.
  for (const [name, each] of loaded) house.loaded.set(name, each);
  const { manager } = house;
  await manager.start();
  const silent = manager.services.tree().find((node) => node.state !== 'active');
  const missing = needed.find((id) => manager.services.providers(id).length === 0);
  if (silent !== undefined || missing !== undefined) {
    await manager.stop();
    throw componentNotServing(silent?.name ?? missing ?? '', silent?.reason);
  }
  return manager;
}
