import type { Faults } from './fault.js';

/** An attribute with its value decoded; `offsets[i]` is where character `i` of the value stands in the text. */
export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
  /** Of the name. */
  readonly offset: number;
  readonly valueOffset: number;
  readonly offsets: readonly number[];
}

/** An attribute whose value stands in the text as it is. */
class PlainAttribute implements XmlAttribute {
  constructor(
    readonly name: string,
    readonly value: string,
    readonly offset: number,
    readonly valueOffset: number,
  ) {}

  get offsets(): readonly number[] {
    return Array.from({ length: this.value.length + 1 }, (_, index) => this.valueOffset + index);
  }
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

/** What may follow in a well-formed text: a reference, what is not an element, an end, a beginning, or words. */
const piece =
  /&([^;]*);|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<\/[^>]*>|<([^\s/>]+)|[^<&]+/y;
const attributePiece = /\s+([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const tagEnd = /\s*(\/?)>/y;

/**
 * Builds the tree of a document that libxml2 found to be well-formed, with the place of everything in it, which libxml2 does not tell.
 * Entities other than the five of XML itself are faults: a script declares none.
 */
export function parseTree(text: string, faults: Faults): XmlElement | undefined {
  let root: XmlElement | undefined;
  let open: XmlElement | undefined;
  let depth = 0;
  // A loop, not a recursion, so that depth costs no stack.
  for (let at = 0; at < text.length; ) {
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (match === null) return root;
    const [found, reference, data, tag] = match;
    const from = at;
    at += found.length;
    if (tag !== undefined) {
      const element: XmlElement = {
        kind: 'element',
        name: tag,
        offset: from + 1,
        end: at,
        attributes: new Map(),
        children: [],
        parent: open,
      };
      root ??= element;
      open?.children.push(element);
      if (++depth > maximumDepth) {
        const remedy = `nest at most ${maximumDepth} elements`;
        faults.add(from + 1, 'SCRIPT_TOO_DEEP', `'${tag}' is nested deeper than ${maximumDepth} elements`, remedy);
        return undefined;
      }
      at = readAttributes(text, at, element, faults);
      tagEnd.lastIndex = at;
      const closing = tagEnd.exec(text);
      at += closing?.[0].length ?? 0;
      element.end = at;
      if (closing?.[1] === '/') depth--;
      else open = element;
    } else if (found.startsWith('</')) {
      if (open !== undefined) open.end = at;
      open = open?.parent;
      depth--;
    } else if (open !== undefined) {
      if (reference !== undefined) addText(open, decodeReference(found, from, faults), from);
      else if (data !== undefined) addText(open, data, from);
      else if (!found.startsWith('<')) addText(open, found, from);
    }
  }
  return root;
}

function addText({ children }: XmlElement, text: string, offset: number): void {
  children.push({ kind: 'text', text, offset });
}

/** Reads the attributes of a tag; gives what follows them. */
function readAttributes(text: string, from: number, element: XmlElement, faults: Faults): number {
  let at = from;
  for (;;) {
    attributePiece.lastIndex = at;
    const match = attributePiece.exec(text);
    if (match === null) return at;
    const [found, name = '', double, single] = match;
    const raw = double ?? single ?? '';
    const offset = at + found.search(/\S/);
    at += found.length;
    element.attributes.set(name, readAttribute(name, raw, offset, at - 1 - raw.length, faults));
  }
}

function readAttribute(name: string, raw: string, offset: number, start: number, faults: Faults): XmlAttribute {
  // Line ends within an attribute are spaces (XML 1.0, 3.3.3).
  const plain = /[\t\r\n]/.test(raw) ? raw.replace(/[\t\r\n]/g, ' ') : raw;
  if (!raw.includes('&')) return new PlainAttribute(name, plain, offset, start);
  const offsets: number[] = [];
  let value = '';
  for (let at = 0; at < plain.length; ) {
    const reference = plain[at] === '&' ? /^&[^;\s]{1,40};/.exec(plain.slice(at, at + 42)) : null;
    const piece = reference?.[0] ?? plain[at] ?? '';
    const decoded = reference === null ? piece : decodeReference(piece, start + at, faults);
    for (let unit = 0; unit < decoded.length; unit++) offsets.push(start + at);
    value += decoded;
    at += piece.length;
  }
  offsets.push(start + plain.length);
  return { name, value, offset, valueOffset: start, offsets };
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
