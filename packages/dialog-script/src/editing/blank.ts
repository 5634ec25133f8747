import { elementsOf, type XmlElement } from '../xml-tree.js';
import { indentUnit, lineEndOf } from './layout.js';
import { writtenValue } from './markup.js';
import { type AttributeWord, vocabulary } from './vocabulary.js';

interface Site {
  root: XmlElement;
  text: string;
  /** Attributes of the element itself. */
  given: Readonly<Record<string, string>>;
  /** Undefined: all on one line. */
  indent: string | undefined;
}

/** What an attribute says until somebody knows better; where it is a word, one that the compiler asks about. */
const first: Readonly<Record<string, string>> = {
  of: "''",
  expr: 'null',
  where: 'true',
  value: 'value',
  event: 'wants-human',
  outcome: 'done',
  version: '1',
  'xml:lang': 'en',
};

/** An element of a name with all that the DTD says it must have. */
export function blank(name: string, site: Site): string {
  const taken = new Set<string>();
  collect(site.root, taken);
  const lineEnd = lineEndOf(site.text);
  const unit = indentUnit(site.text);
  const make = (element: string, indent: string | undefined, given: Site['given']): string => {
    const word = vocabulary().get(element);
    const attributes = (word?.attributes ?? [])
      .filter((attribute) => attribute.required || attribute.name in given)
      .map((attribute) => {
        const value = given[attribute.name] ?? valueOf(attribute, element);
        return ` ${attribute.name}="${writtenValue(value, '"')}"`;
      });
    const children = (word?.children ?? []).filter(({ required }) => required).map((child) => child.name);
    if (element === 'loop') {
      if (!('over' in given || 'while' in given)) attributes.push(' while="false"');
      children.push('info');
    }
    const start = `<${element}${attributes.join('')}`;
    if (word?.text === true) return `${start}>…</${element}>`;
    if (children.length === 0) return element === 'section' ? `${start}></${element}>` : `${start}/>`;
    const inner = indent === undefined ? undefined : indent + unit;
    const made = children.map((child) => make(child, inner, {}));
    if (inner === undefined) return `${start}>${made.join('')}</${element}>`;
    return [`${start}>`, ...made.map((child) => inner + child), `${indent}</${element}>`].join(lineEnd);
  };
  const valueOf = (attribute: AttributeWord, element: string): string => {
    const own = first[attribute.name];
    if (attribute.type === 'id') return fresh(element, taken);
    if (attribute.type === 'step') return anyStep(site.root);
    if (attribute.type === 'choice') return attribute.values[0] ?? '';
    if (attribute.name === 'name' || attribute.name === 'into')
      return fresh(element === 'arg' ? 'value' : element, taken).replace(/-/g, '');
    if (attribute.name === 'type') return 'text';
    return own ?? attribute.name;
  };
  return make(name, site.indent, site.given);
}

/** A name nobody has, by a number behind it. */
function fresh(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  taken.add(free);
  return free;
}

function collect(element: XmlElement, taken: Set<string>): void {
  for (const name of ['id', 'name', 'into', 'as']) {
    const value = element.attributes.get(name)?.value;
    if (value !== undefined) taken.add(value);
  }
  for (const child of elementsOf(element)) collect(child, taken);
}

function anyStep(root: XmlElement): string {
  const ends = elementsOf(root, 'section').flatMap((section) => elementsOf(section, 'end'));
  const [section] = elementsOf(root, 'section');
  return (ends.at(-1) ?? section)?.attributes.get('id')?.value ?? 'start';
}
