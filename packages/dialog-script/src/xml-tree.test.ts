import fc from 'fast-check';
import { XmlDocument, XmlElement as XmlElementOfLibxml2 } from 'libxml2-wasm';
import { expect, it } from 'vitest';
import { Faults, Positions } from './fault.js';
import { parseTree, type XmlElement } from './xml-tree.js';

type Plain = string | { name: string; attributes: [string, string][]; children: Plain[] };

const merged = (children: Plain[]): Plain[] =>
  children.reduce<Plain[]>((list, child) => {
    const before = list.at(-1);
    if (child === '') return list;
    if (typeof child !== 'string' || typeof before !== 'string') return [...list, child];
    return [...list.slice(0, -1), before + child];
  }, []);

function ours({ name, attributes, children }: XmlElement): Plain {
  return {
    name,
    attributes: [...attributes.values()].map((attribute) => [attribute.name, attribute.value]),
    children: merged(children.map((child) => (child.kind === 'text' ? child.text : ours(child)))),
  };
}

function theirs(element: XmlElementOfLibxml2): Plain {
  const children: Plain[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElementOfLibxml2) children.push(theirs(node));
    else if (node.constructor.name !== 'XmlComment') children.push(node.content);
  }
  const attributes = element.attrs.map(({ name, value }): [string, string] => [name, value]);
  return { name: element.name, attributes, children: merged(children) };
}

const word = fc.constantFrom('a', 'say', 'xyz', 'b-1');
const text = fc
  .stringMatching(/^[ -;=?-~é\n]{0,12}$/)
  .map((value) => value.replaceAll('&', '&amp;').replaceAll(']]>', ''));
const quoted = fc.oneof(
  text.map((value) => `"${value.replaceAll('"', '&quot;')}"`),
  text.map((value) => `'${value.replaceAll("'", '&#39;')}'`),
);
const attributes = fc
  .uniqueArray(fc.tuple(word, quoted, fc.constantFrom('=', ' = ', '\n=\t')), {
    selector: ([name]) => name,
    maxLength: 3,
  })
  .map((list) => list.map(([name, value, equals]) => ` ${name}${equals}${value}`).join(''));
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom('&lt;', '&#233;', '&#x1F600;', '<!-- <a> & -->', '<![CDATA[<a> & ]]>', '<br />'),
    tie('element'),
  ),
  element: fc
    .tuple(word, attributes, fc.array(tie('content'), { maxLength: 5 }), fc.constantFrom('', ' ', '\n'))
    .map(([name, given, inner, space]) =>
      inner.length === 0
        ? `<${name}${given}${space}/>`
        : `<${name}${given}${space}>${inner.join('')}</${name}${space}>`,
    ),
}));

it('says of every well-formed document what libxml2 says, and where each thing stands', () => {
  fc.assert(
    fc.property(element, fc.constantFrom('', '<?xml version="1.0"?>\n', '<!-- > -->'), (body, prolog) => {
      const whole = prolog + body;
      const tree = parseTree(whole, new Faults('f.xml', new Positions(whole)));
      const document = XmlDocument.fromString(whole);
      if (tree === undefined) throw new Error('no tree');
      expect(ours(tree)).toEqual(theirs(document.root));
      document.dispose();
      places(tree, whole);
    }),
    { numRuns: 300 },
  );
});

function places(element: XmlElement, text: string): void {
  expect(text.slice(element.offset - 1, element.offset + element.name.length)).toBe(`<${element.name}`);
  expect(text.slice(0, element.end).at(-1)).toBe('>');
  for (const { name, value, offset, valueOffset, offsets } of element.attributes.values()) {
    expect(text.slice(offset, offset + name.length)).toBe(name);
    expect(text[valueOffset - 1]).toMatch(/["']/);
    expect(offsets).toHaveLength(value.length + 1);
    expect(text[offsets.at(-1) ?? 0]).toBe(text[valueOffset - 1]);
    for (const [index, at] of offsets.slice(0, -1).entries()) {
      if (text[at] !== '&') expect(text[at]?.replace(/\s/, ' ')).toBe(value[index]);
    }
  }
  for (const child of element.children) if (child.kind === 'element') places(child, text);
}
