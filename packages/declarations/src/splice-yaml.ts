import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { spliceList } from './splice-list.js';
import { colonOf, cut, endOfLine, lastOf, lineEnd, startOf, startOfLine, valueColumn } from './yaml-places.js';

/** Columns of a line that we write; longer values take a line for each of their keys. */
const WIDTH = 110;

/**
 * The text with the value at a path set, or taken out where it is `undefined`. Only what has to change is touched: comments, order and
 * the hand's own spacing stay. Pure.
 *
 * @throws Error where the text is no YAML, or says the value through an alias.
 * @example
 * spliceYaml('a: 1 # one\n', ['b', 'c'], 2); // 'a: 1 # one\nb: { c: 2 }\n'
 */
export function spliceYaml(text: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(fault.message);
  const wanted = withValue(document.toJS() ?? {}, path, value);
  const spliced = splice(text, document, path, value);
  if (spliced !== undefined && says(spliced, wanted)) return spliced;
  // Written in a way the splice does not know (complex keys, tags): the library writes the file anew, with its comments.
  const rewritten = rewrite(document, path, value);
  if (!says(rewritten, wanted)) throw new Error(`what stands at ${path.join('.')} cannot be changed in place`);
  return rewritten;
}

function rewrite(document: Document, path: readonly string[], value: unknown): string {
  // A text or list on the way makes room for a mapping.
  const room = path.findIndex((_, depth) => depth > 0 && !isMap(document.getIn(path.slice(0, depth), true)));
  if (value === undefined) document.deleteIn(path);
  else if (room === -1) document.setIn(path, document.createNode(value));
  else document.setIn(path.slice(0, room), document.createNode(wrap(path.slice(room), value)));
  return document.toString({ lineWidth: 0 });
}

function says(text: string, wanted: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS() ?? {}, wanted);
}

function withValue(root: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const fields = isMapping(root) ? root : {};
  if (value === undefined && !(step in fields && (rest.length === 0 || isMapping(fields[step])))) return root;
  const inner = withValue(fields[step], rest, value);
  const { [step]: _, ...others } = fields;
  if (inner === undefined) return others;
  return { ...fields, [step]: inner };
}

/** Undefined where the place is written in a way that is not known here. */
function splice(text: string, document: Document, path: readonly string[], value: unknown): string | undefined {
  let node: unknown = document.contents;
  let holder: Pair | undefined;
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth + 1);
    if (!isMap(node)) {
      if (value === undefined) return text;
      const nested = wrap(path.slice(depth), value);
      if (holder !== undefined) return replaceValue(text, holder, nested);
      return node === null ? `${withLineEnd(text)}${block(nested, '', lineEnd(text))}` : undefined;
    }
    const pair: Pair | undefined = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    if (pair === undefined) return value === undefined ? text : insert(text, node, step, wrap(rest, value));
    if (rest.length === 0)
      return value === undefined ? remove(text, node, pair, holder) : replaceValue(text, pair, value);
    holder = pair;
    node = pair.value;
  }
  return undefined;
}

function wrap(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
}

function replaceValue(text: string, pair: Pair, value: unknown): string | undefined {
  const colon = colonOf(text, pair);
  if (colon === undefined) return undefined;
  const node = pair.value;
  const written = isScalar(node) ? likeBefore(node, value) : flow(value);
  const nothing = isScalar(node) && node.source === '' && node.type === 'PLAIN';
  if (nothing || (!isCollection(node) && !isScalar(node))) return cut(text, colon + 1, colon + 1, ` ${written}`);
  if (!node.range || node.anchor !== undefined) return undefined;
  if (isSeq(node) && Array.isArray(value)) {
    const spliced = spliceList(text, node, value, flow, replaceValue);
    if (spliced !== undefined) return spliced;
  }
  const [start] = node.range;
  const inline = isScalar(node) ? !['BLOCK_FOLDED', 'BLOCK_LITERAL'].includes(node.type ?? '') : node.flow === true;
  if (inline) return cut(text, start, node.range[1], start === colon + 1 ? ` ${written}` : written);
  // A block of lines becomes one; a comment behind the key stays.
  const line = text.slice(colon + 1, endOfLine(text, colon));
  const comment = /\s#.*$/.exec(line)?.[0] ?? '';
  return cut(text, colon + 1, endOfLine(text, lastOf(text, pair)), ` ${written}${comment}`);
}

/** A text in quotes stays in such quotes. */
function likeBefore({ type }: Scalar, value: unknown): string {
  if (typeof value === 'string' && !/[\n\r]/.test(value)) {
    if (type === 'QUOTE_DOUBLE') return JSON.stringify(value);
    if (type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`;
  }
  return flow(value);
}

function insert(text: string, map: YAMLMap, key: string, value: unknown): string | undefined {
  const last = map.items[map.items.length - 1];
  if (!map.range) return undefined;
  const name = flow(key);
  if (map.flow === true || last === undefined) {
    if (last === undefined) return cut(text, map.range[0], map.range[1], `{ ${name}: ${flow(value)} }`);
    const end = lastOf(text, last);
    return cut(text, end, end, `, ${name}: ${flow(value)}`);
  }
  const first = startOf(map.items[0]);
  if (first === undefined) return undefined;
  const indent = text.slice(startOfLine(text, first), first);
  if (!/^ *$/.test(indent)) return undefined;
  const end = lineEnd(text);
  const at = endOfLine(text, lastOf(text, last));
  const before = at === text.length && !text.endsWith('\n') ? end : '';
  const from = Math.min(at + (text.startsWith('\r\n', at) ? 2 : 1), text.length);
  return cut(text, from, from, before + block({ [key]: value }, indent, end, valueColumn(text, map)));
}

function remove(text: string, map: YAMLMap, pair: Pair, holder: Pair | undefined): string | undefined {
  const index = map.items.indexOf(pair);
  const start = startOf(pair);
  if (start === undefined) return undefined;
  if (map.items.length === 1) {
    if (holder !== undefined) return replaceValue(text, holder, {});
    return cut(
      text,
      map.flow === true ? (map.range?.[0] ?? start) : start,
      map.flow === true ? (map.range?.[1] ?? start) : lastOf(text, pair),
      '{}',
    );
  }
  if (map.flow === true) {
    const before = map.items[index - 1];
    const next = startOf(map.items[index + 1]);
    if (before !== undefined) return cut(text, lastOf(text, before), lastOf(text, pair), '');
    return next === undefined ? undefined : cut(text, start, next, '');
  }
  const from = startOfLine(text, start);
  if (text.slice(from, start).trim() !== '') return undefined;
  const end = endOfLine(text, lastOf(text, pair));
  return cut(text, from, Math.min(end + (text.startsWith('\r\n', end) ? 2 : 1), text.length), '');
}

/** On one line, as within `{ }`. */
function flow(value: unknown): string {
  return render(value, true).trimEnd();
}

/** A mapping as lines of its own; values that fit stand behind their keys, from a column where one is given. */
function block(value: unknown, indent: string, end: string, column = 0): string {
  const lines = Object.entries(value as object).flatMap(([key, each]) => {
    const line = `${`${indent}${flow(key)}: `.padEnd(column)}${flow(each)}`;
    const nested = isFilled(each) && (indent === '' || line.length > WIDTH);
    return nested ? [`${indent}${flow(key)}:`, block(each, `${indent}  `, end).trimEnd()] : [line];
  });
  return lines.join(end) + end;
}

function isFilled(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length > 0;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function render(value: unknown, inFlow: boolean): string {
  // Within a list, so that texts with commas, colons or brackets are quoted as they must be inside of `{ }`.
  const document = parseDocument('[]');
  const list = document.createNode([value], { flow: inFlow });
  document.contents = list as typeof document.contents;
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: true,
    doubleQuotedMinMultiLineLength: 100_000,
  });
  return text
    .trim()
    .replace(/^\[\s?/, '')
    .replace(/\s?\]$/, '');
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : text + lineEnd(text);
}
