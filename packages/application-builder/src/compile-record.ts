import type { Path } from '@caruso/declarations';
import type { Inspector } from './inspector.js';
import type { Column, Deed, RecordLayout, RoleRules, ScreenAction, ScreenBlock } from './screen.js';
import type { ActionFile, BlockFile, RecordScreenFile } from './screen-file.js';
import { toMany } from './shapes.js';
import type { Text } from './text.js';

type ColumnFile = string | { attribute: string; label: Text };

/** Compiles the screen of a record; faults are the inspector's. */
export function compileRecord(file: RecordScreenFile, inspector: Inspector): RecordLayout | undefined {
  const { screen, for: object, label } = file;
  if (!inspector.object(object, ['for'])) return undefined;
  const head = columnsOf(file.head, object, ['head'], inspector);
  const actions = file.actions.flatMap((action, index) => {
    const compiled = actionOf(action, object, ['actions', index], inspector);
    return compiled === undefined ? [] : [compiled];
  });
  const names = file.tabs.flatMap((tab) => Object.keys(tab));
  const tabs = file.tabs.flatMap((tab, index) =>
    Object.entries(tab).map(([name, blocks]) => {
      if (names.indexOf(name) !== names.lastIndexOf(name) && names.indexOf(name) === index) {
        inspector.fault(['tabs', index], 'SCREEN_TAB_TWICE', `two tabs are named '${name}'`, 'give them other names');
      }
      const compiled = blocks.flatMap((block, at) => {
        const one = blockOf(block, object, ['tabs', index, name, at], inspector);
        return one === undefined ? [] : [one];
      });
      return { name, label: name, blocks: compiled };
    }),
  );
  return { kind: 'record', screen, object, label, head, actions, tabs, roles: rolesOf(file, names, inspector) };
}

export function columnsOf(files: readonly ColumnFile[], object: string, at: Path, inspector: Inspector): Column[] {
  return files.map((file, index) => {
    const [path, label] = typeof file === 'string' ? [file, undefined] : [file.attribute, file.label];
    const place = typeof file === 'string' ? [...at, index] : [...at, index, 'attribute'];
    inspector.path(object, path, place);
    return { path, label };
  });
}

/** Criteria of a list, each checked without its sign. */
export function sortOf(sort: readonly string[], object: string, at: Path, inspector: Inspector): string[] {
  for (const [index, each] of sort.entries()) inspector.path(object, each.replace(/^-/, ''), [...at, index]);
  return [...sort];
}

function actionOf(file: ActionFile, object: string, at: Path, inspector: Inspector): ScreenAction | undefined {
  const input = file.with ?? {};
  const deed = deedOf(file, at, inspector);
  const template = inspector.template(object, input, [...at, 'with']);
  const condition = file.if === undefined ? undefined : inspector.condition(object, file.if, [...at, 'if']);
  if (deed.kind === 'call') inspector.method(deed.method, [...at, 'call'], input, [...at, 'with']);
  if (deed.kind === 'create' && inspector.object(deed.object, [...at, 'create'])) {
    for (const name of Object.keys(input)) inspector.key(deed.object, name, [...at, 'with', name]);
  }
  return template === undefined ? undefined : { label: file.label, deed, input: template, condition };
}

function deedOf(file: ActionFile, at: Path, inspector: Inspector): Deed {
  const script = file['run script'];
  if (script !== undefined) {
    inspector.script(script, [...at, 'run script']);
    return { kind: 'script', script };
  }
  if (file.call !== undefined) return { kind: 'call', method: file.call, confirm: file.confirm };
  return { kind: 'create', object: file.create ?? '' };
}

function blockOf(file: BlockFile, object: string, at: Path, inspector: Inspector): ScreenBlock | undefined {
  const { label } = file;
  if (file.fields !== undefined) {
    const fields = columnsOf(file.fields, object, [...at, 'fields'], inspector);
    return { kind: 'fields', label, fields, edit: file.edit ?? false };
  }
  if (file.list !== undefined) return listOf(file, file.list, object, at, inspector);
  if (file.timeline !== undefined) return { kind: 'timeline', label };
  if (file.service !== undefined) {
    const values = file.with ?? {};
    inspector.method(file.service, [...at, 'service'], values, [...at, 'with']);
    const input = inspector.template(object, values, [...at, 'with']);
    return input === undefined ? undefined : { kind: 'service', label, method: file.service, input };
  }
  for (const kind of ['history', 'notes', 'attachments'] as const) {
    if (file[kind] !== true) continue;
    if (kind !== 'history') inspector.addition(object, kind, [...at, kind]);
    return { kind, label };
  }
  return undefined;
}

function listOf(file: BlockFile, list: string, owner: string, at: Path, inspector: Inspector): ScreenBlock | undefined {
  const { shapes } = inspector.context;
  const related = toMany(shapes[owner]?.[list]);
  const object = related ?? list;
  if (shapes[object] === undefined) {
    const relations = Object.entries(shapes[owner] ?? {}).filter(([, type]) => toMany(type) !== undefined);
    const known = [...relations.map(([name]) => name), ...Object.keys(shapes)];
    const what = `the relation '${list}' of ${owner}, or an object of that name,`;
    inspector.name(list, known, [...at, 'list'], 'SCREEN_RELATION_UNKNOWN', what);
    return undefined;
  }
  const { columns, where, sort = [] } = file;
  if (where !== undefined) inspector.filter(object, where, [...at, 'where']);
  return {
    kind: 'list',
    label: file.label,
    object,
    relation: related === undefined ? undefined : list,
    where,
    columns: columns === undefined ? undefined : columnsOf(columns, object, [...at, 'columns'], inspector),
    sort: sortOf(sort, object, [...at, 'sort'], inspector),
    opens: file.opens,
    create: file.create ?? false,
    empty: file.empty,
  };
}

function rolesOf({ roles }: RecordScreenFile, tabs: readonly string[], inspector: Inspector): RoleRules {
  if (roles === undefined) return undefined;
  return new Map(
    Object.entries(roles).map(([role, rule]) => {
      const hidden = rule === 'show' ? [] : rule['hide tabs'];
      for (const [index, name] of hidden.entries()) {
        inspector.name(name, tabs, ['roles', role, 'hide tabs', index], 'SCREEN_TAB_UNKNOWN', `the tab '${name}'`);
      }
      return [role, { hidden: new Set(hidden) }];
    }),
  );
}
