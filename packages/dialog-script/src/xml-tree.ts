import { parser } from '@lezer/xml';
import type { Faults } from './fault.js';

/** An attribute with its value decoded; `offsets[i]` is where character `i` of the value stands in the text. */
export interface XmlAttribute {
  name: string;
  value: string;
  /** Of the name. */
  offset: number;
  valueOffset: number;
  offsets: readonly number[];
}

export interface XmlElement {
  kind: 'element';
  name: string;
  /** Of the tag's name. */
  offset: number;
  /** Of what follows the element. */
  end: number;
  attributes: Map<string, XmlAttribute>;
  children: XmlNode[];
  parent: XmlElement | undefined;
}

interface XmlText {
  kind: 'text';
  text: string;
  offset: number;
}

type XmlNode = XmlElement | XmlText;

/** Deeper nesting than any script needs is refused. */
const maximumDepth = 32;

const builtIn: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Builds the tree of a well-formed document with the place of everything in it. Entities other than the five of XML
 * itself are faults: a script declares none.
 */
export function parseTree(text: string, faults: Faults): XmlElement | undefined {
  const cursor = parser.parse(text).cursor();
  let root: XmlElement | undefined;
  let open: XmlElement | undefined;
  let depth = 0;
  const addText = (value: string, offset: number) => open?.children.push({ kind: 'text', text: value, offset });

  // A walk with the cursor, not a recursion, so that depth costs no stack.
  do {
    const { name, from, to } = cursor;
    if (name === 'TagName' && ['OpenTag', 'SelfClosingTag'].includes(cursor.node.parent?.name ?? '')) {
      const tag = text.slice(from, to);
      const element: XmlElement = {
        kind: 'element',
        name: tag,
        offset: from,
        end: to,
        attributes: new Map(),
        children: [],
        parent: open,
      };
      root ??= element;
      open?.children.push(element);
      open = element;
      if (++depth > maximumDepth) {
        const remedy = `nest at most ${maximumDepth} elements`;
        faults.add(from, 'SCRIPT_TOO_DEEP', `'${tag}' is nested deeper than ${maximumDepth} elements`, remedy);
        return undefined;
      }
    } else if (name === 'SelfCloseEndTag' || name === 'CloseTag') {
      if (open !== undefined) open.end = to;
      open = open?.parent;
      depth--;
    } else if (name === 'Attribute' && open !== undefined) {
      readAttribute(text, from, to, open, faults);
    } else if (cursor.node.parent?.name === 'Element' || cursor.node.parent?.name === 'Document') {
      if (name === 'Text') addText(text.slice(from, to), from);
      else if (name === 'Cdata') addText(text.slice(from + '<![CDATA['.length, to - ']]>'.length), from);
      else if (name === 'EntityReference' || name === 'CharacterReference') {
        addText(decodeReference(text.slice(from, to), from, faults), from);
      }
    }
  } while (cursor.next());
  return root;
}

function readAttribute(text: string, from: number, to: number, element: XmlElement, faults: Faults): void {
  const match = /^([^\s=]+)\s*=\s*(["'])/.exec(text.slice(from, to));
  if (match?.[1] === undefined) return;
  const start = from + match[0].length;
  const offsets: number[] = [];
  let value = '';
  for (let at = start; at < to - 1; ) {
    const reference = text[at] === '&' ? /^&[^;\s]{1,40};/.exec(text.slice(at, Math.min(at + 42, to - 1))) : null;
    const raw = reference?.[0] ?? text[at] ?? '';
    // Line ends within an attribute are spaces (XML 1.0, 3.3.3).
    const decoded = reference === null ? raw.replace(/[\t\r\n]/, ' ') : decodeReference(raw, at, faults);
    for (let unit = 0; unit < decoded.length; unit++) offsets.push(at);
    value += decoded;
    at += raw.length;
  }
  offsets.push(to - 1);
  element.attributes.set(match[1], { name: match[1], value, offset: from, valueOffset: start, offsets });
}

function decodeReference(reference: string, offset: number, faults: Faults): string {
  const name = reference.slice(1, -1);
  const known = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (known !== undefined) return known;
  if (name.startsWith('#')) {
    const point = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
  }
  const remedy = 'write the text itself; only &lt; &gt; &amp; &quot; &apos; and &#number; are known';
  faults.add(offset, 'SCRIPT_ENTITY_UNKNOWN', `the entity '${reference}' is not known`, remedy);
  return '';
}

/** From its `<` to what follows it. */
export function spanOf({ offset, end }: XmlElement): { from: number; to: number } {
  return { from: offset - 1, to: end };
}

export function elementsOf(element: XmlElement, ...names: string[]): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => child.kind === 'element' && (names.length === 0 || names.includes(child.name)),
  );
}

/** The element a path of libxml2 (`/script/section[2]/info`) leads to. */
export function elementAt(root: XmlElement, path: string): XmlElement | undefined {
  let here: XmlElement | undefined;
  for (const part of path.split('/').slice(1)) {
    const match = /^([^[]+)(?:\[(\d+)\])?$/.exec(part);
    if (match === null) return here;
    const [, name = '', index = '1'] = match;
    if (here === undefined) here = name === root.name ? root : undefined;
    else here = elementsOf(here, name)[Number(index) - 1];
    if (here === undefined) return undefined;
  }
  return here;
}
