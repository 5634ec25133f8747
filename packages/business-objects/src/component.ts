import { Declarations, type Folder } from '@caruso/declarations/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { Attachments, Batch, BusinessObjects, Model, ModelFiles } from './contract.js';
import { createObjects } from './create-objects.js';

/** How often (ms) a legacy database that did not answer is looked at again. */
const RECHECK = 5_000;

/** The component: business objects over the model files of the front office. */
export const objectsComponent = defineComponent({
  provides: { objects: BusinessObjects, model: Model, batch: Batch, modelFiles: ModelFiles, attachments: Attachments },
  version: '1.0.0',
  needs: {
    storage: need(Storage, '^1.4'),
    journal: need(Journal, '^1.1'),
    declarations: need(Declarations, '^1.0'),
  },
  config: z.strictObject({}),
  async create({ needs, clock, ids, log, effect }) {
    const { storage, journal, declarations } = needs;
    const folder = declarations.folder();
    const open = await createObjects({
      storage,
      journal,
      clock,
      ids,
      log,
      model: folder.sources('model'),
      timezone: () => declarations.folder().manifest.timezone,
      currency: folder.manifest.currency,
    });
    // One change after another, so that the last one saved is the one that serves.
    let turn: Promise<unknown> = Promise.resolve();
    const inTurn = (work: () => Promise<unknown>): void => {
      turn = turn
        .then(work)
        .catch((error: unknown) =>
          log.error({ error }, 'the model could not be brought up to date; the last one serves on'),
        );
    };
    const reload = (changed: Folder): void => inTurn(() => open.reload(changed.sources('model')));
    effect('changes of model files', declarations.onChange(reload));
    effect(
      'legacy databases that are down',
      clock.every(RECHECK, () => inTurn(() => open.recheck())),
    );
    return {
      handlers: {
        objects: open.handlers,
        model: open.model,
        batch: open.batch,
        modelFiles: open.modelFiles,
        attachments: open.attachments,
      },
      inspect: () => open.inspect(),
    };
  },
});
