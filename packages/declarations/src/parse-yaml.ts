import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type ParsedNode,
  Parser,
  type YAMLError,
} from 'yaml';
import type { Fault } from './fault.js';
import { LIMITS } from './limits.js';
import { lineColumn, lineStarts } from './position.js';
import type { Source } from './source.js';
import type { Mark, ScalarStyle, Tree } from './tree.js';

/** What is read of one file: a tree for each document, and everything wrong with the text itself. */
export interface ParsedYaml {
  documents: Tree[];
  faults: Fault[];
}

/** Declarations are read more than once where others build on them; neither a source nor its trees ever change. */
const parsed = new WeakMap<Source, ParsedYaml>();

/** Reads a YAML text within limits; reports every syntax error at once. A text with errors gives the trees that could be read. */
export function parseYaml(source: Source): ParsedYaml {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const read = parse(source);
  parsed.set(source, read);
  return read;
}

function parse(source: Source): ParsedYaml {
  const reading = new Reading(source);
  if (source.text.length > LIMITS.fileSize) {
    reading.report(
      0,
      'YAML_LIMIT',
      `the file has more than ${LIMITS.fileSize} characters`,
      'split it into several files',
    );
    return { documents: [], faults: reading.faults };
  }
  const { tokens, tooDeep } = tokenize(source.text);
  if (tooDeep !== undefined) {
    reading.report(tooDeep, 'YAML_LIMIT', `nested deeper than ${LIMITS.depth} levels`, 'write it flatter');
    return { documents: [], faults: reading.faults };
  }
  const documents: Tree[] = [];
  for (const document of new Composer({ prettyErrors: false, merge: false }).compose(
    tokens,
    true,
    source.text.length,
  )) {
    for (const error of document.errors) reading.syntax(error, 'error');
    for (const warning of document.warnings) reading.syntax(warning, 'warning');
    const tree = reading.document(document as Document.Parsed<ParsedNode>);
    if (tree !== undefined) documents.push(tree);
  }
  return { documents, faults: reading.faults };
}

/** The tokens of a text, or where it goes too deep: the composer recurses, and the rest of such a text is not worth reading. */
function tokenize(text: string): { tokens: CST.Token[]; tooDeep?: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The document itself and the scalar being read stand on the stack too.
    if (parser.stack.length > LIMITS.depth + 2) return { tokens: [], tooDeep: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens };
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

const REMEDIES: Readonly<Record<string, string>> = {
  BAD_INDENT: 'indent it like its neighbours, with spaces',
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of them',
  MISSING_CHAR: 'complete it',
  BLOCK_AS_IMPLICIT_KEY: 'put a text that holds ": " in quotes',
  BAD_SCALAR_START: 'put the text in quotes',
  BAD_ALIAS: 'name an anchor (&name) that stands before it',
};

class Stop extends Error {}

/** One pass over one text. */
class Reading {
  readonly faults: Fault[] = [];
  private readonly starts: number[];
  private anchors = new Map<string, ParsedNode>();
  private nodes = 0;

  constructor(private readonly source: Source) {
    this.starts = lineStarts(source.text);
  }

  report(offset: number, code: string, message: string, remedy: string, severity: Fault['severity'] = 'error'): void {
    const within = Math.min(Math.max(offset, 0), this.source.text.length);
    const place = lineColumn(this.starts, within);
    this.faults.push({ file: this.source.path, ...place, code, message, remedy, severity });
  }

  syntax(error: YAMLError, severity: Fault['severity']): void {
    // `a: ${B}` within { } is read as a mapping that begins behind the dollar.
    const brace = error.code === 'UNEXPECTED_TOKEN' && error.message.includes('flow-map-start');
    const remedy = brace ? 'put a text that holds { in quotes' : (REMEDIES[error.code] ?? 'correct the YAML');
    this.report(error.pos[0], 'YAML_SYNTAX', error.message.replace(/\s+/g, ' '), remedy, severity);
  }

  /** The tree of a document; nothing for an empty one or one that exceeds the limits. */
  document(document: Document.Parsed<ParsedNode>): Tree | undefined {
    this.anchors = new Map();
    const node = document.contents;
    if (node === null || (isScalar(node) && node.value === null && node.source === '')) return undefined;
    try {
      return this.tree(node, 0, undefined);
    } catch (error) {
      if (error instanceof Stop) return undefined;
      throw error;
    }
  }

  /** `used` is where an alias stands that led here: positions then point at the alias. */
  private tree(node: ParsedNode | null, depth: number, used: Mark | undefined, fallback?: Mark): Tree {
    const mark = used ?? this.mark(node, fallback);
    this.nodes += 1;
    if (this.nodes > LIMITS.nodes) this.stop(mark, `holds more than ${LIMITS.nodes} values, aliases counted`);
    if (depth > LIMITS.depth) this.stop(mark, `nested deeper than ${LIMITS.depth} levels, aliases followed`);
    if (node === null) return { kind: 'scalar', mark, value: null, style: 'plain' };
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined) return { kind: 'scalar', mark, value: null, style: 'plain' };
      return this.tree(target, depth + 1, mark);
    }
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (isMap(node)) return this.map(node.items as Pairs, mark, depth, used);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.tree(item as ParsedNode | null, depth + 1, used, mark));
      return { kind: 'list', mark, items };
    }
    const style = used === undefined ? (STYLES[node.type ?? ''] ?? 'plain') : 'plain';
    return { kind: 'scalar', mark, value: node.value, style };
  }

  private map(pairs: Pairs, mark: Mark, depth: number, used: Mark | undefined): Tree {
    const entries: Extract<Tree, { kind: 'map' }>['entries'] = new Map();
    for (const { key, value } of pairs) {
      const at = used ?? this.mark(key, mark);
      if (!isScalar(key) || typeof key.value === 'object') {
        if (key !== null)
          this.report(at.start, 'YAML_KEY', 'a key must be a word or a number', 'write the key as plain text');
        continue;
      }
      // Written as in the text: `0x10:` and `1.0:` keep their spelling.
      const name =
        key.type === 'PLAIN' || key.type === undefined ? (key.source ?? String(key.value)) : String(key.value);
      if (name === '__proto__') {
        this.report(at.start, 'YAML_KEY', "'__proto__' cannot be a key", 'choose another name');
        continue;
      }
      entries.set(name, { mark: at, value: this.tree(value, depth + 1, used, at) });
    }
    return { kind: 'map', mark, entries };
  }

  private mark(node: ParsedNode | null, fallback?: Mark): Mark {
    const empty = isScalar(node) && node.value === null && node.source === '';
    if (node?.range == null || empty) return fallback ?? { source: this.source, start: 0, end: 0 };
    return { source: this.source, start: node.range[0], end: node.range[1] };
  }

  private stop(mark: Mark, message: string): never {
    this.report(mark.start, 'YAML_LIMIT', message, 'write it smaller, or split the file');
    throw new Stop();
  }
}

type Pairs = { key: ParsedNode | null; value: ParsedNode | null }[];
