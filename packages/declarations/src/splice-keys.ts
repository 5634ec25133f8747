import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { colonOf, cut, endOfLine, lastOf, lineEnd, startOf, startOfLine } from './yaml-places.js';

/**
 * The text with a key of a mapping renamed, in its place; nothing else is touched, but the blanks that keep values in one column. Pure.
 *
 * @throws Error where there is no such key, or one of the new name.
 * @example
 * renameKey('a:\n  b: 1 # one\n', ['a', 'b'], 'c'); // 'a:\n  c: 1 # one\n'
 */
export function renameKey(text: string, path: readonly string[], name: string): string {
  const { map, pair } = entryAt(text, path);
  if (pairOf(map, name) !== undefined) throw new Error(`there is '${name}' already`);
  const { range } = pair.key as { range?: [number, number, number] };
  const colon = colonOf(text, pair);
  if (!range || colon === undefined) throw new Error(`${path.join('.')} cannot be renamed in place`);
  const blanks = /^ */.exec(text.slice(colon + 1))?.[0].length ?? 0;
  const aligned = blanks > 1 || map.items.some((each) => isPadded(text, each));
  const difference = name.length - (range[1] - range[0]);
  const kept = aligned && blanks > 0 ? Math.max(1, blanks - difference) : blanks;
  return cut(text, range[0], colon + 1 + blanks, `${name}:${' '.repeat(kept)}`);
}

/**
 * The text with an entry of a mapping moved before another, or to the end; comments directly above it go with it. Pure.
 *
 * @throws Error where one of them is not there, or the mapping is written in a way in which nothing can be moved.
 */
export function moveKey(text: string, path: readonly string[], before: string | null): string {
  const { map, pair, document } = entryAt(text, path);
  const order = map.items.map((each) => String((each.key as { value?: unknown }).value));
  const name = path[path.length - 1] ?? '';
  const others = order.filter((each) => each !== name);
  const index = before === null ? others.length : others.indexOf(before);
  if (index < 0) throw new Error(`there is no '${before}'`);
  const wanted = [...others.slice(0, index), name, ...others.slice(index)];
  if (isDeepStrictEqual(order, wanted)) return text;
  const next = before === null ? undefined : pairOf(map, before);
  const moved = map.flow === true ? moveInFlow(text, map, pair, next) : moveLines(text, map, pair, next);
  const read = moved === undefined ? undefined : parseDocument(moved);
  const same = read !== undefined && isDeepStrictEqual(read.toJS(), document.toJS());
  if (moved === undefined || !same) throw new Error(`${path.join('.')} cannot be moved in place`);
  return moved;
}

function entryAt(text: string, path: readonly string[]): { document: Document; map: YAMLMap; pair: Pair } {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(fault.message);
  const inner = path.slice(0, -1);
  const map = inner.length === 0 ? document.contents : document.getIn(inner, true);
  const pair = isMap(map) ? pairOf(map, path[path.length - 1] ?? '') : undefined;
  if (!isMap(map) || pair === undefined) throw new Error(`there is no ${path.join('.')}`);
  return { document, map, pair };
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
}

function isPadded(text: string, pair: Pair): boolean {
  const colon = colonOf(text, pair);
  return (
    colon !== undefined && text.startsWith('  ', colon + 1) && !/^ *(#|\r?\n)/.test(text.slice(colon + 1, colon + 200))
  );
}

function moveLines(text: string, map: YAMLMap, pair: Pair, next: Pair | undefined): string | undefined {
  const own = linesOf(text, map, pair);
  const last = map.items[map.items.length - 1];
  const target = next === undefined ? (last && linesOf(text, map, last))?.to : linesOf(text, map, next)?.from;
  if (own === undefined || target === undefined) return undefined;
  const end = lineEnd(text);
  const body = text.slice(own.from, own.to);
  const lines = body.endsWith('\n') ? body : body + end;
  const base = target === text.length && !text.endsWith('\n') ? end : '';
  if (target >= own.to) return text.slice(0, own.from) + text.slice(own.to, target) + base + lines + text.slice(target);
  return text.slice(0, target) + lines + text.slice(target, own.from) + text.slice(own.to);
}

/** The whole lines of an entry, with the comments directly above it; those at the head of a file are the file's. */
function linesOf(text: string, map: YAMLMap, pair: Pair): { from: number; to: number } | undefined {
  const start = startOf(pair);
  if (start === undefined) return undefined;
  let from = startOfLine(text, start);
  const indent = text.slice(from, start);
  if (indent.trim() !== '') return undefined;
  const floor = indent === '' && map.items.indexOf(pair) === 0 ? from : 0;
  while (from > floor) {
    const above = startOfLine(text, from - 1);
    const line = text.slice(above, from);
    if (!line.startsWith(`${indent}#`)) break;
    from = above;
  }
  const at = endOfLine(text, lastOf(text, pair));
  return { from, to: Math.min(at + (text.startsWith('\r\n', at) ? 2 : 1), text.length) };
}

function moveInFlow(text: string, map: YAMLMap, pair: Pair, next: Pair | undefined): string | undefined {
  const spans = map.items.map((each) => {
    const from = startOf(each);
    return from === undefined ? undefined : { each, from, to: lastOf(text, each) };
  });
  const index = map.items.indexOf(pair);
  const target = next === undefined ? map.items.length : map.items.indexOf(next);
  const order = spans.filter((_, at) => at !== index);
  order.splice(target > index ? target - 1 : target, 0, spans[index]);
  // The places stay, with what stands between them; the entries change theirs.
  let moved = '';
  let at = 0;
  for (const [place, span] of spans.entries()) {
    const put = order[place];
    if (span === undefined || put === undefined) return undefined;
    moved += text.slice(at, span.from) + text.slice(put.from, put.to);
    at = span.to;
  }
  return moved + text.slice(at);
}
