import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { Declarations } from '@caruso/declarations/contract';
import { baseOf, type Fault, isLanguage, plainText, Scope, type Setting, showText } from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { checkSession, checkStart, isStaff, mayStart, viewChannel } from './access.js';
import { Scripts } from './contract.js';
import { Engine } from './engine.js';
import * as errors from './errors.js';
import { Library } from './library.js';
import { methodShapes } from './method-shapes.js';
import { readParams } from './params.js';
import { SessionStore } from './store.js';

/** The component: dialog scripts of the front office's folder, run as sessions over storage and journal. */
export const scriptEngine = defineComponent({
  provides: Scripts,
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    storage: need(Storage, '^1.0'),
    journal: need(Journal, '^1.0'),
    model: need(Model, '^1.0'),
    objects: need(BusinessObjects, '^1.0'),
  },
  config: z.strictObject({}),
  create({ needs, services, clock, ids, log, effect }) {
    const { declarations, model, objects } = needs;
    const library = new Library();
    const store = new SessionStore(model, needs.storage, needs.journal);
    const setting = (): Setting => {
      const { locale, timezone, currency } = declarations.folder().manifest;
      return { locale, timezone, currency: currency ?? 'EUR' };
    };
    const engine = new Engine({ store, library, objects, model, services, clock, ids, log, setting });
    let faulty = false;
    let told = '';

    const reload = (): void => {
      const schema = { objects: model.expressionTypes() as NonNullable<Schema['objects']> };
      library.forgetPinned();
      const faults = library.reload(declarations.folder().sources('scripts'), schema, methodShapes(services.methods()));
      faulty = faults.some(({ severity }) => severity === 'error');
      const text = JSON.stringify(faults);
      if (text !== told) for (const fault of faults) log.warn({ ...fault }, 'a dialog script has a fault');
      told = text;
    };

    reload();
    effect('listening for changed scripts', declarations.onChange(reload));
    effect('listening for a changed model', model.onChange(reload));
    // A service that was not there yet may bring the methods that scripts were refused for.
    effect(
      'listening for services',
      services.onChange(() => {
        if (faulty) reload();
      }),
    );

    const languageOf = (asked: string | undefined): string =>
      asked !== undefined && isLanguage(asked) ? asked : baseOf(setting().locale);

    const open = async (id: string, principal: Parameters<typeof isStaff>[0], looking: boolean) => {
      const row = await store.row(id);
      checkSession(principal, id, row, looking);
      return row;
    };

    return {
      handlers: {
        list: ({ channel, language }, { principal }) => ({
          scripts: library
            .list()
            .filter(({ program }) => mayStart(principal, program) && program.channels.includes(channel))
            .map(({ program }) => {
              const audience = { channel, language: languageOf(language), setting: setting() };
              const facts = { id: '', channel, language: audience.language, starter: '', interaction: null };
              const scope = new Scope(program, facts, audience.setting.timezone, new Date(clock.now()).toISOString());
              const title = plainText(showText(program.titles, audience, scope));
              return {
                id: program.id,
                version: program.version,
                title: title === '' ? program.id : title,
                description: plainText(showText(program.descriptions, audience, scope)),
                channels: [...program.channels],
              };
            }),
        }),
        start: async (input, { principal }) => {
          const edition = library.get(input.script);
          const startable = library.list().filter(({ program }) => mayStart(principal, program));
          if (edition === undefined || !startable.includes(edition)) {
            throw errors.scriptUnknown(
              input.script,
              startable.map(({ program }) => program.id),
            );
          }
          const { program } = edition;
          checkStart(principal, program, input.channel, input.params);
          if (input.language !== undefined && !isLanguage(input.language)) {
            throw errors.paramInvalid(program.id, `'${input.language}' is no language`, 'give a tag such as en or nl');
          }
          return engine.start(
            {
              script: program.id,
              channel: input.channel,
              language: languageOf(input.language),
              params: readParams(program, input.params, setting().currency),
              interaction: input.interaction ?? null,
              requestId: input.requestId,
            },
            principal,
          );
        },
        answer: async ({ session, seq, messageId, answers }, { principal }) => {
          await open(session, principal, false);
          return engine.answer(session, seq, messageId, answers);
        },
        back: async ({ session, seq, messageId, to }, { principal }) => {
          await open(session, principal, false);
          return engine.back(session, seq, messageId, to);
        },
        view: async ({ session, channel }, { principal }) => {
          const row = await open(session, principal, true);
          return engine.view(session, viewChannel(principal, channel, row?.channel ?? 'web'));
        },
        source: ({ script }) => {
          const reading = library.reading(script);
          if (reading === undefined)
            throw errors.scriptUnknown(
              script,
              library.readings().map(({ id }) => id),
            );
          return {
            script: reading.id,
            file: reading.file,
            hash: reading.content,
            text: reading.text,
            faults: reading.faults.map(({ line, column, code, message, remedy }: Fault) => {
              return { line, column, code, message, remedy };
            }),
          };
        },
      },
      started: () => engine.recover(),
      inspect: () => ({
        scripts: library.readings().map(({ id, file, content, faults }) => ({
          id,
          file,
          content: content.slice(0, 12),
          served: library.get(id)?.content === content,
          faults: faults.length,
        })),
      }),
    };
  },
});
