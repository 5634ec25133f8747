import { Declarations, type Folder } from '@caruso/declarations/contract';
import { CarusoError, defineComponent, need } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Journal, Storage } from './contract.js';
import { createStorage } from './create-storage.js';
import { DatabaseDeclaration } from './database-settings.js';

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
  async create({ needs, config, clock, ids, log, effect }) {
    const declared =
      config.databases !== undefined && config.folder !== undefined
        ? undefined
        : folderOf(() => needs.declarations.folder());
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
    return { handlers: { storage: open.storage, journal: open.journal }, inspect: () => open.inspect() };
  },
});

/** Without declarations the configuration has to say everything. */
function folderOf(read: () => Folder): Folder | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CarusoError && error.code === 'SERVICE_UNAVAILABLE') return undefined;
    throw error;
  }
}
