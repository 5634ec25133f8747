import type { ObjectDescription, ObjectRecord } from '@caruso/business-objects/contract';
import type { Template } from '@caruso/expressions';
import type { z } from 'zod';
import type { Action, Block, Field, RecordScreen } from './contract.js';
import { expressionValues, recordAt, valueAt } from './record-values.js';
import { resolveListBlock } from './resolve-list.js';
import type { Column, RecordLayout, ScreenAction, ScreenBlock } from './screen.js';
import type { ScreenBook } from './screen-book.js';
import type { Shapes } from './shapes.js';
import { fieldsAt, hiddenTabs, type OfferedScript, relationsFor, say, type Viewer } from './viewer.js';
import { humanise, words } from './words.js';

/** The object in which the communication server keeps contacts, and the attributes that say whose they are. */
const contacts = { object: 'Interaction', owner: 'customerObject', key: 'customerKey' };

export interface RecordParts {
  layout: RecordLayout;
  object: ObjectDescription;
  viewer: Viewer;
  book: ScreenBook;
  shapes: Shapes;
}

/** Paths of all the screen shows or computes with. */
function pathsOf({ layout }: RecordParts): string[] {
  const blocks = layout.tabs.flatMap((tab) => tab.blocks);
  const columns: Column[] = [
    ...layout.head,
    ...blocks.flatMap((block) => (block.kind === 'fields' ? block.fields : [])),
  ];
  const dependencies = [
    ...layout.actions.flatMap(({ input, condition }) => [...input.dependencies, ...(condition?.dependencies ?? [])]),
    ...blocks.flatMap((block) => (block.kind === 'service' ? block.input.dependencies : [])),
  ];
  return [...columns.map(({ path }) => path), ...dependencies.map((path) => path.replace(/^record\./, ''))];
}

/** Relations that the record must be read with. */
export function relationsOfScreen(parts: RecordParts): string[] {
  return relationsFor(parts.viewer, parts.object, pathsOf(parts));
}

interface Moment {
  now: Date;
  timezone: string;
}

export interface RecordInput extends RecordParts {
  record: ObjectRecord;
  /** The record's key, part by part. */
  decodeKey: () => Record<string, unknown>;
  /** Scripts the viewer may start. */
  scripts: ReadonlyMap<string, OfferedScript>;
  moment: Moment;
  /** Told of expressions that fail on this record. */
  onFault: (error: unknown, what: string) => void;
}

/** The screen of a record for its viewer: no field, tab or action that the viewer may not see. Pure. */
export function resolveRecord(input: RecordInput): z.infer<typeof RecordScreen> {
  const { layout, object, viewer, record } = input;
  const hidden = hiddenTabs(viewer, layout.roles) ?? new Set<string>();
  const values = scopeOf(input);
  const tabs = layout.tabs
    .filter(({ name }) => !hidden.has(name))
    .map(({ label, blocks }) => ({
      label: say(viewer, label),
      blocks: blocks.flatMap((block) => resolveBlock(block, input, values) ?? []),
    }))
    .filter(({ blocks }) => blocks.length > 0);
  const head = fieldsAt(viewer, object, layout.head);
  const fields = [
    ...head,
    ...tabs.flatMap(({ blocks }) => blocks.flatMap((b) => (b.kind === 'fields' ? b.fields : []))),
  ];
  return {
    kind: 'record',
    screen: layout.screen,
    label: layout.label === undefined ? object.label : say(viewer, layout.label),
    object: object.name,
    key: record.key,
    version: record.version,
    display: record.display,
    values: valuesOf(record, fields),
    references: referencesOf(input, fields),
    head,
    actions: layout.actions.flatMap((action) => resolveAction(action, input, values) ?? []),
    deletes: !object.may.delete ? null : object.keepsDeleted === true ? 'kept' : 'gone',
    tabs,
  };
}

/** Whoever may change something of a record may add to it, also where the record itself is read only. */
function mayAdd({ may, readOnly }: ObjectDescription): boolean {
  return may.update || readOnly;
}

/** Attributes of the record by name, the record itself, and who looks at it. */
function scopeOf({ record, shapes, viewer }: RecordInput): Record<string, unknown> {
  const own = expressionValues(record, shapes);
  const { id, name, roles, attributes } = viewer.principal;
  return { user: { ...attributes, id, name, roles: [...roles] }, record: own, ...own };
}

function resolveBlock(
  block: ScreenBlock,
  input: RecordInput,
  scope: Record<string, unknown>,
): z.infer<typeof Block> | undefined {
  const { viewer, object, record, book } = input;
  const labelled = block.label === undefined ? {} : { label: say(viewer, block.label) };
  switch (block.kind) {
    case 'fields': {
      // The key of a record that is there does not change.
      const fields = fieldsAt(viewer, object, block.fields).map((field) =>
        field.attribute.key ? { ...field, attribute: { ...field.attribute, readOnly: true } } : field,
      );
      const editable = block.edit && object.may.update;
      return fields.length === 0 ? undefined : { kind: 'fields', ...labelled, fields, editable };
    }
    case 'list':
      return resolveListBlock(block, object, record.key, input.decodeKey, viewer, book);
    case 'timeline': {
      if (!viewer.objects.has(contacts.object)) return undefined;
      const where = `${contacts.owner} = timelineObject and ${contacts.key} = timelineKey`;
      const params = { timelineObject: object.name, timelineKey: record.key };
      return { kind: 'timeline', label: say(viewer, block.label ?? words.timeline), where, params };
    }
    case 'service': {
      if (!viewer.may(block.method)) return undefined;
      const values = evaluated(block.input, input, scope, block.method);
      if (values === undefined) return undefined;
      const label = block.label === undefined ? humanise(methodName(block.method)) : say(viewer, block.label);
      return { kind: 'service', label, method: block.method, input: values };
    }
    case 'notes':
      if (object.notes !== true) return undefined;
      return { kind: 'notes', label: say(viewer, block.label ?? words.notes), add: mayAdd(object) };
    case 'attachments': {
      if (object.attachments === undefined) return undefined;
      const label = say(viewer, block.label ?? words.attachments);
      return { kind: 'attachments', label, add: mayAdd(object), ...object.attachments };
    }
    case 'history':
      return { kind: 'history', label: say(viewer, block.label ?? words.history) };
  }
}

function resolveAction(
  action: ScreenAction,
  input: RecordInput,
  scope: Record<string, unknown>,
): z.infer<typeof Action> | undefined {
  const { viewer, scripts, moment } = input;
  const { deed, condition } = action;
  const named = (otherwise: string): string => (action.label === undefined ? otherwise : say(viewer, action.label));
  if (condition !== undefined) {
    try {
      if (condition.evaluate(scope, moment) !== true) return undefined;
    } catch (error) {
      input.onFault(error, `if: ${condition.source}`);
      return undefined;
    }
  }
  const what = deed.kind === 'script' ? deed.script : deed.kind === 'call' ? deed.method : deed.object;
  const offered = deed.kind === 'script' ? scripts.get(deed.script) : undefined;
  if (deed.kind === 'script' && offered === undefined) return undefined;
  if (deed.kind === 'call' && !viewer.may(deed.method)) return undefined;
  if (deed.kind === 'create' && viewer.objects.get(deed.object)?.may.create !== true) return undefined;
  const values = evaluated(action.input, input, scope, what);
  if (values === undefined) return undefined;
  switch (deed.kind) {
    case 'script':
      return { label: named(offered?.title ?? humanise(deed.script)), script: { id: deed.script, params: values } };
    case 'call': {
      if (!mayTouch(deed.method, values, viewer)) return undefined;
      const confirm = deed.confirm === undefined ? {} : { confirm: say(viewer, deed.confirm) };
      return {
        label: named(humanise(methodName(deed.method))),
        call: { method: deed.method, input: values, ...confirm },
      };
    }
    case 'create': {
      const label = viewer.objects.get(deed.object)?.label.toLowerCase() ?? '';
      return { label: named(`${say(viewer, words.newOne)} ${label}`), create: { object: deed.object, values } };
    }
  }
}

/** `objects.update` is open to everybody; what it may touch is the model's to say. */
function mayTouch(method: string, input: Record<string, unknown>, viewer: Viewer): boolean {
  const right = /^objects\.(create|update|delete)$/.exec(method)?.[1] as 'create' | 'update' | 'delete' | undefined;
  if (right === undefined) return true;
  const object = viewer.objects.get(String(input['object']));
  if (object?.may[right] !== true) return false;
  const values = input['values'];
  if (right !== 'update' || typeof values !== 'object' || values === null) return true;
  const writable = new Set(object.attributes.filter(({ readOnly }) => !readOnly).map(({ name }) => name));
  return Object.keys(values).every((name) => writable.has(name));
}

function evaluated(
  template: Template,
  { moment, onFault }: RecordInput,
  scope: Record<string, unknown>,
  what: string,
): Record<string, unknown> | undefined {
  try {
    return template.evaluate(scope, moment) as Record<string, unknown>;
  } catch (error) {
    onFault(error, what);
    return undefined;
  }
}

/** What the viewer may see of the record, and the values at the paths of its fields. */
function valuesOf(record: ObjectRecord, fields: readonly Field[]): Record<string, unknown> {
  const values = { ...record.values };
  for (const { path } of fields) values[path] = valueAt(record, path);
  return values;
}

function referencesOf(input: RecordInput, fields: readonly Field[]): z.infer<typeof RecordScreen>['references'] {
  const { record, viewer, book } = input;
  const references: z.infer<typeof RecordScreen>['references'] = {};
  for (const { path, attribute } of fields) {
    if (attribute.to === undefined) continue;
    const key = valueAt(record, path);
    const target = recordAt(record, path);
    if (typeof key !== 'string') references[path] = null;
    else if (target === undefined) references[path] = { object: attribute.to, key, display: key, screen: null };
    else {
      const screen = book.forObject(target.object, viewer) ?? null;
      references[path] = { object: target.object, key: target.key, display: target.display, screen };
    }
  }
  return references;
}

function methodName(method: string): string {
  return method.slice(method.lastIndexOf('.') + 1);
}
