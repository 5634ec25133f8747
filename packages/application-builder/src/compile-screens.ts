import { type Fault, formatFault, type Read, readYaml, type Source } from '@caruso/declarations';
import { z } from 'zod';
import { columnsOf, compileRecord, sortOf } from './compile-record.js';
import { Inspector, type ScreenContext } from './inspector.js';
import type { Layout, ListLayout, NavigationPlan, PortalPlan, ScreenPlan } from './screen.js';
import { ListScreenFile, NavigationFile, PortalFile, RecordScreenFile } from './screen-file.js';

export interface CompiledScreens {
  plan: ScreenPlan;
  faults: Fault[];
}

const Anything = z.record(z.string(), z.unknown());

/** A file of which the schema is chosen by what it holds. */
interface Chapter {
  source: Source;
  kind: 'record' | 'list' | 'navigation' | 'portal';
}

/**
 * Compiles screens/*.yaml. Every fault comes with file, line and column; a screen with a fault is set aside.
 *
 * @example
 * const { plan, faults } = compileScreens(folder.sources('screens'), { shapes, methods: undefined, scripts: undefined });
 */
export function compileScreens(sources: readonly Source[], context: ScreenContext): CompiledScreens {
  const faults: Fault[] = [];
  const layouts = new Map<string, Layout>();
  const faulty = new Map<string, string>();
  const files = new Map<string, string>();
  let navigation: NavigationPlan | undefined;
  let portal: PortalPlan | undefined;
  const later: (() => void)[] = [];
  for (const { source, kind } of sources.flatMap((each) => chapterOf(each, faults))) {
    if (kind === 'navigation') {
      const file = once(kind, source, readYaml(source, NavigationFile));
      if (file === undefined) continue;
      navigation = navigationOf(file.value);
      const found = navigation;
      // Screens may stand in files that come later.
      later.push(() => checkNavigation(found, file.inspector));
      later.push(() => faults.push(...file.inspector.faults));
    } else if (kind === 'portal') {
      const file = once(kind, source, readYaml(source, PortalFile));
      if (file === undefined) continue;
      portal = portalOf(file.value, file.inspector);
      faults.push(...file.inspector.faults);
    } else if (kind === 'record') {
      const read = readYaml(source, RecordScreenFile);
      layout(source, read, (value, inspector) => compileRecord(value, inspector));
    } else {
      const read = readYaml(source, ListScreenFile);
      layout(source, read, (value, inspector) => compileList(value, inspector));
    }
  }
  for (const check of later) check();
  return { plan: { layouts, faulty, navigation, portal }, faults };

  function once<T>(kind: string, source: Source, read: Read<T>): { value: T; inspector: Inspector } | undefined {
    faults.push(...read.faults);
    if (read.value === undefined || !first(kind, source, read, [kind])) return undefined;
    return { value: read.value, inspector: new Inspector(context, read.locate) };
  }

  /** False, with a fault, where another file says the same. */
  function first(name: string, source: Source, { locate }: Read<unknown>, at: string[]): boolean {
    const other = files.get(name);
    files.set(name, other ?? source.path);
    if (other === undefined) return true;
    const message = `'${name}' is declared in ${other} already`;
    faults.push({ ...locate(at), code: 'SCREEN_TWICE', message, remedy: 'give it another name', severity: 'error' });
    return false;
  }

  function layout<T extends { screen: string }>(
    source: Source,
    read: Read<T>,
    build: (value: T, inspector: Inspector) => Layout | undefined,
  ): void {
    faults.push(...read.faults);
    const { draft: value } = read;
    if (value === undefined) {
      const name = nameIn(source);
      const [fault] = read.faults;
      if (name !== undefined && fault !== undefined) faulty.set(name, formatFault(fault));
      return;
    }
    if (!first(value.screen, source, read, ['screen'])) return;
    const inspector = new Inspector(context, read.locate);
    const built = build(value, inspector);
    if (built !== undefined) layouts.set(value.screen, built);
    later.push(() => {
      if (built !== undefined) checkOpens(built, inspector);
      faults.push(...inspector.faults);
      const [fault] = [...read.faults, ...inspector.faults];
      if (fault === undefined) return;
      layouts.delete(value.screen);
      faulty.set(value.screen, formatFault(fault));
    });
  }

  function screenKnown(
    name: string,
    kind: 'record' | 'list' | undefined,
    at: (string | number)[],
    inspector: Inspector,
  ) {
    const standard = /^(record|list):(.+)$/.exec(name);
    if (standard !== null) {
      inspector.object(standard[2] ?? '', at);
      return;
    }
    if (faulty.has(name) && !layouts.has(name)) return;
    const known = [...layouts.values()].filter((each) => kind === undefined || each.kind === kind);
    const what = kind === undefined ? `the screen '${name}'` : `the ${kind} screen '${name}'`;
    const names = known.map(({ screen }) => screen);
    inspector.name(name, names, at, 'SCREEN_UNKNOWN', what);
  }

  /** What a row opens is the screen of a record of that object. */
  function checkOpens(built: Layout, inspector: Inspector): void {
    if (built.kind === 'list') opensFits(built.opens, built.object, ['opens'], inspector);
    else {
      built.tabs.forEach(({ name, blocks }, tab) => {
        blocks.forEach((block, index) => {
          const at = ['tabs', tab, name, index, 'opens'];
          if (block.kind === 'list') opensFits(block.opens, block.object, at, inspector);
        });
      });
    }
  }

  function opensFits(opens: string | undefined, object: string, at: (string | number)[], inspector: Inspector): void {
    if (opens === undefined) return;
    screenKnown(opens, 'record', at, inspector);
    const target = layouts.get(opens);
    if (target === undefined || target.object === object) return;
    const message = `'${opens}' shows a ${target.object}, but the rows are ${object}`;
    inspector.fault(at, 'SCREEN_OPENS_OTHER', message, `name a screen with 'for: ${object}'`);
  }

  function checkNavigation(plan: NavigationPlan, inspector: Inspector): void {
    if (plan.customer !== undefined) screenKnown(plan.customer, 'record', ['navigation', 'customer'], inspector);
    for (const [index, object] of (plan.search ?? []).entries()) {
      inspector.object(object, ['navigation', 'search', index]);
    }
    for (const [role, entries] of plan.roles) {
      for (const [index, { screen }] of entries.entries()) {
        if (screen !== undefined) screenKnown(screen, 'list', ['navigation', role, index, 'screen'], inspector);
      }
    }
  }
}

function chapterOf(source: Source, faults: Fault[]): Chapter[] {
  const { value, locate, faults: found } = readYaml(source, Anything);
  if (value === undefined) {
    faults.push(...found);
    return [];
  }
  if ('navigation' in value) return [{ source, kind: 'navigation' }];
  if ('portal' in value) return [{ source, kind: 'portal' }];
  if ('for' in value) return [{ source, kind: 'record' }];
  if ('list' in value) return [{ source, kind: 'list' }];
  const message = 'the file declares no screen';
  const remedy = "write 'screen:' with 'for: <Object>' or 'list: <Object>', or 'navigation:' or 'portal:'";
  faults.push({ ...locate([]), code: 'SCREEN_KIND', message, remedy, severity: 'error' });
  return [];
}

/** The name of a screen whose file cannot be used otherwise. */
function nameIn(source: Source): string | undefined {
  const name = readYaml(source, Anything).value?.['screen'];
  return typeof name === 'string' ? name : undefined;
}

function compileList(file: ListScreenFile, inspector: Inspector): ListLayout | undefined {
  const { screen, list: object, label, where, opens, create = [], empty, roles } = file;
  if (!inspector.object(object, ['list'])) return undefined;
  if (where !== undefined) inspector.filter(object, where, ['where']);
  for (const [index, name] of create.entries()) inspector.path(object, name, ['create', index]);
  return {
    kind: 'list',
    screen,
    object,
    label,
    where,
    opens,
    create,
    empty,
    columns: columnsOf(file.columns, object, ['columns'], inspector),
    sort: sortOf(file.sort, object, ['sort'], inspector),
    roles: roles === undefined ? undefined : new Map(Object.keys(roles).map((role) => [role, { hidden: new Set() }])),
  };
}

function navigationOf({ navigation }: NavigationFile): NavigationPlan {
  const { brand, customer, search, ...roles } = navigation;
  const entries = Object.entries(roles).map(
    ([role, list]) => [role, list.map(({ label, icon, view, screen }) => ({ label, icon, view, screen }))] as const,
  );
  return {
    brand: { name: brand?.name, accent: brand?.accent, logo: brand?.logo },
    customer,
    search,
    roles: new Map(entries),
  };
}

function portalOf({ portal }: PortalFile, inspector: Inspector): PortalPlan {
  for (const [index, { script }] of portal.scripts.entries()) {
    inspector.script(script, ['portal', 'scripts', index, 'script']);
  }
  return {
    title: portal.title,
    welcome: portal.welcome,
    scripts: portal.scripts.map(({ script, label, description, icon }) => ({ script, label, description, icon })),
    chat: portal.chat === undefined ? undefined : { label: portal.chat.label, greeting: portal.chat.greeting },
  };
}
