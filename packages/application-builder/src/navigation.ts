import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { z } from 'zod';
import type { BuiltInView, Navigation } from './contract.js';
import type { NavigationEntry } from './screen.js';
import type { ScreenBook } from './screen-book.js';
import { maySee, say, type Viewer } from './viewer.js';
import { views } from './views.js';
import { humanise } from './words.js';

/** Roles of people who work here; others see the brand alone. */
const staff = ['agent', 'supervisor', 'administrator'];
const ACCENT = '#1c7ed6';
const SEARCHED = 8;

export interface Setting {
  name: string;
  locale: string;
  timezone: string;
  currency: string | undefined;
}

type Item = z.infer<typeof Navigation>['items'][number];

/** The frame for its viewer: only what the viewer may open. Pure. */
export function resolveNavigation(viewer: Viewer, book: ScreenBook, setting: Setting): z.infer<typeof Navigation> {
  const plan = book.plan.navigation;
  const brand = plan?.brand;
  const entries = plan === undefined ? defaultEntries(viewer, book) : declaredEntries(viewer, plan.roles);
  return {
    brand: {
      name: brand?.name === undefined ? setting.name : say(viewer, brand.name),
      accent: brand?.accent ?? ACCENT,
      logo: brand?.logo ?? null,
    },
    locale: setting.locale,
    timezone: setting.timezone,
    currency: setting.currency ?? null,
    items: entries.flatMap((entry) => itemOf(entry, viewer, book) ?? []),
    customer: customerOf(plan?.customer, viewer, book),
    search: searchOf(plan?.search, viewer, book),
  };
}

/** The entries of all the viewer's roles, each once, in the order of the roles. */
function declaredEntries(viewer: Viewer, roles: ReadonlyMap<string, NavigationEntry[]>): NavigationEntry[] {
  const seen = new Set<string>();
  return viewer.principal.roles
    .flatMap((role) => roles.get(role) ?? [])
    .filter(({ view, screen }) => {
      const name = view === undefined ? `screen ${screen}` : `view ${view}`;
      return !seen.has(name) && seen.add(name);
    });
}

/** Without a navigation: the views of the house, then every list. */
function defaultEntries(viewer: Viewer, book: ScreenBook): NavigationEntry[] {
  if (!viewer.principal.roles.some((role) => staff.includes(role))) return [];
  const bare = { label: undefined, icon: undefined, view: undefined, screen: undefined };
  const names = Object.keys(views) as z.infer<typeof BuiltInView>[];
  return [
    ...names.map((view) => ({ ...bare, view })),
    ...book.lists(viewer).map(({ screen }) => ({ ...bare, screen })),
  ];
}

function itemOf(entry: NavigationEntry, viewer: Viewer, book: ScreenBook): Item | undefined {
  const { view, screen, icon } = entry;
  const label = entry.label === undefined ? undefined : say(viewer, entry.label);
  if (view !== undefined) {
    const known = views[view];
    if (!viewer.may(known.method)) return undefined;
    return { label: label ?? say(viewer, known.label), icon: icon ?? known.icon, view };
  }
  if (screen === undefined) return undefined;
  const layout = book.plan.layouts.get(screen);
  if (layout !== undefined) {
    if (!maySee(viewer, layout)) return undefined;
    const own = layout.label === undefined ? viewer.objects.get(layout.object)?.labelPlural : say(viewer, layout.label);
    return { label: label ?? own ?? humanise(screen), icon: icon ?? 'list', screen };
  }
  const standard = viewer.objects.get(screen.replace(/^list:/, ''));
  if (standard === undefined) return undefined;
  return { label: label ?? standard.labelPlural, icon: icon ?? 'list', screen };
}

function customerOf(screen: string | undefined, viewer: Viewer, book: ScreenBook) {
  const layout = screen === undefined ? undefined : book.plan.layouts.get(screen);
  if (layout === undefined || !maySee(viewer, layout)) return null;
  return { object: layout.object, screen: layout.screen };
}

function searchOf(declared: string[] | undefined, viewer: Viewer, book: ScreenBook) {
  const searchable = ({ attributes }: ObjectDescription): boolean => attributes.some(({ search }) => search);
  const others = [...viewer.objects.values()].filter((each) => searchable(each) && !book.ofTheHouse.has(each.name));
  const names = declared ?? others.slice(0, SEARCHED).map(({ name }) => name);
  return names.flatMap((name) => {
    const object = viewer.objects.get(name);
    const screen = book.forObject(name, viewer);
    if (object === undefined || screen === undefined || !searchable(object)) return [];
    return [{ object: name, label: object.labelPlural, screen }];
  });
}
