/** The words of a DTD: each element and its attributes, for remedies that name the nearest one. */
export interface Grammar {
  text: string;
  elements: Map<string, string[]>;
}

/** Reads the declarations of our own DTD; it does not validate, libxml2 does. */
export function readGrammar(text: string): Grammar {
  const elements = new Map<string, string[]>();
  const bare = text.replace(/<!--[\s\S]*?-->/g, '');
  for (const [, name = ''] of bare.matchAll(/<!ELEMENT\s+(\S+)/g)) elements.set(name, []);
  for (const [, name = '', body = ''] of bare.matchAll(/<!ATTLIST\s+(\S+)([^>]*)>/g)) {
    const attributes = body.matchAll(/([\w:.-]+)\s+(?:NMTOKENS?|CDATA|ID|IDREF|%\w+;|\([^)]*\))\s+(?:#\w+|")/g);
    elements.set(name, [...(elements.get(name) ?? []), ...[...attributes].map(([, attribute = '']) => attribute)]);
  }
  return { text, elements };
}
