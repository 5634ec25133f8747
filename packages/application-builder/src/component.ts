import { BusinessObjects, Model, type ObjectDescription, type ObjectRecord } from '@caruso/business-objects/contract';
import { formatFault, readYaml, type Source } from '@caruso/declarations';
import { Declarations } from '@caruso/declarations/contract';
import { Scripts } from '@caruso/script-engine/contract';
import { CarusoError, type Client, defineComponent, need, type Principal } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { compileScreens } from './compile-screens.js';
import { Screens } from './contract.js';
import { keyMissing, recordMissing } from './errors.js';
import { resolveNavigation, type Setting } from './navigation.js';
import { resolvePortal } from './portal.js';
import { resolveList } from './resolve-list.js';
import { relationsOfScreen, resolveRecord } from './resolve-record.js';
import { ScreenBook } from './screen-book.js';
import { additionsOf, type Shapes, shapesOf } from './shapes.js';
import type { OfferedScript, Viewer } from './viewer.js';

/** Relations that one read takes. */
const INCLUDED = 10;
const SEEN = 50;

type Objects = Client<typeof BusinessObjects>;

/** Screens, navigation and portal, resolved for whoever calls. */
export const screensComponent = defineComponent({
  provides: Screens,
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    objects: need(BusinessObjects, '^1.0'),
    model: need(Model, '^1.0'),
    scripts: need(Scripts, '^1.0', { optional: true }),
  },
  config: z.strictObject({}),
  create({ needs, services, clock, log, effect }) {
    const { declarations, objects, model, scripts } = needs;
    let current: { book: ScreenBook; shapes: Shapes; version: number } | undefined;
    /** What each set of roles may see, until the model changes. */
    const seen = new Map<string, ReadonlyMap<string, ObjectDescription>>();
    const forget = (): void => {
      current = undefined;
      seen.clear();
    };
    effect('changes of declarations', declarations.onChange(forget));
    effect('changes of the model', model.onChange(forget));

    const setting = (): Setting => {
      const { name, locale, timezone, currency } = declarations.folder().manifest;
      return { name, locale, timezone, currency };
    };

    /** Compiled when it is first asked for, and again after each change. */
    function compiled() {
      const version = model.version();
      if (current?.version === version) return current;
      const folder = declarations.folder();
      const described = model.describe();
      const shapes = shapesOf(model.expressionTypes(), described);
      const context = { shapes, additions: additionsOf(described), methods: undefined, scripts: undefined };
      const { plan, faults } = compileScreens(folder.sources('screens'), context);
      for (const fault of faults) log.error({ fault }, formatFault(fault));
      current = { book: new ScreenBook(plan, objectsOfTheHouse(folder.sources('model'))), shapes, version };
      return current;
    }

    async function viewerFor(principal: Principal, language = setting().locale): Promise<Viewer> {
      const { version } = compiled();
      const roles = JSON.stringify([version, principal.kind, [...principal.roles].sort()]);
      let known = seen.get(roles);
      if (known === undefined) {
        const described = await objects.describe({});
        known = new Map(described.objects.map((object) => [object.name, object]));
        if (seen.size >= SEEN) seen.clear();
        seen.set(roles, known);
      }
      const may = (method: string): boolean => {
        try {
          services.authorize(method, principal);
          return true;
        } catch {
          return false;
        }
      };
      return { principal, locale: language, objects: known, may };
    }

    /** Scripts the caller may start; none while there is no script engine. */
    async function offered(channel: 'agent' | 'web', locale = setting().locale): Promise<Map<string, OfferedScript>> {
      try {
        const [language = 'en'] = locale.split('-');
        const list = await scripts.list({ channel, language });
        return new Map(list.scripts.map((script) => [script.id, script]));
      } catch (error) {
        if (error instanceof CarusoError && error.code === 'SERVICE_UNAVAILABLE') return new Map();
        throw error;
      }
    }

    return {
      handlers: {
        navigation: async ({ language }, { principal }) =>
          resolveNavigation(await viewerFor(principal, language), compiled().book, setting()),
        portal: async ({ language }) => {
          const chatOpen = services.providers('chat').length > 0;
          const { name, locale } = setting();
          const spoken = { name, locale: language ?? locale };
          return resolvePortal(compiled().book.plan.portal, await offered('web', language), chatOpen, spoken);
        },
        async resolve({ screen, key, language }, { principal }) {
          const viewer = await viewerFor(principal, language);
          const { book, shapes } = compiled();
          const layout = book.find(screen, viewer);
          const object = viewer.objects.get(layout.object);
          if (object === undefined) throw recordMissing(layout.object, key ?? '');
          if (layout.kind === 'list') return resolveList(layout, object, viewer, book);
          if (key === undefined) throw keyMissing(screen);
          const parts = { layout, object, viewer, book, shapes };
          const record = await read(objects, object.name, key, relationsOfScreen(parts));
          const runs = layout.actions.some(({ deed }) => deed.kind === 'script');
          return resolveRecord({
            ...parts,
            record,
            decodeKey: () => model.decodeKey(object.name, record.key),
            scripts: runs ? await offered('agent', language) : new Map(),
            moment: { now: new Date(clock.now()), timezone: setting().timezone },
            onFault: (err, what) =>
              log.warn({ screen, key, err }, `an expression of screen '${screen}' failed: ${what}`),
          });
        },
      },
      inspect: () => {
        const plan = current?.book.plan;
        return { screens: [...(plan?.layouts.keys() ?? [])], faulty: Object.fromEntries(plan?.faulty ?? []) };
      },
    };
  },
});

/** Reads a record with its relations, as many at once as one call takes. Throws RECORD_NOT_FOUND. */
async function read(objects: Objects, object: string, key: string, relations: string[]): Promise<ObjectRecord> {
  let found: ObjectRecord | undefined;
  for (const include of portions(relations, INCLUDED)) {
    const record = await objects.get({ object, key, include });
    if (record === null) throw recordMissing(object, key);
    found = found === undefined ? record : { ...found, related: { ...found.related, ...record.related } };
  }
  if (found === undefined) throw recordMissing(object, key);
  return found;
}

/** At least one portion; `a.b` and `a.c` stay together, since both are parts of what is loaded as `a`. */
function portions(relations: readonly string[], size: number): string[][] {
  const heads = new Map<string, string[]>();
  for (const path of relations) {
    const [head = ''] = path.split('.');
    heads.set(head, [...(heads.get(head) ?? []), path]);
  }
  const all: string[][] = [[]];
  for (const paths of heads.values()) {
    const last = all[all.length - 1] ?? [];
    if (last.length > 0 && last.length + paths.length > size) all.push(paths.slice(0, size));
    else last.push(...paths.slice(0, size));
  }
  return all;
}

const Owned = z.looseObject({ object: z.string(), 'written by': z.string() });

/** Objects that a component writes: contacts, messages, reminders. */
function objectsOfTheHouse(sources: readonly Source[]): Set<string> {
  return new Set(
    sources.flatMap((source) => {
      const { value } = readYaml(source, Owned);
      return value === undefined ? [] : [value.object];
    }),
  );
}
