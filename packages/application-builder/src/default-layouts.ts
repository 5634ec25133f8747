import type { AttributeDescription, ObjectDescription } from '@caruso/business-objects/contract';
import type { Column, ListLayout, RecordLayout, ScreenBlock } from './screen.js';
import { kebab, words } from './words.js';

/** Screens of objects for which nobody wrote one: a database that was just imported can be used at once. */

const COLUMNS = 8;
const FACTS = 3;
/** What tells most about a record at one glance. */
const telling = new Set<string>(['one of', 'money', 'date', 'datetime', 'boolean']);
const bulky = new Set<string>(['json', 'binary']);

/** Names under which the default screens are found: `list:OrderDetail` and `order-details`, `record:OrderDetail` and `order-detail`. */
export function defaultScreen(
  screen: string,
  objects: Iterable<ObjectDescription>,
): { kind: 'list' | 'record'; object: ObjectDescription } | undefined {
  const standard = /^(list|record):(.+)$/.exec(screen);
  for (const object of objects) {
    if (standard !== null) {
      if (object.name === standard[2]) return { kind: standard[1] === 'list' ? 'list' : 'record', object };
    } else if (screen === kebab(object.name)) return { kind: 'record', object };
    else if (screen === kebab(object.labelPlural)) return { kind: 'list', object };
  }
  return undefined;
}

export function defaultList(object: ObjectDescription): ListLayout {
  return {
    kind: 'list',
    screen: `list:${object.name}`,
    object: object.name,
    label: object.labelPlural,
    columns: columns(object),
    where: undefined,
    sort: [],
    opens: undefined,
    create: object.attributes.filter((each) => !each.readOnly && !bulky.has(each.type)).map(({ name }) => name),
    empty: undefined,
    roles: undefined,
  };
}

/** The columns of a list of which nobody said the columns: the key first. */
export function columns({ attributes }: ObjectDescription): Column[] {
  const shown = attributes.filter((each) => !bulky.has(each.type) && each.name !== 'display');
  const first = shown.filter(({ key }) => key);
  return columnsOf([...first, ...shown.filter(({ key }) => !key)].slice(0, COLUMNS));
}

export function defaultRecord(object: ObjectDescription): RecordLayout {
  const { name, label, attributes, relations } = object;
  const shown = attributes.filter((each) => each.type !== 'binary' && each.name !== 'display');
  const facts = shown.filter((each) => !each.key && telling.has(each.type)).slice(0, FACTS);
  const fields: ScreenBlock = { kind: 'fields', label: undefined, fields: columnsOf(shown), edit: true };
  const lists = relations.filter(({ kind }) => kind === 'many');
  const tabs: RecordLayout['tabs'] = [{ name: 'details', label: words.details, blocks: [fields] }];
  for (const relation of lists) {
    const block: ScreenBlock = {
      kind: 'list',
      label: undefined,
      object: relation.to,
      relation: relation.name,
      where: undefined,
      columns: undefined,
      sort: [],
      opens: undefined,
      create: true,
      empty: undefined,
    };
    tabs.push({ name: relation.name, label: relation.label, blocks: [block] });
  }
  if (object.notes === true)
    tabs.push({ name: 'notes', label: words.notes, blocks: [{ kind: 'notes', label: undefined }] });
  if (object.attachments !== undefined)
    tabs.push({ name: 'attachments', label: words.attachments, blocks: [{ kind: 'attachments', label: undefined }] });
  tabs.push({ name: 'history', label: words.history, blocks: [{ kind: 'history', label: undefined }] });
  return {
    kind: 'record',
    screen: `record:${name}`,
    object: name,
    label,
    head: columnsOf(facts),
    actions: [],
    tabs,
    roles: undefined,
  };
}

function columnsOf(attributes: readonly AttributeDescription[]): Column[] {
  return attributes.map(({ name }) => ({ path: name, label: undefined }));
}
