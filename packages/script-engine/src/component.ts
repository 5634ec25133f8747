import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { DeclarationEditing, Declarations } from '@caruso/declarations/contract';
import {
  baseOf,
  type Fault,
  isLanguage,
  plainText,
  referenceAsked,
  Scope,
  type Setting,
  showText,
  Trail,
} from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';
import { defineComponent, need, type Principal } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { checkSession, checkStart, checkTakeOver, mayStart, viewChannel } from './access.js';
import { ScriptDeveloper, Scripts } from './contract.js';
import { scriptDeveloper } from './developer/developer.js';
import { Drafts } from './developer/drafts.js';
import { type Caller, Engine } from './engine.js';
import * as errors from './errors.js';
import { Files } from './files.js';
import { Library } from './library.js';
import { methodShapes } from './method-shapes.js';
import { readParams } from './params.js';
import { ownerOf, type SessionRow, SessionStore } from './store.js';
import { usage } from './usage.js';

/** The component: dialog scripts of the front office's folder, run as sessions over storage and journal. */
export const scriptEngine = defineComponent({
  provides: { scripts: Scripts, developer: ScriptDeveloper },
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    editing: need(DeclarationEditing, '^1.0'),
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
      engine.forget();
      const faults = library.reload(declarations.folder().sources('scripts'), schema, methodShapes(services.methods()));
      faulty = faults.some(({ severity }) => severity === 'error');
      const text = JSON.stringify(faults);
      if (text !== told) for (const fault of faults) log.warn({ ...fault }, 'a dialog script has a fault');
      told = text;
    };

    reload();
    effect('actions under way', () => engine.idle());
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

    const caller = (principal: Principal, asked?: string, looking = false): Caller => ({
      by: principal.id,
      check: (row) => checkSession(principal, row.id, row, looking),
      channel: (row) => viewChannel(principal, asked, row),
    });
    const files = new Files(store, () => new Date(clock.now()).toISOString());

    return {
      handlers: {
        developer: scriptDeveloper({
          declarations,
          editing: needs.editing,
          model,
          journal: needs.journal,
          drafts: new Drafts(model, needs.storage, needs.journal),
          methods: () => methodShapes(services.methods()),
          setting,
          clock,
        }),
        scripts: {
          list: ({ channel, language }, { principal }) => ({
            scripts: library
              .list()
              .filter(({ program }) => mayStart(principal, program) && program.channels.includes(channel))
              .map(({ program }) => {
                const audience = { channel, language: languageOf(language), setting: setting() };
                const facts = {
                  id: '',
                  channel,
                  language: audience.language,
                  starter: '',
                  interaction: null,
                  attempt: 1,
                };
                const scope = new Scope(
                  program,
                  new Trail(),
                  facts,
                  audience.setting.timezone,
                  new Date(clock.now()).toISOString(),
                );
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
              throw errors.paramInvalid(
                program.id,
                `'${input.language}' is no language`,
                'give a tag such as en or nl',
              );
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
          answer: async ({ answers, ...to }, { principal }) => {
            const who = caller(principal);
            // Only a file is more than it says of itself; for anything else the session is not read twice.
            if (Object.values(answers).some((given) => typeof given === 'object' && given !== null)) {
              await engine.look(to.session, who, ({ row, state }) => files.check(row.id, state, answers));
            }
            return engine.answer(to, answers, who);
          },
          back: ({ to, ...addressed }, { principal }) => engine.back(addressed, to, caller(principal)),
          view: ({ session, channel }, { principal }) => engine.view(session, caller(principal, channel, true)),
          signal: ({ event, ...to }, { principal }) => engine.signal(to, event, caller(principal)),
          pause: (to, { principal }) => engine.pause(to, caller(principal)),
          resume: async ({ session, messageId, channel, language }, { principal }) => {
            if (language !== undefined && !isLanguage(language)) {
              throw errors.paramInvalid(session, `'${language}' is no language`, 'give a tag such as en or nl');
            }
            const turn = {
              by: principal.id,
              ...(channel === undefined ? {} : { channel }),
              ...(language === undefined ? {} : { language }),
            };
            const who = { ...caller(principal), check: (row: SessionRow) => checkTakeOver(principal, row, channel) };
            const agent = channel === 'agent' ? ownerOf(principal) : undefined;
            return engine.resume({ session, messageId }, turn, who, agent);
          },
          migrate: ({ dryRun, ...to }, { principal }) => engine.migrate(to, dryRun, caller(principal, undefined, true)),
          search: ({ session, question, text }, { principal }) =>
            engine.look(session, caller(principal), async ({ row, state }) => {
              const wanted = referenceAsked(state, question);
              if (wanted === undefined) throw errors.questionUnknown(session, question, 'reference');
              return { found: await engine.errands.search(wanted.query, wanted.params, text, row) };
            }),
          attach: (input, { principal }) =>
            engine.look(input.session, caller(principal), ({ state }) => files.attach(state, input)),
          file: ({ session, id, part }, { principal }) =>
            engine.look(session, caller(principal, undefined, true), () => files.part(session, id, part)),
          usage: async (asked) => {
            return { script: asked.script, versions: await usage(objects, asked, clock.now()) };
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
