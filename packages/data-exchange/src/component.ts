import { Batch, BusinessObjects, Model } from '@caruso/business-objects/contract';
import { Matching } from '@caruso/data-quality/contract';
import { Declarations } from '@caruso/declarations/contract';
import { currentCall, defineComponent, need, type Services } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { Exchange, Imports as ImportsContract } from './contract.js';
import { exportFile } from './export-file.js';
import { ImportBook, statusOf } from './import-book.js';
import { ImportRows } from './import-rows.js';
import { Imports } from './imports.js';
import { rowsFile } from './rows-file.js';

const MEGABYTE = 1_048_576;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Business objects out of files, and into files. */
export default defineComponent({
  provides: { imports: ImportsContract, exchange: Exchange },
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    storage: need(Storage, '^1.4'),
    journal: need(Journal, '^1.0'),
    model: need(Model, '^1.1'),
    objects: need(BusinessObjects, '^1.0'),
    batch: need(Batch, '^1.0'),
    matching: need(Matching, '^2.0', { optional: true }),
  },
  config: z.strictObject({
    /** Megabytes of the largest file that is taken. */
    limit: z.number().min(0.001).max(4096).default(100),
    /** Days after which the rows of an import go; then it cannot be undone any more. */
    keepDays: z.number().min(1).max(3650).default(90),
  }),
  async create({ needs, config, clock, ids, log, effect, services }) {
    const { declarations, storage, journal, model, objects, batch } = needs;
    const rows = new ImportRows(storage);
    await rows.prepare();
    const book = new ImportBook({ storage, journal, model });
    const manifest = () => declarations.folder().manifest;
    const decimal = () => (new Intl.NumberFormat(manifest().locale).format(1.5).includes(',') ? ',' : '.');
    const limit = Math.round(config.limit * MEGABYTE);
    const matcher = (object: string) => {
      try {
        return needs.matching.of(object);
      } catch {
        // Nobody looks for duplicates.
        return undefined;
      }
    };
    const setting = () => ({ decimal: decimal(), timezone: manifest().timezone }) as const;
    const imports = new Imports({
      storage,
      model,
      objects,
      batch,
      matcher,
      book,
      rows,
      clock,
      ids,
      log,
      limit,
      setting,
    });

    return {
      handlers: {
        imports: {
          list: async () => ({ imports: (await book.list(currentCall().principal)).slice(0, 200).map(statusOf) }),
          status: ({ import: id }) => imports.status(id),
          map: ({ import: id, ...given }) => imports.map(id, given),
          mappings: async ({ object }) => ({ mappings: await book.mappings(object) }),
          check: ({ import: id }) => imports.begin(id, 'checking'),
          run: ({ import: id }) => imports.begin(id, 'running'),
          halt: ({ import: id }) => imports.halt(id),
          undo: ({ import: id }) => imports.begin(id, 'undoing'),
          rows: async ({ import: id, states, after, limit: most }) => {
            await imports.withRows(id);
            const page = await rows.page(id, states, after, most);
            return {
              rows: page.map(({ line, state, cells, record, problems }) => ({ line, state, cells, record, problems })),
            };
          },
        },
        exchange: {
          receive: (file, bytes) => imports.receive(file, bytes),
          rows: async (id, states) => {
            const status = await imports.withRows(id);
            return rowsFile(rows, { ...status, id }, states, decimal());
          },
          export: (query) => {
            const today = DateTime.fromMillis(clock.now(), { zone: manifest().timezone }).toISODate() ?? '';
            return exportFile(objects, query, { decimal: decimal(), today });
          },
        },
      },
      started: () => {
        effect('imports', () => imports.stop());
        const { promise, stop } = matchingStarted(services);
        effect('wait for who looks for duplicates', stop);
        const resumed = promise.then(() => imports.resume());
        resumed.catch((error: unknown) => log.error({ error }, 'imports that were under way could not be resumed'));
        const clear = () =>
          imports
            .clear(new Date(clock.now() - config.keepDays * DAY).toISOString())
            .catch((error: unknown) => log.warn({ error: String(error) }, 'rows of old imports were not deleted'));
        effect(
          'rows of old imports',
          clock.every(HOUR, () => void clear()),
        );
        void clear();
      },
      inspect: () => ({ limit: `${config.limit} MB`, keepDays: config.keepDays }),
    };
  },
});

const ON_ITS_WAY: ReadonlySet<string> = new Set(['installed', 'unsatisfied', 'starting']);

/** When who looks for duplicates has started, where somebody does: what an import stored before would pass unlooked at. */
function matchingStarted(services: Services): { promise: Promise<void>; stop: () => void } {
  const waits = (): boolean => {
    const names = new Set(services.providers(Matching));
    return services.tree().some(({ name, state }) => names.has(name) && ON_ITS_WAY.has(state));
  };
  let stop = (): void => {};
  const promise = new Promise<void>((resolve) => {
    const look = (): void => {
      if (waits()) return;
      stop();
      resolve();
    };
    stop = services.onChange(look);
    look();
  });
  return { promise, stop: () => stop() };
}
