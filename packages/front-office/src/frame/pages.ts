import type { Navigation as NavigationSchema } from '@caruso/application-builder/contract';

export type Navigation = (typeof NavigationSchema)['_output'];
export type NavigationItem = Navigation['items'][number];

/** Built-in views that have a page of their own. */
const pages = new Set<string>([
  'desktop',
  'monitor',
  'reports',
  'services',
  'policies',
  'scripts',
  'model',
  'telephone',
  'kept',
  'reminders',
  'imports',
  'duplicates',
]);

/** Whether an entry leads anywhere in this application. */
export function hasPage(item: NavigationItem): boolean {
  return item.screen !== undefined || (item.view !== undefined && pages.has(item.view));
}

/** Path of an entry of the navigation. */
export function pathOf(item: NavigationItem): string {
  return item.screen === undefined ? `/${item.view ?? ''}` : screenPath(item.screen);
}

/** Path of a screen of the front office, or of one record on it. */
export function screenPath(screen: string, key?: string): string {
  const path = `/screens/${encodeURIComponent(screen)}`;
  return key === undefined ? path : `${path}/${encodeURIComponent(key)}`;
}
