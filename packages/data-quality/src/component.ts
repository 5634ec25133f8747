import { Batch, BusinessObjects, Model } from '@caruso/business-objects/contract';
import { Declarations } from '@caruso/declarations/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { Matching, Quality } from './contract.js';
import { Decisions } from './decisions.js';
import { DuplicateIndex } from './duplicate-index.js';
import { duplicatesUndeclared } from './errors.js';
import { findDuplicates, told } from './finder.js';
import { MatchedModel } from './matched-model.js';
import { Merger } from './merger.js';
import { MoveLog } from './move-log.js';
import { QualityDoor } from './quality-door.js';
import { Reviews } from './reviews.js';

/** Duplicates and forms of values, at the door of the business objects and afterwards. */
export default defineComponent({
  provides: { quality: Quality, matching: Matching },
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    storage: need(Storage, '^1.4'),
    journal: need(Journal, '^1.1'),
    model: need(Model, '^1.3'),
    objects: need(BusinessObjects, '^1.0'),
    batch: need(Batch, '^1.0'),
  },
  config: z.strictObject({
    /** Whose telephone numbers and postcodes are meant where none is named; default: of the front office's locale. */
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'a country is an ISO 3166-1 code such as NL')
      .optional(),
  }),
  async create({ needs, config, clock, ids, log, effect }) {
    const { declarations, storage, journal, model, objects, batch } = needs;
    const country = () =>
      config.country ?? new Intl.Locale(declarations.folder().manifest.locale).maximize().region ?? 'GB';
    const matched = new MatchedModel({ storage, model, objects, log, country });
    const decisions = new Decisions({ objects, batch });
    const reviews = new Reviews({ model, journal, clock, ids, decisions });
    const moves = new MoveLog(storage);
    await moves.prepare();
    const merger = new Merger({ storage, journal, model, objects, reviews, moves, decisions, clock, ids });
    await matched.load();
    // One after the other: an index is not built twice at once.
    let turn: Promise<unknown> = Promise.resolve();
    const inTurn = (work: () => Promise<unknown>): Promise<unknown> => {
      turn = turn.then(work).catch((error: unknown) => log.error({ error }, 'the index of duplicates is not complete'));
      return turn;
    };
    const comparing = (name: string) => {
      const object = matched.comparing(name);
      if (object === undefined) throw duplicatesUndeclared(name);
      return object;
    };

    return {
      handlers: {
        quality: {
          check: async ({ object: name, values, key }) => {
            // Rights first: nobody learns here of what they may not read.
            await objects.describe({ object: name });
            const examined = await model.examine(name, values, key);
            const object = matched.comparing(name);
            if (object === undefined) return { ...examined, duplicates: [] };
            const before = key === undefined ? undefined : await objects.get({ object: name, key });
            const record = object.comparables({ ...before?.values, ...examined.values });
            const [found = []] = await findDuplicates(matched.index(object), object, [record]);
            const [duplicates = []] = await told(batch, name, [found.filter((each) => each.key !== key)]);
            return { ...examined, duplicates };
          },
          compare: async (asked) => {
            const { description, kept, other, survived, related } = await merger.compare(asked);
            const attributes = description.attributes.flatMap(({ name, label, key }) => {
              const survivor = survived.get(name);
              if (survivor === undefined) return [];
              const sides = { kept: kept.values[name] ?? null, other: other.values[name] ?? null };
              return [{ name, label, ...sides, merged: survivor.value, from: survivor.from, choice: !key }];
            });
            return { attributes, related };
          },
          merge: (asked) => merger.merge(asked),
          unmerge: ({ merge }) => merger.unmerge(merge),
          reviews: async ({ limit }) => ({ reviews: await decisions.reviews(limit) }),
          merges: async ({ limit }) => ({ merges: await decisions.merges(limit) }),
          dismiss: async ({ review }) => {
            await storage.unitOfWork(() => reviews.dismiss(review));
            return { dismissed: true };
          },
          reindex: async ({ object }) => ({ records: await matched.rebuild(comparing(object)) }),
        },
        matching: {
          of: (name) => {
            const object = matched.comparing(name);
            if (object === undefined) return undefined;
            return {
              comparables: (values) => object.comparables(values),
              find: (records) => findDuplicates(matched.index(object), object, records),
              memory: () => new DuplicateIndex(object.description.duplicates),
            };
          },
        },
      },
      started: () => {
        effect('door of the business objects', model.guard(new QualityDoor(matched, reviews, batch)));
        effect('building of indexes', async () => {
          matched.stop();
          await turn;
        });
        const reload = () => void inTurn(() => matched.load().then(() => matched.build()));
        effect('model listener', model.onChange(reload));
        void inTurn(() => matched.build());
      },
      inspect: () => matched.inspect(),
    };
  },
});
