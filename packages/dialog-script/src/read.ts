import { type Fault, Faults, Positions } from './fault.js';
import { checkProlog } from './prolog.js';
import { validate, withWellFormed } from './validator.js';
import { parseTree, type XmlElement } from './xml-tree.js';

/** A script as text and as tree; the tree is there when the text is well-formed, whatever the DTD says of it. */
export interface ScriptDocument {
  file: string;
  text: string;
  root: XmlElement | undefined;
  positions: Positions;
  faults: Fault[];
}

/**
 * Reads a script: well-formedness and the DTD by libxml2, without network, external files or entities; every fault at
 * once, with line and column.
 *
 * @example
 * const { root, faults } = read('<script id="hello" version="1" xml:lang="en">...</script>', 'scripts/hello.xml');
 */
export function read(text: string, file: string): ScriptDocument {
  const positions = new Positions(text);
  const faults = new Faults(file, positions);
  let root: XmlElement | undefined;
  if (checkProlog(text, faults)) {
    withWellFormed(text, faults, (document) => {
      root = parseTree(text, faults);
      if (root !== undefined) validate(document, root, faults);
    });
  }
  return { file, text, root, positions, faults: faults.list() };
}
