import type { Expression, Template } from '@caruso/expressions';
import type { z } from 'zod';
import type { BuiltInView } from './contract.js';
import type { Text } from './text.js';

/** Screens as compiled from their files: names are known to exist, expressions are typed; whose eyes they are for comes later. */

export interface Column {
  /** An attribute, or one of an object that to-one relations lead to. */
  path: string;
  label: Text | undefined;
}

export type Deed =
  | { kind: 'script'; script: string }
  | { kind: 'call'; method: string; confirm: Text | undefined }
  | { kind: 'create'; object: string };

export interface ScreenAction {
  label: Text | undefined;
  deed: Deed;
  input: Template;
  condition: Expression | undefined;
}

export type ScreenBlock =
  | { kind: 'fields'; label: Text | undefined; fields: Column[]; edit: boolean }
  | {
      kind: 'list';
      label: Text | undefined;
      object: string;
      /** The relation that leads from the record; absent: a list of its own. */
      relation: string | undefined;
      where: string | undefined;
      /** Absent: those of the object's default list. */
      columns: Column[] | undefined;
      sort: string[];
      opens: string | undefined;
      create: boolean;
      empty: Text | undefined;
    }
  | { kind: 'timeline'; label: Text | undefined }
  | { kind: 'service'; label: Text | undefined; method: string; input: Template }
  | { kind: 'history' | 'notes' | 'attachments'; label: Text | undefined };

/** By role: what it sees. Undefined: whoever may read the object. */
export type RoleRules = ReadonlyMap<string, { hidden: ReadonlySet<string> }> | undefined;

export interface RecordLayout {
  kind: 'record';
  screen: string;
  object: string;
  label: Text | undefined;
  head: Column[];
  actions: ScreenAction[];
  tabs: { name: string; label: Text; blocks: ScreenBlock[] }[];
  roles: RoleRules;
}

export interface ListLayout {
  kind: 'list';
  screen: string;
  object: string;
  label: Text | undefined;
  columns: Column[];
  where: string | undefined;
  sort: string[];
  opens: string | undefined;
  create: string[];
  empty: Text | undefined;
  roles: RoleRules;
}

export type Layout = RecordLayout | ListLayout;

export interface NavigationEntry {
  label: Text | undefined;
  icon: string | undefined;
  view: z.infer<typeof BuiltInView> | undefined;
  screen: string | undefined;
}

export interface NavigationPlan {
  brand: { name: Text | undefined; accent: string | undefined; logo: string | undefined };
  customer: string | undefined;
  search: string[] | undefined;
  roles: ReadonlyMap<string, NavigationEntry[]>;
}

export interface PortalPlan {
  title: Text;
  welcome: Text | undefined;
  scripts: { script: string; label: Text | undefined; description: Text | undefined; icon: string }[];
  chat: { label: Text | undefined; greeting: Text | undefined } | undefined;
}

/** All that screens/*.yaml say. */
export interface ScreenPlan {
  layouts: ReadonlyMap<string, Layout>;
  /** Screens with a fault, and the first of theirs. */
  faulty: ReadonlyMap<string, string>;
  navigation: NavigationPlan | undefined;
  portal: PortalPlan | undefined;
}
