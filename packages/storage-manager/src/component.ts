import { Declarations, type DeclarationsApi, type Folder } from '@caruso/declarations/contract';
import { CarusoError, type Clock, defineComponent, need, type Services } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Journal, Storage } from './contract.js';
import { createStorage } from './create-storage.js';
import { DatabaseDeclaration } from './database-settings.js';

/** How long (ms) installed declarations may take to start. */
const PATIENCE = 10_000;

/** The component: storage and journal over the databases of the front office's declarations, or of its own configuration. */
export const storageComponent = defineComponent({
  provides: { storage: Storage, journal: Journal },
  version: '1.0.0',
  needs: { declarations: need(Declarations, '^1.0', { optional: true }) },
  config: z.strictObject({
    /** In place of `databases:` of caruso.yaml. */
    databases: z.record(z.string(), DatabaseDeclaration).optional(),
    /** Where relative paths begin; default: the front office's folder. */
    folder: z.string().optional(),
    /** Milliseconds that a turn, a lock or a connection is waited for. */
    wait: z.number().int().min(100).max(600_000).optional(),
  }),
  async create({ needs, config, clock, ids, log, effect, services }) {
    const complete = config.databases !== undefined && config.folder !== undefined;
    const declared = complete ? undefined : await declaredFolder(needs.declarations, services, clock);
    const folder = config.folder ?? declared?.root;
    const open = await createStorage({
      databases: config.databases ?? declared?.manifest.databases ?? {},
      ...(folder === undefined ? {} : { folder }),
      ...(config.wait === undefined ? {} : { wait: config.wait }),
      clock,
      ids,
      log,
    });
    effect('databases and journal', () => open.close());
    return {
      handlers: { storage: open.storage, journal: open.journal },
      health: () => open.storage.databases().find(({ name, reachable }) => name === 'main' && !reachable)?.reason,
      inspect: () => open.inspect(),
    };
  },
});

/** The declarations, waited for where they are installed but not started yet; without any the configuration says everything. */
async function declaredFolder(
  declarations: DeclarationsApi,
  services: Services,
  clock: Clock,
): Promise<Folder | undefined> {
  const end = clock.now() + PATIENCE;
  for (;;) {
    try {
      return declarations.folder();
    } catch (error) {
      const absent = error instanceof CarusoError && error.code === 'SERVICE_UNAVAILABLE';
      if (!absent || (services.providers(Declarations).length > 0 && clock.now() >= end)) throw error;
      if (services.providers(Declarations).length === 0) return undefined;
      await changed(services, clock, end - clock.now());
    }
  }
}

/** Resolves at the next change of any registration, or after `ms`. */
function changed(services: Services, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      cancel();
      resolve();
    };
    const stop = services.onChange(done);
    const cancel = clock.after(ms, done);
  });
}
