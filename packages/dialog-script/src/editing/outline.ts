import { elementsOf, spanOf, type XmlElement } from '../xml-tree.js';
import { placeOf } from './layout.js';
import { shownMarkup } from './markup.js';
import { vocabulary } from './vocabulary.js';

/** An element of a script as a tool lists it. */
export interface OutlineNode {
  /** `/script/section[2]/question[1]`: names it in an edit. */
  path: string;
  name: string;
  /** Its id, where it has one. */
  id: string | undefined;
  /** What it says or does, in a few words; empty where nothing tells it. */
  label: string;
  attributes: ReadonlyMap<string, string>;
  /** Whether it holds text. */
  text: boolean;
  from: number;
  to: number;
  children: OutlineNode[];
}

/**
 * Everything in a script but what texts are made of, as a tree in the order of the text.
 *
 * @example
 * const { root } = read(text, 'scripts/move.xml');
 * const tree = root === undefined ? undefined : outlineOf(root, text);
 */
export function outlineOf(root: XmlElement, text: string): OutlineNode {
  return nodeOf(root, `/${root.name}`, text);
}

function nodeOf(element: XmlElement, path: string, text: string): OutlineNode {
  const counts = new Map<string, number>();
  const holdsText = vocabulary().get(element.name)?.text === true;
  const children = (holdsText ? [] : elementsOf(element)).map((child) => {
    const count = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, count);
    return nodeOf(child, `${path}/${child.name}[${count}]`, text);
  });
  return {
    path,
    name: element.name,
    id: element.attributes.get('id')?.value,
    label: labelOf(element, text),
    attributes: new Map([...element.attributes.values()].map(({ name, value }) => [name, value])),
    text: holdsText,
    ...spanOf(element),
    children,
  };
}

function labelOf(element: XmlElement, text: string): string {
  const { name, attributes } = element;
  const value = (key: string): string => attributes.get(key)?.value ?? '';
  if (vocabulary().get(name)?.text === true) return saidBy(element, text);
  switch (name) {
    case 'next':
    case 'fail':
      return [value('to'), value('if')].filter((part) => part !== '').join(' · ');
    case 'on':
      return `${value('event')} · ${value('to')}`;
    case 'set':
    case 'arg':
      return `${value('name')} = ${value('expr')}`;
    case 'param':
    case 'var':
      return `${value('name')}: ${value('type')}`;
    case 'lookup':
      return `${value('object')} · ${value('where')}`;
    case 'action':
    case 'undo':
      return value('do');
    case 'call':
      return value('script');
    case 'loop':
      return value('over') || value('while');
    case 'check':
      return value('expr');
    case 'option':
      return value('value');
    case 'end':
      return value('outcome');
    default: {
      const said = elementsOf(element, 'say', 'title')[0];
      return said === undefined ? '' : saidBy(said, text);
    }
  }
}

function saidBy(element: XmlElement, text: string): string {
  const { inner } = placeOf(text, element);
  if (inner === undefined) return '';
  const shown = shownMarkup(text.slice(inner.from, inner.to))
    .replace(/<value\b[^>]*?\bof\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>/g, '{$1$2}')
    .replace(/<br\s*\/>/g, ' ')
    .replace(/<\/?em\s*>/g, '');
  return shown.replace(/\s+/g, ' ').trim();
}
