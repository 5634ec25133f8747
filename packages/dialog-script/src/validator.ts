import { didYouMean } from '@caruso/expressions';
import { DtdValidator, ParseOption, XmlDocument, XmlDtd, XmlParseError, XmlValidateError } from 'libxml2-wasm';
import { dtdText } from './dtd-text.js';
import type { Faults } from './fault.js';
import { type Grammar, readGrammar } from './grammar.js';
import { elementAt, type XmlElement } from './xml-tree.js';

let loaded: { grammar: Grammar; validator: DtdValidator } | undefined;

function grammarAndValidator(): { grammar: Grammar; validator: DtdValidator } {
  if (loaded === undefined) {
    const grammar = readGrammar(dtdText);
    loaded = { grammar, validator: new DtdValidator(XmlDtd.fromString(grammar.text)) };
  }
  return loaded;
}

/** Nothing outside the text is read: no DTD, no entities, no network, no catalogue. */
const closed =
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_IGNORE_ENC |
  ParseOption.XML_PARSE_BIG_LINES;

/** Holds a text open in libxml2 while `work` looks at it; undefined, with faults, where it is not well-formed. */
export function withWellFormed(text: string, faults: Faults, work: (document: WellFormed) => void): void {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text, { option: closed });
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const places = new Set<number>();
    for (const detail of error.details.length > 0 ? error.details : [{ message: error.message, line: 1, col: 1 }]) {
      const offset = faults.positions.offsetOf(detail.line, detail.col);
      // What libxml2 adds at the same place only follows from the first.
      if (places.has(offset)) continue;
      places.add(offset);
      const remedy = 'close every element, quote every attribute, write < as &lt; and & as &amp;';
      faults.add(offset, 'SCRIPT_NOT_WELL_FORMED', detail.message.trim(), remedy);
    }
    return;
  }
  try {
    work(document);
  } finally {
    document.dispose();
  }
}

export type WellFormed = XmlDocument;

/** Holds a document against the DTD. libxml2 gives the element of a fault; the column is that of the word at fault. */
export function validate(document: WellFormed, root: XmlElement, faults: Faults): void {
  const { grammar, validator } = grammarAndValidator();
  try {
    validator.validate(document);
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error;
    for (const detail of error.details) {
      const element = detail.xpath === undefined ? undefined : elementAt(root, detail.xpath);
      explain(detail.message.trim(), element ?? root, grammar, faults);
    }
  }
}

function explain(message: string, element: XmlElement, grammar: Grammar, faults: Faults): void {
  const attribute = (name: string) => element.attributes.get(name);
  const match = (pattern: RegExp) => pattern.exec(message)?.slice(1) ?? undefined;

  const undeclared = match(/^No declaration for element (\S+)/);
  if (undeclared !== undefined) {
    const [name = ''] = undeclared;
    const remedy = didYouMean(name, grammar.elements.keys(), 'see the DTD for the elements there are');
    return faults.add(element.offset, 'SCRIPT_ELEMENT_UNKNOWN', `there is no element '${name}'`, remedy);
  }
  const unknown = match(/^No declaration for attribute (\S+) of element (\S+)/);
  if (unknown !== undefined) {
    const [name = ''] = unknown;
    const known = grammar.elements.get(element.name);
    // An unknown element is reported as such; its attributes need no word of their own.
    if (known === undefined) return undefined;
    const remedy = didYouMean(name, known, `'${element.name}' has: ${known.join(', ')}`);
    const at = attribute(name)?.offset ?? element.offset;
    return faults.add(at, 'SCRIPT_ATTRIBUTE_UNKNOWN', `'${element.name}' has no attribute '${name}'`, remedy);
  }
  const missing = match(/does not carry attribute (\S+)/);
  if (missing !== undefined) {
    const [name = ''] = missing;
    const text = `'${element.name}' needs the attribute '${name}'`;
    return faults.add(element.offset, 'SCRIPT_ATTRIBUTE_MISSING', text, `add ${name}="..."`);
  }
  const value = match(/^(?:Value "[\s\S]*" for|Syntax of value for) attribute (\S+) of/);
  if (value !== undefined) {
    const [name = ''] = value;
    const found = attribute(name);
    const text = `'${found?.value ?? ''}' is not a value of the attribute '${name}' of '${element.name}'`;
    return faults.add(
      found?.valueOffset ?? element.offset,
      'SCRIPT_ATTRIBUTE_VALUE',
      text,
      attributeValues(element.name, name, grammar),
    );
  }
  const duplicate = match(/^ID (\S+) already defined/);
  if (duplicate !== undefined) {
    const [id = ''] = duplicate;
    const at = attribute('id')?.valueOffset ?? element.offset;
    return faults.add(
      at,
      'SCRIPT_ID_DUPLICATE',
      `the id '${id}' is used twice`,
      'give each step and section its own id',
    );
  }
  // Where a `next` or `fail` leads is checked by the compiler, which knows the nearest step.
  if (message.startsWith('IDREF')) return undefined;
  const content = match(/^Element \S+ content does not follow the DTD, expecting ([\s\S]*), got ([\s\S]*)$/);
  const strange = element.children.some((child) => child.kind === 'element' && !grammar.elements.has(child.name));
  if (content !== undefined) {
    // The unknown element within is the cause and reported itself.
    if (strange) return undefined;
    const [expected = '', got = ''] = content;
    const text = `'${element.name}' holds ${got.replace(/CDATA/g, 'text').trim()}, which is not what it may hold`;
    return faults.add(element.offset, 'SCRIPT_CONTENT', text, `it holds, in this order: ${expected}`);
  }
  if (strange && /child|content/i.test(message)) return undefined;
  return faults.add(element.offset, 'SCRIPT_CONTENT', message, 'see the DTD for what the element may hold');
}

function attributeValues(element: string, attribute: string, grammar: Grammar): string {
  const list = new RegExp(`<!ATTLIST\\s+${element}\\b[^>]*?\\b${attribute}\\s+\\(([^)]*)\\)`).exec(grammar.text)?.[1];
  if (list !== undefined) return `use one of: ${list.replace(/\s*\|\s*/g, ', ').trim()}`;
  return 'use a name: letters, digits, points and hyphens without spaces';
}
