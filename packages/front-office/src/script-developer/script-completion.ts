import type { OutlineNode } from '@caruso/dialog-script';
import { vocabulary } from '@caruso/dialog-script';
import type { Material } from './script-material.js';

/** A word that fits where the cursor stands. */
export interface Word {
  label: string;
  detail?: string;
}

/** Attributes that are expressions over the script's names. */
const expressions = ['if', 'expr', 'of', 'where', 'default', 'options', 'over', 'while'];

/**
 * Words that fit in an attribute's value: names of steps, methods, objects and scripts, and in an expression the script's own
 * names and the attributes of what they hold. Pure.
 *
 * @param typed the value from its quote to the cursor
 */
export function wordsFor(
  element: { name: string; attributes: ReadonlyMap<string, string> },
  attribute: string,
  typed: string,
  outline: OutlineNode,
  material: Material,
): { words: Word[]; from: number } {
  const all = everyNode(outline);
  const whole = (words: Word[]) => ({ words, from: 0 });
  if (expressions.includes(attribute)) return inExpression(element, attribute, typed, all, material);
  switch (attribute) {
    case 'to':
      return whole(
        all.flatMap(({ id, name }) => (id === undefined || name === 'script' ? [] : { label: id, detail: name })),
      );
    case 'do':
      return whole(material.methods.map(({ contract, method }) => ({ label: `${contract}.${method}` })));
    case 'object':
      return whole(Object.keys(material.schema.objects).map((label) => ({ label })));
    case 'script':
      return whole(material.scripts.map(({ name }) => ({ label: idOf(name) })));
    case 'name':
      if (element.name !== 'set') return whole([]);
      return whole(
        all.flatMap(({ name, attributes }) => (name === 'var' ? { label: attributes.get('name') ?? '' } : [])),
      );
    case 'type':
      if (element.name === 'question') return whole([]);
      return whole(
        [
          'text',
          'integer',
          'decimal',
          'money',
          'boolean',
          'date',
          'datetime',
          ...Object.keys(material.schema.objects),
        ].map((label) => ({ label })),
      );
    default:
      return whole([]);
  }
}

function inExpression(
  element: { name: string; attributes: ReadonlyMap<string, string> },
  attribute: string,
  typed: string,
  all: readonly OutlineNode[],
  { schema }: Material,
): { words: Word[]; from: number } {
  const path = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]*)*$/u.exec(typed)?.[0] ?? '';
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const from = typed.length - last.length;
  const names = namesOf(all);
  const attributesOf = (object: string | undefined): Word[] =>
    Object.entries(schema.objects[object ?? ''] ?? {}).map(([label, type]) => ({ label, detail: typeText(type) }));
  const own = attribute === 'where' ? element.attributes.get('object') : undefined;
  if (parts.length === 0) {
    const facts = ['session', 'params', 'vars', 'answers', 'results'].map((label) => ({ label }));
    return {
      words: [...attributesOf(own), ...[...names].map(([label, { detail }]) => ({ label, detail })), ...facts],
      from,
    };
  }
  const [root = '', ...rest] = parts;
  if (root === 'session') {
    const facts = ['id', 'channel', 'language', 'starter', 'interaction', 'attempt'];
    return { words: facts.map((label) => ({ label })), from };
  }
  const group = { params: 'param', vars: 'var', answers: 'answer', results: 'result' }[root];
  if (group !== undefined && rest.length === 0) {
    const fitting = [...names].filter(([, { kind }]) => kind === group);
    return { words: fitting.map(([label, { detail }]) => ({ label, detail })), from };
  }
  const [first = '', ...steps] = group === undefined ? parts : rest;
  let object = names.get(first)?.object ?? objectOf(schema.objects[own ?? '']?.[first]);
  for (const step of steps) object = objectOf(schema.objects[object ?? '']?.[step]);
  return { words: attributesOf(object), from };
}

/** The script's names, with the object that each holds. */
function namesOf(
  all: readonly OutlineNode[],
): Map<string, { kind: string; detail: string; object: string | undefined }> {
  const names = new Map<string, { kind: string; detail: string; object: string | undefined }>();
  for (const { name, attributes } of all) {
    const type = attributes.get('type');
    const object = attributes.get('object');
    const add = (word: string | undefined, kind: string, detail: string, held?: string) => {
      if (word !== undefined) names.set(word, { kind, detail, object: held });
    };
    if (name === 'question')
      add(attributes.get('name'), 'answer', type ?? '', type === 'reference' ? object : undefined);
    if (name === 'param' || name === 'var') add(attributes.get('name'), name, type ?? '', type);
    if (name === 'loop') add(attributes.get('as'), 'result', name);
    if (['lookup', 'action', 'call', 'loop'].includes(name))
      add(attributes.get('into'), 'result', object ?? name, object);
  }
  return names;
}

function everyNode(node: OutlineNode): OutlineNode[] {
  return [node, ...node.children.flatMap(everyNode)];
}

function typeText(type: unknown): string {
  if (typeof type === 'string') return type;
  const object = objectOf(type);
  return object ?? 'list';
}

function objectOf(type: unknown): string | undefined {
  const named = type as { object?: string } | undefined;
  return typeof named === 'object' ? named.object : undefined;
}

function idOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.xml$/, '');
}

/** Elements and attributes as the editor's own completion takes them, with what the DTD says of each. */
export function schemaWords(): {
  elements: {
    name: string;
    top: boolean;
    children: string[];
    attributes: { name: string; values: string[]; completion: { info: string } }[];
    completion: { info: string };
  }[];
} {
  const elements = [...vocabulary().values()].map(({ name, children, text, attributes, about }) => ({
    name,
    top: name === 'script',
    children: text ? ['value', 'em', 'br'] : children.map((child) => child.name),
    attributes: attributes.map((attribute) => ({
      name: attribute.name,
      values: [...attribute.values],
      completion: { info: attribute.about },
    })),
    completion: { info: about },
  }));
  return { elements };
}
