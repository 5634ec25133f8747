import { dtdText } from '../dtd-text.js';
import { readGrammar } from '../grammar.js';

/** An attribute as the DTD declares it. */
export interface AttributeWord {
  name: string;
  /** A name of its own, the name of a step, a word, several words, any text, or one of `values`. */
  type: 'id' | 'step' | 'word' | 'words' | 'text' | 'choice';
  values: readonly string[];
  required: boolean;
  default: string | undefined;
  /** What the DTD says of it. */
  about: string;
}

/** An element as the DTD declares it. */
export interface ElementWord {
  name: string;
  /** What it may hold, in the order in which it holds it. */
  children: readonly { name: string; required: boolean; many: boolean; place: number }[];
  /** It holds text, with values put in. */
  text: boolean;
  attributes: readonly AttributeWord[];
  about: string;
}

let known: ReadonlyMap<string, ElementWord> | undefined;

/**
 * The words of the language, read from its DTD: for tools that complete, make and check elements.
 *
 * @example
 * vocabulary().get('question')?.attributes.find(({ name }) => name === 'type')?.values;
 */
export function vocabulary(): ReadonlyMap<string, ElementWord> {
  known ??= readVocabulary();
  return known;
}

function readVocabulary(): Map<string, ElementWord> {
  const { text, elements } = readGrammar(dtdText);
  const entities = new Map(
    [...text.matchAll(/<!ENTITY\s+%\s+(\w+)\s+"([^"]*)"/g)].map(([, name, body]) => [name, body]),
  );
  const abouts = comments(text);
  const words = new Map<string, ElementWord>();
  for (const name of elements.keys()) {
    const model = new RegExp(`<!ELEMENT\\s+${name}\\s+([^>]*)>`).exec(text)?.[1] ?? '';
    const content = model.replace(/%(\w+);/g, (_, entity: string) => entities.get(entity) ?? '');
    const about = abouts.get(name);
    words.set(name, {
      name,
      children: childrenIn(content),
      text: content.includes('#PCDATA'),
      attributes: attributesOf(name, text, about?.attributes ?? new Map()),
      about: about?.element ?? '',
    });
  }
  return words;
}

/** The parts of a content model one after the other; those of a choice have the same place. */
function childrenIn(content: string): ElementWord['children'] {
  const inner = content.replace(/\s+/g, '');
  const children: { name: string; required: boolean; many: boolean; place: number }[] = [];
  let place = 0;
  for (const [part, choice, one, mark] of inner.matchAll(/\(([#\w|]+)\)[*+?]?|([\w-]+)([*+?]?)/g)) {
    if (choice !== undefined) {
      const each = { required: false, many: !part.endsWith('?'), place };
      for (const name of choice.split('|')) if (name !== '#PCDATA') children.push({ name, ...each });
    } else if (one !== undefined) {
      children.push({ name: one, required: mark === '' || mark === '+', many: mark === '*' || mark === '+', place });
    }
    place++;
  }
  return children;
}

function attributesOf(element: string, text: string, abouts: ReadonlyMap<string, string>): AttributeWord[] {
  const bare = text.replace(/<!--[\s\S]*?-->/g, '');
  const body = new RegExp(`<!ATTLIST\\s+${element}\\s([^>]*)>`).exec(bare)?.[1] ?? '';
  const declared = body.matchAll(
    /([\w:.-]+)\s+(NMTOKENS?|CDATA|ID|IDREF|\([^)]*\))\s+(?:(#REQUIRED|#IMPLIED)|"([^"]*)")/g,
  );
  return [...declared].map(([, name = '', type = '', need, given]) => {
    const values = type.startsWith('(')
      ? type
          .slice(1, -1)
          .split('|')
          .map((value) => value.trim())
      : [];
    return {
      name,
      type: typeOf(type),
      values,
      required: need === '#REQUIRED',
      default: given,
      about: abouts.get(name) ?? '',
    };
  });
}

function typeOf(type: string): AttributeWord['type'] {
  if (type.startsWith('(')) return 'choice';
  const types = { ID: 'id', IDREF: 'step', NMTOKEN: 'word', NMTOKENS: 'words' } as const;
  return type in types ? types[type as keyof typeof types] : 'text';
}

/** What the comment above each element says of it and of its attributes. */
function comments(text: string): Map<string, { element: string; attributes: Map<string, string> }> {
  const found = new Map<string, { element: string; attributes: Map<string, string> }>();
  for (const [, comment = '', name = ''] of text.matchAll(/<!--((?:(?!-->)[\s\S])*)-->\s*<!ELEMENT\s+(\S+)/g)) {
    const attributes = new Map<string, string>();
    const lines = comment.split('\n');
    const first = lines.findIndex((line) => /^ {7}[\w:, -]+? {2,}\S/.test(line));
    const element = lines
      .slice(0, first < 0 ? undefined : first)
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim();
    let last: string[] = [];
    for (const line of first < 0 ? [] : lines.slice(first)) {
      const start = /^ {7}([\w:-]+(?:, [\w:-]+)*) {2,}(\S.*)$/.exec(line);
      if (start !== null) last = (start[1] ?? '').split(', ');
      const said = (start?.[2] ?? line).trim();
      for (const each of last) attributes.set(each, `${attributes.get(each) ?? ''} ${said}`.trim());
    }
    found.set(name, { element: element.replace(new RegExp(`^${name}:\\s*`), ''), attributes });
  }
  return found;
}
