import type { AttributeDescription, ObjectDescription, RelationDescription } from '@caruso/business-objects/contract';
import type { Principal } from '@caruso/service-manager/contract';
import type { Field } from './contract.js';
import type { Column, Layout, RoleRules } from './screen.js';
import { inLanguage, type Text } from './text.js';

/** A dialog script as the viewer may start it. */
export interface OfferedScript {
  id: string;
  title: string;
  description: string;
}

/** Whose eyes a screen is resolved for: what the rights of the model and of the services let through. */
export interface Viewer {
  principal: Principal;
  locale: string;
  /** Objects that may be read, with the attributes and relations that may be seen. */
  objects: ReadonlyMap<string, ObjectDescription>;
  /** Whether a method may be called. */
  may: (method: string) => boolean;
}

export function say(viewer: Viewer, text: Text): string {
  return inLanguage(text, viewer.locale);
}

/** Tabs a role rule hides from the viewer; undefined where the screen is not the viewer's at all. */
export function hiddenTabs(viewer: Viewer, roles: RoleRules): ReadonlySet<string> | undefined {
  if (roles === undefined) return new Set();
  const rules = viewer.principal.roles.flatMap((role) => roles.get(role) ?? []);
  const [first, ...others] = rules;
  if (first === undefined) return undefined;
  // Roles add up: what one shows, another does not hide.
  return new Set([...first.hidden].filter((tab) => others.every(({ hidden }) => hidden.has(tab))));
}

export function maySee(viewer: Viewer, layout: Layout): boolean {
  return viewer.objects.has(layout.object) && hiddenTabs(viewer, layout.roles) !== undefined;
}

function attributeOf(object: ObjectDescription, name: string): AttributeDescription | undefined {
  return object.attributes.find((attribute) => attribute.name === name);
}

export function relationOf(object: ObjectDescription, name: string): RelationDescription | undefined {
  return object.relations.find((relation) => relation.name === name);
}

/** The field at a path, where every step of it may be seen. */
function fieldAt(viewer: Viewer, object: ObjectDescription, { path, label }: Column): Field | undefined {
  const steps = path.split('.');
  const labels: string[] = [];
  let current: ObjectDescription | undefined = object;
  for (const [index, step] of steps.entries()) {
    const attribute: AttributeDescription | undefined = current === undefined ? undefined : attributeOf(current, step);
    if (attribute === undefined) return undefined;
    labels.push(index === 0 ? attribute.label : attribute.label.charAt(0).toLowerCase() + attribute.label.slice(1));
    if (index === steps.length - 1) {
      const own = label === undefined ? labels.slice(-2).join(' ') : say(viewer, label);
      return { path, label: own, attribute: steps.length === 1 ? attribute : { ...attribute, readOnly: true } };
    }
    current = viewer.objects.get(attribute.to ?? '');
  }
  return undefined;
}

export function fieldsAt(viewer: Viewer, object: ObjectDescription, columns: readonly Column[]): Field[] {
  return columns.flatMap((column) => fieldAt(viewer, object, column) ?? []);
}

/** Relations to load so that the paths can be shown: what lies on the way, and what a reference at the end leads to. */
export function relationsFor(viewer: Viewer, object: ObjectDescription, paths: Iterable<string>): string[] {
  const wanted = new Set<string>();
  for (const path of paths) {
    let current: ObjectDescription | undefined = object;
    const way: string[] = [];
    for (const step of path.split('.')) {
      const next: string | undefined =
        current === undefined ? undefined : (attributeOf(current, step)?.to ?? relationOf(current, step)?.to);
      const target: ObjectDescription | undefined = next === undefined ? undefined : viewer.objects.get(next);
      if (target === undefined) break;
      way.push(step);
      wanted.add(way.join('.'));
      current = target;
    }
  }
  // `a` comes with `a.b`.
  const all = [...wanted];
  return all.filter((path) => !all.some((other) => other.startsWith(`${path}.`)));
}
